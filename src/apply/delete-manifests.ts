import pLimit from 'p-limit';
import { type Change, changeKey, deletionClosure } from '../plan/index.ts';
import { cancelled, skippedOutcome } from './outcomes.ts';
import { deleteOne, failAll, type Removal } from './remove-one.ts';
import type { Reporter } from './reporter.ts';
import type { ApplyRequest } from './request.ts';
import type { Outcome } from './types.ts';

/** Deletes under way at once: registries that walk all tags for each are not made faster by more. */
const deletesAtOnce = 4;

/** What deletes work with. */
export interface DeleteContext {
  removalIn(repository: string): Removal;
  readonly reporter: Reporter;
  readonly request: ApplyRequest;
}

/** What deletes came to; `tags` are left to untag. */
export type DeletedManifests = Awaited<ReturnType<typeof deleteOne>>;

/** Deletes manifests, each once with all the tags that go, and what only they have below them. */
export async function deleteManifests(
  changes: readonly Change[],
  { removalIn, reporter, request }: DeleteContext,
): Promise<DeletedManifests> {
  const limit = pLimit(Math.min(deletesAtOnce, request.ways.parallel));
  const closure = deletionClosure(request.plan, request.input);

  async function deleteGroup(group: readonly [Change, ...Change[]]): Promise<DeletedManifests> {
    if (request.signal?.aborted) {
      return { outcomes: group.map((change) => skippedOutcome(change, cancelled)), tags: [] };
    }
    const [{ repository, digest }] = group;
    const below = group.flatMap((change) => closure.get(changeKey(change)) ?? []);
    try {
      return await deleteOne({ digest, changes: group, below }, removalIn(repository));
    } catch (thrown) {
      return { outcomes: failAll(group, thrown), tags: [] };
    }
  }

  const groups = Map.groupBy(changes, ({ repository, digest }) => `${repository}@${digest}`);
  const deleted = await Promise.all(
    [...groups.values()].flatMap(([first, ...more]) => {
      if (!first) return [];
      const work = async () => {
        const { outcomes, tags } = await deleteGroup([first, ...more]);
        return { outcomes: outcomes.map(reporter.report), tags };
      };
      return [limit(work)];
    }),
  );
  const outcomes: readonly Outcome[] = deleted.flatMap((one) => one.outcomes);
  return { outcomes, tags: deleted.flatMap((one) => one.tags) };
}
