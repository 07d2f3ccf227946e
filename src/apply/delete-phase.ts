import { createRemover } from '../mirror/index.ts';
import { type Change, changeKey } from '../plan/index.ts';
import { nextRunId, type UndoRecord } from '../state/index.ts';
import { deleteManifests } from './delete-manifests.ts';
import { removeLeftovers } from './leftovers.ts';
import { findLost, putBack } from './lost.ts';
import { cancelled, heldOutcome, skippedOutcome } from './outcomes.ts';
import { failAll, type Removal, untagAll } from './remove-one.ts';
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

/** Removes what may go; the manifests are stored before the first deed. */
export async function deleteAll(
  changes: readonly Change[],
  request: ApplyRequest,
): Promise<Deleted> {
  if (changes.length === 0) return { outcomes: [], notes: [] };
  const reporter = startPhase(request.listener, 'delete', changes.length);
  const records = await readUndoRecords(changes, request);
  const [removable, unread] = split(changes, (change) => records.has(changeKey(change)));
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

/**
 * Manifests first, then tags of what is shared: by then it is known whether the registry deletes at all, and no tag is written
 * while manifests are deleted. What is listed all the same is removed once more.
 */
async function removeAll(
  changes: readonly Change[],
  reporter: Reporter,
  request: ApplyRequest,
): Promise<readonly Outcome[]> {
  const remover = createRemover(request.ways.parallel);
  const removalIn = (name: string): Removal => ({
    repository: targetRepository(request.ways, name),
    remover,
    parallel: request.ways.parallel,
    now: () => request.clock.now(),
  });
  const [deletes, untags] = split(changes, ({ action }) => action === 'delete');
  const deleted = await deleteManifests(deletes, { removalIn, reporter, request });
  const outcomes = [...deleted.outcomes];
  const byRepository = Map.groupBy([...deleted.tags, ...untags], ({ repository }) => repository);
  for (const [name, tags] of byRepository) {
    const untagged = request.signal?.aborted
      ? tags.map((change) => skippedOutcome(change, cancelled))
      : await untagAll(tags, removalIn(name)).catch((thrown) => failAll(tags, thrown));
    outcomes.push(...untagged.map(reporter.report));
  }
  return request.signal?.aborted ? outcomes : await removeLeftovers(outcomes, removalIn);
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
