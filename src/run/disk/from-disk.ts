import {
  type Cache,
  cachedFirst,
  cachedSources,
  type LoadedArchive,
  loadArchives,
  openCache,
  sayArchive,
} from '../../archive/index.ts';
import { listNames, mapParallel } from '../../base/index.ts';
import { ContentError } from '../../errors.ts';
import {
  type ImageSet,
  type Placement,
  placeKey,
  workspaceRegistry,
} from '../../imageset/index.ts';
import { isLost, walk } from '../../mirror/index.ts';
import { type Digest, successors } from '../../oci/index.ts';
import { isBring, type Plan, parsePlatform } from '../../plan/index.ts';
import type { DiskSide } from '../connect/index.ts';
import type { PlannedWork } from '../perform.ts';
import type { Session } from '../session.ts';
import type { FromDisk, Listener, Settings } from '../types.ts';
import { cachedNames, placementNames, unverifiedNames } from './disk-names.ts';

/** An archive that lies in the cache, and the side of a session that reads it. */
export interface OpenedArchive {
  readonly loaded: LoadedArchive;
  readonly cache: Cache;
  readonly disk: DiskSide;
  /** Makes the places of content known that was collected from the archive. */
  readonly learn: (placements: readonly Placement[], prefix: string) => void;
}

/**
 * Loads an archive into the cache and the workspace; nothing is mirrored yet.
 * @throws ContentError when it is missing, damaged or incomplete; StorageError
 */
export async function openArchive(
  { cache: directory, directory: from }: FromDisk,
  { settings, imageSets }: { readonly settings: Settings; readonly imageSets: readonly ImageSet[] },
  listener: Listener,
): Promise<OpenedArchive> {
  const cache = openCache(directory);
  const loaded = await loadArchives({
    directory: from,
    cache,
    workingDirectory: settings.workspace,
    onChunk: ({ path }, index, total) => listener({ type: 'loading', path, index, total }),
  });
  const names = new Map([
    ...cachedNames(imageSets),
    ...(await unverifiedNames(imageSets, cache, settings.workspace)),
  ]);
  const sources = cachedSources(cache, { names, where: 'the archive' });
  const learn: OpenedArchive['learn'] = (placements, prefix) => {
    for (const [name, place] of placementNames(placements, prefix)) {
      if (!names.has(name)) names.set(name, place);
    }
  };
  return { loaded, cache, disk: { side: 'source', sources }, learn };
}

/** Lets the cache answer for the sources of an image set; the sources are asked for everything that it lacks. */
export function knownFromCache(directory: string, imageSet: ImageSet): DiskSide {
  const names = cachedNames([imageSet]);
  const sources = cachedSources(openCache(directory), { names, where: 'the cache' });
  return { side: 'before-source', join: (upstream) => cachedFirst(sources, upstream) };
}

/** A part of an image that neither the cache nor the target has. */
interface LostPart {
  /** Its digest; its tag where the digest is not known. */
  readonly part: Digest | string;
  readonly image: string;
}

/** Makes the error of an archive that lacks parts of what is to be mirrored. */
function incompleteArchive(
  lost: readonly LostPart[],
  { name, paths }: LoadedArchive,
): ContentError {
  const parts = lost.map(({ part, image }) => `${part} of ${image}`);
  const own = name ? ` (${sayArchive(name)})` : '';
  const builds = name && name.base > 0 ? `, which builds on generation ${name.base},` : '';
  const message = `The archive ${paths[0] ?? ''}${own}${builds} lacks ${listNames(parts, 3)}; neither the cache nor the target has them.`;
  const first =
    name && name.base > 0
      ? `Load generation ${name.base} of "${name.stream}" first`
      : 'Load the archives before this one first';
  return new ContentError('ARCHIVE_INCOMPLETE', message, {
    hint: `${first}, load with the configuration that was archived, or write a whole archive: remove working-dir/.history where it is written. Nothing was mirrored.`,
  });
}

/** Finds the parts of one image that neither the cache nor the target has. */
async function findLost(
  change: Plan['changes'][number],
  cache: Cache,
  { endpoints }: Session,
): Promise<readonly LostPart[]> {
  const { repository, digest, platforms } = change;
  const target = endpoints.target.repository(endpoints.registry, repository);
  const image = placeKey(change);
  const nodes = await walk(digest, {
    read: (one) => cache.files.manifest(one),
    platforms: platforms?.map(parsePlatform),
  });
  const lost: LostPart[] = [];
  for (const node of nodes) {
    // The copy reads manifests from the archive alone.
    if (isLost(node)) lost.push({ part: node.digest, image });
    for (const blob of node.manifest ? successors(node.manifest).blobs : []) {
      if ((await cache.files.size(blob.digest)) === blob.size) continue;
      if (!(await target.blobs.exists(blob.digest))) lost.push({ part: blob.digest, image });
    }
  }
  return lost;
}

/**
 * Looks whether everything that a plan moves is there, before the first of it moves.
 * @throws ContentError `ARCHIVE_INCOMPLETE`, naming the archive that has to be loaded before
 */
export async function checkArchive(
  { plan, pinned }: Pick<PlannedWork, 'plan' | 'pinned'>,
  { cache, loaded }: OpenedArchive,
  session: Session,
): Promise<void> {
  const unnamed = pinned.failures.map(({ placement: { source, target } }) => ({
    part: source.digest ?? `the image ${source.repository}:${source.tag ?? ''}`,
    image: placeKey(target),
  }));
  if (unnamed.length > 0) throw incompleteArchive(unnamed, loaded);
  const moves = plan.changes.filter(isBring);
  const lost = await mapParallel(moves, session.endpoints.parallel, async (change) =>
    change.source.startsWith(`${workspaceRegistry}/`) ? [] : await findLost(change, cache, session),
  );
  if (lost.flat().length > 0) throw incompleteArchive(lost.flat(), loaded);
}
