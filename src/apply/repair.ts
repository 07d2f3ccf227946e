import { mapParallel } from '../base/index.ts';
import { ContentError, MirrorError, messageOf } from '../errors.ts';
import { placeKey, type TargetPlace } from '../imageset/index.ts';
import { isPlaceholder } from '../mirror/index.ts';
import { algorithmOf, type Digest, parseManifest } from '../oci/index.ts';
import { type Change, isOfPlace, removedPlaces } from '../plan/index.ts';
import { findManifest, type Repository } from '../registry/index.ts';
import type { UndoRecord } from '../state/index.ts';
import { targetRepository } from './endpoints.ts';
import { failedOutcome } from './outcomes.ts';
import type { Removal } from './remove-one.ts';
import type { ApplyRequest } from './request.ts';
import type { Outcome } from './types.ts';

/**
 * Pushes stored manifests again, children first, and the image last, under its tag if it has one.
 * @throws RegistryError when the registry refuses one, mostly because it has collected the blobs
 */
export async function putManifests(
  repository: Repository,
  manifests: UndoRecord['manifests'],
  { tag, digest }: { readonly tag?: string; readonly digest: Digest },
): Promise<void> {
  for (const stored of manifests) {
    const manifest = parseManifest(stored.raw, stored.mediaType, algorithmOf(stored.digest));
    await repository.manifests.push(manifest, stored.digest === digest ? tag : undefined);
  }
}

/** Gives the changes whose tag is listed although it was removed, and names nothing that somebody put there since. */
async function findLeftovers(
  changes: readonly Change[],
  { repository }: Removal,
): Promise<readonly Change[]> {
  const listed = new Set((await repository.tags.survey())?.tags);
  const suspects = changes.filter(({ tag }) => listed.has(tag));
  const resolved = await Promise.all(
    suspects.map(async ({ tag }) => (await repository.manifests.resolve(tag))?.digest),
  );
  return suspects.filter(({ digest }, index) => {
    const named = resolved[index];
    return named === undefined || named === digest || isPlaceholder(repository.name, named);
  });
}

function stillListed(change: Change): Outcome {
  const { repository, tag } = change;
  const cause = new ContentError(
    'DIGEST_MISMATCH',
    `the target removed ${repository}:${tag} and lists it all the same`,
    { hint: "Run again; when it stays, look into the registry's own log and at its storage." },
  );
  return failedOutcome(change, cause);
}

/**
 * Looks whether what was removed is listed all the same, and removes it once more.
 *
 * Registries that look through their tags for every delete may stumble on the way: the manifest is gone then, and its tag
 * stays listed and names nothing. A tag that is still listed after that has failed.
 * Order: one list of tags for each repository; more requests only if something is left. A list that cannot be read becomes a
 * note and fails nothing, because the removals are done.
 */
export async function removeLeftovers(
  outcomes: readonly Outcome[],
  removalIn: (repository: string) => Removal,
): Promise<{ readonly outcomes: readonly Outcome[]; readonly notes: readonly string[] }> {
  const removed = outcomes
    .filter(({ change, result }) => result === 'done' && isOfPlace(change))
    .map(({ change }) => change);
  const left = new Set<string>();
  const notes: string[] = [];
  for (const [name, changes] of Map.groupBy(removed, ({ repository }) => repository)) {
    try {
      for (const change of await removeAgain(changes, removalIn(name))) left.add(placeKey(change));
    } catch (thrown) {
      if (!isOfRegistry(thrown)) throw thrown;
      notes.push(unreadNote(name, thrown));
    }
  }
  const ended = outcomes.map((outcome) =>
    isOfPlace(outcome.change) && left.has(placeKey(outcome.change))
      ? stillListed(outcome.change)
      : outcome,
  );
  return { outcomes: ended, notes };
}

/** Gives what is listed still after it was removed once more. */
async function removeAgain(changes: readonly Change[], removal: Removal) {
  const found = await findLeftovers(changes, removal);
  if (found.length === 0) return [];
  await removal.remover.untag(removal.repository, found);
  return await findLeftovers(found, removal);
}

/** Tells whether something failed at the target, which is told, and not because the run was cancelled. */
function isOfRegistry(thrown: unknown): thrown is MirrorError {
  return thrown instanceof MirrorError && thrown.code !== 'CANCELLED';
}

/** Says that nobody looked whether all of it is right after deletes. */
export function unreadNote(name: string, thrown: unknown): string {
  return `The tags of ${name} could not be read after deletes: ${messageOf(thrown)}`;
}

/** A place that should have stayed and no longer names its image. */
export interface LostPlace extends TargetPlace {
  readonly digest: Digest;
}

/** Gives tags that have to stay and that share a digest with a removed tag. */
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
 * Finds tags that a registry removed although it was asked to remove only another tag of the image.
 *
 * Only tags that share a digest with a removed one are at risk, and are asked for. A place that cannot be asked for becomes a
 * note, because the removals have to be recorded anyway.
 */
export async function findLost(
  removed: readonly Change[],
  request: ApplyRequest,
): Promise<{ readonly lost: readonly LostPlace[]; readonly notes: readonly string[] }> {
  const notes: string[] = [];
  const { endpoints } = request;
  const check = async (place: LostPlace): Promise<LostPlace[]> => {
    const { repository, tag } = place;
    try {
      return (await findManifest(targetRepository(endpoints, repository), tag)) ? [] : [place];
    } catch (thrown) {
      if (!isOfRegistry(thrown)) throw thrown;
      notes.push(unreadNote(repository, thrown));
      return [];
    }
  };
  const lost = await mapParallel(staying(removed, request), endpoints.parallel, check);
  return { lost: lost.flat(), notes: [...new Set(notes)] };
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
