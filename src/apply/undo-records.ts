import pLimit from 'p-limit';
import { type MirroredPlacement, placeKey } from '../imageset/index.ts';
import { walk } from '../mirror/index.ts';
import type { Change } from '../plan/index.ts';
import type { UndoRecord } from '../state/index.ts';
import type { ApplyRequest } from './request.ts';
import { targetRepository } from './ways.ts';

/** Describes what lies at the place of a change. `imageSets`: who wants it. */
export function toPlacement(change: Change, imageSets: readonly string[]): MirroredPlacement {
  const { repository, tag, digest, mediaType, kind, origin, size, release, component } = change;
  return {
    repository,
    tag,
    digest,
    mediaType,
    kind,
    origin,
    size,
    imageSets,
    ...(release && { release }),
    ...(component !== undefined && { component }),
  };
}

/**
 * Reads everything that is needed to put removed images back, children first.
 *
 * Shape: by `repository:tag`; a change whose manifest cannot be had is not in it, and must not be done.
 * @see DESIGN, law 12
 */
export async function readUndoRecords(
  changes: readonly Change[],
  { ways, stored }: Pick<ApplyRequest, 'ways' | 'stored'>,
): Promise<ReadonlyMap<string, UndoRecord>> {
  const limit = pLimit(ways.parallel);
  const state = new Map(stored.state.placements.map((placed) => [placeKey(placed), placed]));
  const records = new Map<string, UndoRecord>();

  async function read(change: Change): Promise<void> {
    const repository = targetRepository(ways, change.repository);
    const found = await walk(change.digest, {
      read: (digest) => limit(() => ways.manifests.read(repository, digest)),
    });
    const manifests = found.flatMap(({ manifest }) => {
      if (!manifest) return [];
      const { digest, mediaType } = manifest.descriptor;
      return [{ digest, mediaType, raw: manifest.raw }];
    });
    if (manifests.at(-1)?.digest !== change.digest) return;
    const key = placeKey(change);
    const imageSets = state.get(key)?.imageSets ?? [];
    records.set(key, { placement: toPlacement(change, imageSets), manifests });
  }

  await Promise.all(changes.map(read));
  return records;
}
