import { ContentError } from '../errors.ts';
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
  const listed = new Set(await repository.tags.list());
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
 * Order: one list of tags for each repository; more only where something is left.
 */
export async function removeLeftovers(
  outcomes: readonly Outcome[],
  removalIn: (repository: string) => Removal,
): Promise<readonly Outcome[]> {
  const removed = outcomes
    .filter(({ change, result }) => result === 'done' && isOfPlace(change))
    .map(({ change }) => change);
  const left = new Set<string>();
  for (const [name, changes] of Map.groupBy(removed, ({ repository }) => repository)) {
    const removal = removalIn(name);
    const found = await findLeftovers(changes, removal);
    if (found.length === 0) continue;
    await removal.remover.untag(removal.repository, found);
    for (const change of await findLeftovers(found, removal)) left.add(placeKey(change));
  }
  if (left.size === 0) return outcomes;
  return outcomes.map((outcome) =>
    isOfPlace(outcome.change) && left.has(placeKey(outcome.change))
      ? stillListed(outcome.change)
      : outcome,
  );
}
