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

/** Gives the places of a cache in which placements lie whose source has a tag and no digest, as parts of some payloads do. */
export function placementNames(placements: readonly Placement[], prefix: string): CachedNames {
  const beginning = prefix === '' ? '' : `${prefix}/`;
  return new Map(
    placements.flatMap(({ source, target: { repository, tag } }) =>
      source.tag === undefined || source.digest !== undefined || !repository.startsWith(beginning)
        ? []
        : [
            [
              `${source.registry}/${source.repository}:${source.tag}`,
              { repository: repository.slice(beginning.length), tag },
            ] as const,
          ],
    ),
  );
}

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
 * A release of which the archive has several is left out, because the tag does not tell which one it meant.
 */
export async function unverifiedNames(
  imageSets: readonly ImageSet[],
  cache: Cache,
  workspace: string,
): Promise<CachedNames> {
  const names = new Map<string, TargetPlace>();
  for (const { mirror } of imageSets) {
    const release = mirror.platform?.release ?? '';
    for (const [name, place] of named(release, () =>
      releasePlace('', parseImageSpec(release).tag),
    )) {
      if (await cache.links(place.repository).tag(place.tag)) continue;
      const tag = await unverifiedTag(
        posix.basename(parseImageSpec(release).path),
        cache,
        workspace,
      );
      if (tag !== '') names.set(name, { ...place, tag });
    }
  }
  return names;
}
