import { createRemover } from '../mirror/index.ts';
import type { Digest } from '../oci/index.ts';
import { changeKey, type RemovalChange } from '../plan/index.ts';
import type { UndoRecord } from '../state/index.ts';
import { type DeleteContext, deleteManifests } from './delete-manifests.ts';
import { targetRepository } from './endpoints.ts';
import { removeLeftovers } from './leftovers.ts';
import { findLost, putBack } from './lost.ts';
import { cancelled, postponedOutcome, skippedOutcome, unlessCancelled } from './outcomes.ts';
import { narrowed } from './reconsider.ts';
import { failAll, type Removal, untagAll } from './remove-one.ts';
import { startPhase } from './reporter.ts';
import type { ApplyRequest, BegunRequest } from './request.ts';
import { storeUndo } from './store-undo.ts';
import type { Outcome } from './types.ts';
import { readUndoRecords } from './undo-records.ts';

/** What the deletes came to. */
export interface Deleted {
  readonly outcomes: readonly Outcome[];
  /** Digest of the undo record; absent when nothing was removed. */
  readonly undo?: Digest | undefined;
  readonly notes: readonly string[];
}

/** Removes what may go; the manifests are stored before the first deed. */
export async function deleteAll(
  changes: readonly RemovalChange[],
  request: BegunRequest,
): Promise<Deleted> {
  if (changes.length === 0) return { outcomes: [], notes: [] };
  const reporter = startPhase(request.listener, 'delete', changes.length);
  const records = await readUndoRecords(changes, request);
  const [removable, unread] = split(changes, (change) => records.has(changeKey(change)));
  const held = unread.map((change) =>
    reporter.report(postponedOutcome(change, 'its manifest could not be stored for an undo')),
  );
  if (removable.length === 0) return { outcomes: held, notes: [] };
  const undo = await storeUndo([...records.values()], request);
  const narrow = { ...request, plan: narrowed(request.plan, removable) };
  const { outcomes, notes } = await removeAll(removable, {
    reporter,
    request: narrow,
    records: [...records.values()],
  });
  const repairs = await unlessCancelled(repairLost(outcomes, records, narrow), []);
  return { outcomes: [...held, ...outcomes], undo, notes: [...notes, ...repairs] };
}

function split<Item>(items: readonly Item[], isFirst: (item: Item) => boolean): [Item[], Item[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
}

/**
 * Manifests first, then tags of what is shared: by then it is known whether the registry deletes at all, and no tag is written
 * while manifests are deleted. What is listed all the same is removed once more.
 */
async function removeAll(
  changes: readonly RemovalChange[],
  context: Omit<DeleteContext, 'removalIn'>,
): Promise<Pick<Deleted, 'outcomes' | 'notes'>> {
  const { reporter, request } = context;
  const remover = createRemover(request.endpoints.parallel);
  const removalIn = (name: string): Removal => ({
    repository: targetRepository(request.endpoints, name),
    remover,
    parallel: request.endpoints.parallel,
    now: () => request.clock.now(),
  });
  const untags = changes.filter(({ action }) => action === 'untag');
  const deleted = await deleteManifests({ ...context, removalIn });
  const outcomes = [...deleted.outcomes];
  const byRepository = Map.groupBy([...deleted.tags, ...untags], ({ repository }) => repository);
  for (const [name, tags] of byRepository) {
    const untagged = request.signal?.aborted
      ? tags.map((change) => skippedOutcome(change, cancelled))
      : await untagAll(tags, removalIn(name)).catch((thrown) => failAll(tags, thrown));
    for (const outcome of untagged) outcomes.push(outcome);
  }
  const { notes } = deleted;
  // Only what is really gone is told as deleted.
  const unchecked = { outcomes, notes: [] };
  const ended = request.signal?.aborted
    ? unchecked
    : await unlessCancelled(removeLeftovers(outcomes, removalIn), unchecked);
  return { outcomes: ended.outcomes.map(reporter.report), notes: [...notes, ...ended.notes] };
}

/** A registry may take along what it should not have: what stays is looked for, and put back. */
async function repairLost(
  outcomes: readonly Outcome[],
  records: ReadonlyMap<string, UndoRecord>,
  request: ApplyRequest,
): Promise<readonly string[]> {
  const removed = outcomes.filter(({ result }) => result === 'done').map(({ change }) => change);
  const { lost, notes } = await findLost(removed, request);
  return [...notes, ...(await Promise.all(lost.map((place) => putBack(place, records, request))))];
}
