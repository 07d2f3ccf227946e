import pLimit from 'p-limit';
import { placeKey } from '../imageset/index.ts';
import { createRemover } from '../mirror/index.ts';
import { type Change, deletionClosure } from '../plan/index.ts';
import { nextRunId, type UndoRecord } from '../state/index.ts';
import { findLost, putBack } from './lost.ts';
import { attemptDeed, heldOutcome, skippedOutcome } from './outcomes.ts';
import { deleteOne, failAll, type Removal, untagOne } from './remove-one.ts';
import { type Reporter, startPhase } from './reporter.ts';
import type { ApplyRequest } from './request.ts';
import type { Outcome } from './types.ts';
import { readUndoRecords } from './undo-records.ts';
import { targetRepository } from './ways.ts';

/** What the deletes came to. */
export interface Deleted {
  readonly outcomes: readonly Outcome[];
  /** Digest of the undo record; absent when nothing was removed. */
  readonly undo?: Awaited<ReturnType<ApplyRequest['store']['writeUndo']>>;
  readonly notes: readonly string[];
}

/** Deletes under way at once: registries that walk all tags for each are not made faster by more. */
const deletesAtOnce = 4;

/** Removes what may go; the manifests are stored before the first deed. */
export async function deleteAll(
  changes: readonly Change[],
  request: ApplyRequest,
): Promise<Deleted> {
  if (changes.length === 0) return { outcomes: [], notes: [] };
  const reporter = startPhase(request.listener, 'delete', changes.length);
  const records = await readUndoRecords(changes, request);
  const [removable, unread] = split(changes, (change) => records.has(placeKey(change)));
  const held = unread.map((change) =>
    reporter.report(heldOutcome(change, 'its manifest could not be stored for an undo')),
  );
  if (removable.length === 0) return { outcomes: held, notes: [] };
  const undo = await request.store.writeUndo(nextRunId(request.stored.state), [
    ...records.values(),
  ]);
  const outcomes = await removeAll(removable, reporter, request);
  const notes = await repairLost(outcomes, records, request);
  return { outcomes: [...held, ...outcomes], undo, notes };
}

function split<Item>(items: readonly Item[], isFirst: (item: Item) => boolean): [Item[], Item[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
}

/** Manifests first, then tags of what is shared: by then it is known whether the registry deletes at all. */
async function removeAll(
  changes: readonly Change[],
  reporter: Reporter,
  request: ApplyRequest,
): Promise<readonly Outcome[]> {
  const { ways, signal, clock } = request;
  const limit = pLimit(Math.min(deletesAtOnce, ways.parallel));
  const remover = createRemover();
  const closure = deletionClosure(request.plan, request.input);
  const [deletes, untags] = split(changes, ({ action }) => action === 'delete');
  const removalIn = (name: string): Removal => ({
    repository: targetRepository(ways, name),
    remover,
    now: () => clock.now(),
  });

  async function deleteGroup(group: readonly [Change, ...Change[]]): Promise<readonly Outcome[]> {
    if (signal?.aborted)
      return group.map((change) => skippedOutcome(change, 'the run was cancelled'));
    const [{ repository, digest }] = group;
    const below = group.flatMap((change) => closure.get(placeKey(change)) ?? []);
    try {
      return await deleteOne({ digest, changes: group, below }, removalIn(repository));
    } catch (thrown) {
      return failAll(group, thrown);
    }
  }

  const groups = Map.groupBy(deletes, ({ repository, digest }) => `${repository}@${digest}`);
  const deleted = [...groups.values()].flatMap(([first, ...more]) =>
    first ? [limit(async () => (await deleteGroup([first, ...more])).map(reporter.report))] : [],
  );
  const outcomes = (await Promise.all(deleted)).flat();
  const untagged = untags.map((change) =>
    limit(async () => {
      const work = () => untagOne(change, removalIn(change.repository));
      return reporter.report(await attemptDeed(change, work, signal));
    }),
  );
  return [...outcomes, ...(await Promise.all(untagged))];
}

/** A registry may take along what it should not have: what stays is looked for, and put back. */
async function repairLost(
  outcomes: readonly Outcome[],
  records: ReadonlyMap<string, UndoRecord>,
  request: ApplyRequest,
): Promise<readonly string[]> {
  const removed = outcomes.filter(({ result }) => result === 'done').map(({ change }) => change);
  const lost = await findLost(removed, request);
  return await Promise.all(lost.map((place) => putBack(place, records, request)));
}
