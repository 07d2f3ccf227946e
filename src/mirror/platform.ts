import { ContentError } from '../errors.ts';
import { type Descriptor, type ImageIndex, type Platform, successors } from '../oci/index.ts';

function isOne({ platform }: Descriptor, wanted: Platform): boolean {
  return platform?.os === wanted.os && platform.architecture === wanted.architecture;
}

/**
 * Gives the children of an index that are wanted: all, or those of the platforms, whatever their variant.
 * @throws ContentError `MANIFEST_INVALID` when a platform has no child.
 * @see oc-mirror v2, `platforms`
 */
export function selectChildren(
  index: ImageIndex,
  platforms: readonly Platform[] = [],
): readonly Descriptor[] {
  if (platforms.length === 0) return successors(index).children;
  for (const wanted of platforms) {
    if (index.manifests.some((child) => isOne(child, wanted))) continue;
    const { os, architecture } = wanted;
    throw new ContentError(
      'MANIFEST_INVALID',
      `no instances found for platform ${os}/${architecture}`,
      { hint: `Remove ${os}/${architecture} from the platforms of this image.` },
    );
  }
  return index.manifests.filter((child) => platforms.some((wanted) => isOne(child, wanted)));
}
