import { messageOf } from '../../errors.ts';
import type { BundleContent } from './content.ts';
import type { FilteredBundle, RelatedImage } from './result.ts';

/** Reads an image's name as configurations are read; throws where that fails, in oc-mirror's words. */
export type ImageParser = (image: string) => unknown;

/** The images of a bundle, or why they cannot be told. */
export type RelatedImages =
  | Pick<FilteredBundle, 'images' | 'unlistedImage'>
  | { readonly error: string };

function faultOf(image: string, parse: ImageParser): string | undefined {
  if (image.includes('oci://')) {
    return `invalid image: ${image} 'oci' is not supported in operator catalogs`;
  }
  try {
    parse(image);
    return undefined;
  } catch (cause) {
    return `error parsing image ${image}: ${messageOf(cause)}`;
  }
}

/**
 * Lists the images that a bundle names as related; its own image only if it is among them.
 *
 * The first that cannot be read spoils the bundle.
 * @see spec 5.5
 */
export function relatedImagesOf(bundle: BundleContent, parse: ImageParser): RelatedImages {
  const images: RelatedImage[] = [];
  for (const { name, image } of bundle.relatedImages) {
    const error = faultOf(image, parse);
    if (error !== undefined) return { error };
    const type = image === bundle.image ? 'operatorBundle' : 'operatorRelatedImage';
    images.push({ name, image, type });
  }
  const isListed = bundle.image === '' || images.some(({ image }) => image === bundle.image);
  return { images, ...(!isListed && { unlistedImage: bundle.image }) };
}
