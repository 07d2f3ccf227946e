import { readdir } from 'node:fs/promises';
import { join, posix } from 'node:path';
import type { Cache, CachedNames } from '../../archive/index.ts';
import {
  additionalPlace,
  type ImageSet,
  type Placement,
  parseCatalogReference,
  parseImageSpec,
  pullSource,
  releasePlace,
  type TargetPlace,
} from '../../imageset/index.ts';
import { formatReference, splitName } from '../../oci/index.ts';

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

/** Gives the name and the place of a release that an image set names by its payload. */
function releaseNames({ mirror }: ImageSet): readonly Named[] {
  const release = mirror.platform?.release;
  if (release === undefined) return [];
  return named(release, () => releasePlace('', parseImageSpec(release).tag));
}

function namesOfOne(imageSet: ImageSet): readonly Named[] {
  const { operators = [], additionalImages = [] } = imageSet.mirror;
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
    ...releaseNames(imageSet),
  ];
}

/** Says where a cache keeps what image sets name by tag. @see oc-mirror v2, destination naming */
export function cachedNames(imageSets: readonly ImageSet[]): CachedNames {
  return new Map(imageSets.flatMap(namesOfOne));
}

/** Says where a cache keeps placements whose source has a tag and no digest, as parts of some payloads do. */
export function placementNames(placements: readonly Placement[], prefix: string): CachedNames {
  const beginning = prefix === '' ? '' : `${prefix}/`;
  return new Map(
    placements.flatMap(({ source, target }): readonly Named[] => {
      const isNamed = source.tag !== undefined && source.digest === undefined;
      if (!isNamed || !target.repository.startsWith(beginning)) return [];
      const repository = target.repository.slice(beginning.length);
      const { tag } = target;
      return [[formatReference(source), { repository, tag }]];
    }),
  );
}

/** Gives the tag of a release in a cache, by the payloads of its name in the workspace; empty where it is not clear. */
async function unverifiedTag(name: string, cache: Cache, workspace: string): Promise<string> {
  const directory = join(workspace, 'hold-release', `${name}@sha256`);
  const saved = await readdir(directory).catch(() => []);
  const tags = (await cache.links(releasePlace('', '').repository).tags()) ?? [];
  const [only = '', ...others] = saved.filter((digest) => tags.includes(digest));
  return others.length === 0 ? only : '';
}

/**
 * Says where a cache keeps releases that image sets name by tag and that were not verified: their tag is their digest.
 *
 * A release is left out where the archive has several of its name: the tag does not tell which of them it meant.
 */
export async function unverifiedNames(
  imageSets: readonly ImageSet[],
  cache: Cache,
  workspace: string,
): Promise<CachedNames> {
  const names = new Map<string, TargetPlace>();
  for (const [name, place] of imageSets.flatMap(releaseNames)) {
    if (await cache.links(place.repository).tag(place.tag)) continue;
    const tag = await unverifiedTag(splitName(posix.basename(name)).name, cache, workspace);
    if (tag !== '') names.set(name, { ...place, tag });
  }
  return names;
}
