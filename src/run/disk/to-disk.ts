import { mkdir } from 'node:fs/promises';
import { join, posix } from 'node:path';
import {
  type ArchivedImage,
  cacheRegistries,
  openCache,
  type WrittenArchive,
  writeArchive,
} from '../../archive/index.ts';
import { gibibyte, writeAtomically } from '../../base/index.ts';
import { renderCatalog } from '../../catalog/index.ts';
import {
  type CollectedCatalog,
  type Collection,
  type PinnedPlacement,
  type Placement,
  parseImageSpec,
} from '../../imageset/index.ts';
import { formatUtc } from '../../log.ts';
import { hexOf, parseReference } from '../../oci/index.ts';
import type { DiskSide } from '../connect/index.ts';
import type { MappingEntry, MirrorRequest, Settings, ToDisk } from '../types.ts';

/** GiB of a file of an archive, unless the configuration says otherwise. @see oc-mirror v2, `archiveSize` */
const defaultArchiveSize = 500;

/** Lets a cache be the target of a run. */
export function cacheAsTarget(directory: string): DiskSide {
  return { side: 'target', targets: cacheRegistries(openCache(directory)) };
}

/**
 * Gives the placements that stand for one in a cache: a catalog lies there as it is upstream, and filtered under the name of
 * its filter. The others have their own places.
 * @see oc-mirror v2, destination naming
 */
export function placesInCache(placement: Placement): readonly Placement[] {
  const { staging, ...rest } = placement;
  if (!staging) return [placement];
  const { place, source, repository, rebuiltTag: tag } = staging;
  const original = { ...rest, source, target: place };
  if (tag === undefined) return [original];
  return [
    { ...original, staging },
    { ...rest, target: { repository, tag } },
  ];
}

async function writeFileIn(directory: string, name: string, text: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  await writeAtomically(join(directory, name), text, { durability: 'cached', mode: 0o644 });
}

/** A filtered catalog of a run, with what it was made of. */
interface Filtered {
  readonly catalog: CollectedCatalog;
  /** Path of the catalog's image. */
  readonly name: string;
  /** The digest of the filter. */
  readonly tag: string;
  readonly image: PinnedPlacement;
}

/** Writes a filtered catalog as oc-mirror looks for it: it asks the source for any other. */
async function shareFiltered({ catalog, name, tag, image }: Filtered, root: string): Promise<void> {
  const directory = join(
    root,
    posix.basename(name),
    hexOf(catalog.digest),
    'filtered-catalogs',
    tag,
  );
  for await (const one of renderCatalog(catalog.reader, catalog.filtered)) {
    // The name of a package was a directory's name in the image that was made.
    await writeFileIn(
      join(directory, 'catalog-config', one.name),
      'catalog.json',
      `${one.texts.join('\n')}\n`,
    );
  }
  await writeFileIn(directory, 'digest', hexOf(image.content.digest));
}

function filteredOf(
  { catalogs = [], imageSet, placements }: Collection,
  pinned: readonly PinnedPlacement[],
): readonly Filtered[] {
  return placements.flatMap((placement) => {
    const { staging, causes } = placement;
    const tag = staging?.rebuiltTag;
    if (!staging || tag === undefined) return [];
    const image = pinned.find(
      ({ target }) => target.repository === staging.repository && target.tag === tag,
    );
    const catalog = catalogs.find(({ entry }) =>
      causes.some(({ path }) => path === `mirror.operators[${entry}]`),
    );
    const name = imageSet.mirror.operators?.[catalog?.entry ?? -1]?.catalog ?? '';
    return image && catalog ? [{ catalog, tag, image, name: parseImageSpec(name).path }] : [];
  });
}

function imagesOf(pinned: readonly PinnedPlacement[]): readonly ArchivedImage[] {
  return pinned.map(({ target, content, platforms }) => ({
    ...target,
    digest: content.digest,
    platforms,
  }));
}

/** Gives the smallest size that a file asks for: no chunk may be larger than any of them allows. */
function chunkBytes(collections: readonly Collection[]): number {
  const sizes = collections.map(({ imageSet }) => imageSet.archiveSize || defaultArchiveSize);
  return Math.min(...sizes, defaultArchiveSize) * gibibyte;
}

/** Gives the lines of a mapping of which the cache does not have the image as a whole. */
export async function findUncached(
  mapping: readonly MappingEntry[],
  { cache }: ToDisk,
): Promise<readonly MappingEntry[]> {
  const { repository } = openCache(cache);
  const missing: MappingEntry[] = [];
  for (const entry of mapping) {
    const place = parseReference(entry.destination);
    const { manifests } = repository(place.registry, place.repository);
    if (!(await manifests.resolve(place.tag ?? ''))) missing.push(entry);
  }
  return missing;
}

/** The images that a run brought into the cache. */
export interface CachedImages {
  readonly collections: readonly Collection[];
  readonly pinned: readonly PinnedPlacement[];
}

/**
 * Archives what a run brought into the cache.
 * @throws ContentError `ARCHIVE_INCOMPLETE`, `ARCHIVE_SIZE`, StorageError
 */
export async function archiveImages(
  { collections, pinned }: CachedImages,
  { toDisk, files }: { readonly toDisk: ToDisk; readonly files: MirrorRequest['files'] },
  { workspace, clock }: Settings,
): Promise<WrittenArchive> {
  const catalogs = collections.flatMap((collection) => filteredOf(collection, pinned));
  for (const one of catalogs) await shareFiltered(one, join(workspace, 'operator-catalogs'));
  const { cache, directory, naming, stream, since, large, most } = toDisk;
  return await writeArchive({
    cache: openCache(cache),
    images: imagesOf(pinned),
    directory,
    naming,
    stream,
    since,
    workingDirectory: workspace,
    configuration: files.map(({ text }) => text).join('\n---\n'),
    rules: { most: Math.min(chunkBytes(collections), most ?? Number.POSITIVE_INFINITY), large },
    stamp: formatUtc(clock.now()),
  });
}
