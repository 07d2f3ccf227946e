import pLimit from 'p-limit';
import { messageOf } from '../errors.ts';
import { placeKey, type TargetPlace } from '../imageset/index.ts';
import type { Digest } from '../oci/index.ts';
import { type Change, removedPlaces } from '../plan/index.ts';
import { findManifest } from '../registry/index.ts';
import type { UndoRecord } from '../state/index.ts';
import { targetRepository } from './endpoints.ts';
import { isOfRegistry, unreadNote } from './leftovers.ts';
import { putManifests } from './put-manifests.ts';
import type { ApplyRequest } from './request.ts';

/** A place that should have stayed and does not name its image any more. */
export interface LostPlace extends TargetPlace {
  readonly digest: Digest;
}

/** Gives what has to be there still: tags that were seen and do not go, where something was removed. */
function staying(removed: readonly Change[], { plan, input }: ApplyRequest): LostPlace[] {
  const touched = new Set(removed.map(({ repository }) => repository));
  const going = removedPlaces(plan.changes);
  const digests = new Set(
    removed.filter(({ action }) => action === 'untag').map(({ digest }) => digest),
  );
  return [...touched].flatMap((repository) => {
    const tags = input.observation.repositories.get(repository)?.tags ?? new Map();
    return [...tags].flatMap(([tag, digest]) => {
      const isAtRisk = digest !== undefined && digests.has(digest);
      return isAtRisk && !going.has(placeKey({ repository, tag }))
        ? [{ repository, tag, digest }]
        : [];
    });
  });
}

/**
 * Finds what a registry took along although it was told to remove only a tag.
 *
 * What shares nothing with the removed was never named to the registry; what shares a digest is asked for. A place that cannot
 * be asked for becomes a note: what was removed has to be recorded all the same.
 */
export async function findLost(
  removed: readonly Change[],
  request: ApplyRequest,
): Promise<{ readonly lost: readonly LostPlace[]; readonly notes: readonly string[] }> {
  const limit = pLimit(request.endpoints.parallel);
  const notes: string[] = [];
  const isLost = async ({ repository, tag }: LostPlace): Promise<boolean> => {
    try {
      return !(await findManifest(targetRepository(request.endpoints, repository), tag));
    } catch (thrown) {
      if (!isOfRegistry(thrown)) throw thrown;
      notes.push(unreadNote(repository, thrown));
      return false;
    }
  };
  const places = staying(removed, request);
  const checked = await Promise.all(places.map((place) => limit(() => isLost(place))));
  return { lost: places.filter((_, index) => checked[index]), notes: [...new Set(notes)] };
}

/** Pushes a lost manifest again from the bytes that were stored, and says so, or why it could not. */
export async function putBack(
  place: LostPlace,
  records: ReadonlyMap<string, UndoRecord>,
  { endpoints }: ApplyRequest,
): Promise<string> {
  const record = [...records.values()].find(
    ({ placement }) =>
      placement.digest === place.digest && placement.repository === place.repository,
  );
  const removed = `The registry removed ${placeKey(place)} together with another tag of the same image`;
  try {
    await putManifests(
      targetRepository(endpoints, place.repository),
      record?.manifests ?? [],
      place,
    );
  } catch (thrown) {
    if (!isOfRegistry(thrown)) throw thrown;
    return `${removed}; it could not be put back: ${messageOf(thrown)} "restore" does so when the target answers.`;
  }
  return `${removed}; it was put back.`;
}
