import type { CachedNames } from '../archive/index.ts';
import {
  additionalPlace,
  type ImageSet,
  parseCatalogReference,
  parseImageSpec,
  pullSource,
  releasePlace,
  type TargetPlace,
} from '../imageset/index.ts';

type Named = readonly [string, TargetPlace];

/** Gives the name by which a tag is pulled, and its place in the cache; an image by digest needs none. */
function named(image: string, placeOf: () => TargetPlace): readonly Named[] {
  try {
    const spec = parseImageSpec(image);
    const { registry, repository, tag, digest } = pullSource(spec);
    if (tag === undefined || digest !== undefined) return [];
    return [[`${registry}/${repository}:${tag}`, placeOf()]];
  } catch {
    // The collector says what is wrong with the entry.
    return [];
  }
}

function namesOfOne({ mirror }: ImageSet): readonly Named[] {
  const { operators = [], additionalImages = [], platform } = mirror;
  const release = platform?.release;
  return [
    ...operators.flatMap((entry) =>
      named(entry.catalog, () => {
        const { repository, tag = '' } = parseCatalogReference(entry);
        return { repository, tag };
      }),
    ),
    ...additionalImages.flatMap((image) =>
      named(image.name, () => additionalPlace('', image, parseImageSpec(image.name))),
    ),
    ...(release === undefined
      ? []
      : named(release, () => releasePlace('', parseImageSpec(release).tag))),
  ];
}

/** Says where a cache keeps what image sets name by tag. @see oc-mirror v2, destination naming */
export function cachedNames(imageSets: readonly ImageSet[]): CachedNames {
  return new Map(imageSets.flatMap(namesOfOne));
}
