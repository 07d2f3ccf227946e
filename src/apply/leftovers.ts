import { ContentError, MirrorError, messageOf } from '../errors.ts';
import { placeKey } from '../imageset/index.ts';
import { isPlaceholder } from '../mirror/index.ts';
import { type Change, isOfPlace } from '../plan/index.ts';
import { failedOutcome } from './outcomes.ts';
import type { Removal } from './remove-one.ts';
import type { Outcome } from './types.ts';

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
 * stays listed and names nothing. What stays after that has failed.
 * Order: one list of tags for each repository; more only where something is left. What was removed is removed: a list that
 * cannot be read becomes a note, and no failure of the run.
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
export function isOfRegistry(thrown: unknown): thrown is MirrorError {
  return thrown instanceof MirrorError && thrown.code !== 'CANCELLED';
}

/** Says that nobody looked whether all of it is right after deletes. */
export function unreadNote(name: string, thrown: unknown): string {
  return `The tags of ${name} could not be read after deletes: ${messageOf(thrown)}`;
}
