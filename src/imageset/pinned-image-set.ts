import { type Digest, splitName } from '../oci/index.ts';
import type { ReleaseChannel } from '../release/index.ts';
import type { AdditionalImage, ImageSet, OperatorCatalog } from './config.ts';
import { formatImageSet } from './write.ts';

/** The present digests and versions behind the names of an image set. */
export interface Pins {
  /** Digests of images and catalogs, by the reference as the image set has it. */
  readonly digests: ReadonlyMap<string, Digest>;
  /** First and last release that a channel gave; absent where it gave none. */
  releases(
    channel: ReleaseChannel,
  ): { readonly minVersion: string; readonly maxVersion: string } | undefined;
}

/**
 * Adds the digest behind the tag: oc-mirror then pulls by digest and still names the target by the tag. It cannot do
 * so for a name without a host.
 */
function pinImage(image: AdditionalImage, pins: Pins): AdditionalImage {
  const digest = pins.digests.get(image.name);
  const pinned = image.name.includes('@') || !image.name.replace('docker://', '').includes('/');
  return digest === undefined || pinned ? image : { ...image, name: `${image.name}@${digest}` };
}

/** Replaces the tag by the digest and keeps it as the target's tag, as oc-mirror pins catalogs. */
function pinCatalog(catalog: OperatorCatalog, pins: Pins): OperatorCatalog {
  const digest = pins.digests.get(catalog.catalog);
  if (digest === undefined || /@|^oci:/.test(catalog.catalog)) return catalog;
  const { name, tag = '' } = splitName(catalog.catalog);
  return {
    ...catalog,
    catalog: `${name.replace(/^docker:\/\//, '')}@${digest}`,
    targetTag: catalog.targetTag ?? tag,
  };
}

/**
 * Writes an image set in which everything that can move is fixed, so that oc-mirror mirrors the same from it later.
 *
 * Release channels get the bounds that they resolved to, images the digest behind their tag, catalogs their digest.
 * @see oc-mirror v2, §1.6
 */
export function pinImageSet(imageSet: ImageSet, pins: Pins): string {
  const { platform, additionalImages, operators, ...rest } = imageSet.mirror;
  const channels = platform?.channels?.map((channel) => ({
    ...channel,
    ...pins.releases(channel),
  }));
  const spec = {
    ...rest,
    ...(platform && { platform: { ...platform, ...(channels && { channels }) } }),
    ...(operators && { operators: operators.map((catalog) => pinCatalog(catalog, pins)) }),
    ...(additionalImages && {
      additionalImages: additionalImages.map((image) => pinImage(image, pins)),
    }),
  };
  return formatImageSet(imageSet.kind, spec, imageSet.archiveSize);
}
