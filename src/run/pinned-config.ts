import { compare } from 'semver';
import {
  type Collection,
  type ImageSet,
  type PinnedPlacement,
  pinImageSet,
} from '../imageset/index.ts';
import type { Digest } from '../oci/index.ts';
import type { ReleaseChannel } from '../release/index.ts';

/** First and last of the releases that a channel gave. */
function boundsOf({ releases }: Collection, { name }: ReleaseChannel) {
  const versions = releases
    .filter(({ channel }) => channel === name)
    .map(({ version }) => version)
    .sort(compare);
  const [minVersion, maxVersion] = [versions[0], versions.at(-1)];
  return minVersion === undefined || maxVersion === undefined
    ? undefined
    : { minVersion, maxVersion };
}

/** Writes an image set, or the deletion of it, with everything fixed to what was found now. */
export function formatPinned(
  collection: Collection,
  pinned: readonly PinnedPlacement[],
  kind: ImageSet['kind'] = 'ImageSetConfiguration',
): string {
  const { operators = [] } = collection.imageSet.mirror;
  const catalogs = (collection.catalogs ?? []).flatMap(({ entry, digest }) => {
    const name = operators[entry]?.catalog;
    return name === undefined ? [] : [[name, digest] as const];
  });
  const images = pinned
    .filter((one) => one.kind === 'generic')
    .map(({ origin, content }) => [origin, content.digest] as const);
  const digests = new Map<string, Digest>([...images, ...catalogs]);
  return pinImageSet(
    { ...collection.imageSet, kind },
    { digests, releases: (channel) => boundsOf(collection, channel) },
  );
}
