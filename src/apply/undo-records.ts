import { createBudget } from '../base/index.ts';
import { MirrorError } from '../errors.ts';
import { formatWishes, type MirroredPlacement, placeKey } from '../imageset/index.ts';
import { type Walk, type Walked, walk } from '../mirror/index.ts';
import type { Digest } from '../oci/index.ts';
import { type Change, changeKey, parsePlatform } from '../plan/index.ts';
import type { UndoRecord } from '../state/index.ts';
import { targetRepository } from './endpoints.ts';
import type { ApplyRequest } from './request.ts';

/** Describes the content at the place of a change. `imageSets`: the image sets that want it. */
export function toPlacement(change: Change, imageSets: readonly string[]): MirroredPlacement {
  const { repository, tag, digest, mediaType, kind, origin, size } = change;
  const { release, component, subject, platforms } = change;
  const entries = formatWishes(change.causes, imageSets);
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
    ...(subject && { subject }),
    ...(platforms && { platforms }),
    ...(entries.length > 0 && { entries }),
  };
}

/** Gives the facts that the state knows of an image: a list of deletions has fewer, and only the kind of an attachment's image. */
function factsOf({ kind, origin, release, component, subject }: MirroredPlacement) {
  return {
    kind,
    origin,
    ...(release && { release }),
    ...(component !== undefined && { component }),
    ...(subject && { subject }),
  };
}

/** Reads a whole graph, or nothing of it: an image that cannot be read cannot be stored. */
async function readAll(digest: Digest, options: Walk): Promise<readonly Walked[]> {
  try {
    return await walk(digest, options);
  } catch (thrown) {
    if (!(thrown instanceof MirrorError) || thrown.code === 'CANCELLED') throw thrown;
    return [];
  }
}

/**
 * Reads everything that is needed to put removed images back, children first.
 *
 * Shape: by the key of the change; a change whose manifest cannot be had is not in it, and must not be done.
 * @see DESIGN, law 12
 */
export async function readUndoRecords(
  changes: readonly Change[],
  { endpoints, stored }: Pick<ApplyRequest, 'endpoints' | 'stored'>,
): Promise<ReadonlyMap<string, UndoRecord>> {
  const budget = createBudget(endpoints.parallel);
  const state = new Map(stored.state.placements.map((placed) => [placeKey(placed), placed]));
  const records = new Map<string, UndoRecord>();

  async function read(change: Change): Promise<void> {
    const repository = targetRepository(endpoints, change.repository);
    const known = state.get(placeKey(change));
    const { imageSets = [], platforms } = known ?? {};
    const found = await readAll(change.digest, {
      read: (digest) => budget.spend(1, () => endpoints.manifests.read(repository, digest)),
      platforms: platforms?.map(parsePlatform),
    });
    const manifests = found.flatMap(({ manifest }) => {
      if (!manifest) return [];
      const { digest, mediaType } = manifest.descriptor;
      return [{ digest, mediaType, raw: manifest.raw }];
    });
    if (manifests.at(-1)?.digest !== change.digest) return;
    const placement = {
      ...toPlacement(change, imageSets),
      ...(platforms && { platforms }),
      ...(known?.digest === change.digest && factsOf(known)),
    };
    records.set(changeKey(change), {
      placement,
      manifests,
      ...(change.replacedBy && { replacedBy: change.replacedBy }),
    });
  }

  await Promise.all(changes.map(read));
  return records;
}
