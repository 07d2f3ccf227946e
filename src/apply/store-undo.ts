import type { Digest } from '../oci/index.ts';
import { type AppliedRun, mergeUndo, type UndoRecord } from '../state/index.ts';
import { isOver } from './ledger.ts';
import type { BegunRequest } from './request.ts';

/** Reads what a run of the same image sets stored that never said that it ended: this one comes in its place. */
async function readInherited({ stored, store, input }: BegunRequest) {
  const names = [...input.ownImageSets].sort().join('\n');
  const records: UndoRecord[] = [];
  for (const run of stored.state.pending ?? []) {
    if (run.imageSets.join('\n') !== names) continue;
    records.push(...((await store.readUndo(run))?.records ?? []));
  }
  return records;
}

/**
 * Stores what this run is about to delete, together with what a killed run of the same image sets deleted: one undo gives
 * all of it back. `undefined`: there is nothing to store.
 */
export async function storeUndo(
  records: readonly UndoRecord[],
  request: BegunRequest,
): Promise<Digest | undefined> {
  const all = await mergeUndo(() => readInherited(request), records);
  return all.length > 0 ? await request.store.writeUndo(request.ledger.run.id, all) : undefined;
}

/** Gives the runs that were killed long ago and had stored something: their undo stays known by their number. */
export async function findKilled({
  stored,
  store,
  clock,
}: BegunRequest): Promise<readonly AppliedRun[]> {
  const killed: AppliedRun[] = [];
  for (const run of stored.state.pending ?? []) {
    if (!isOver(run, clock.now())) continue;
    const { id, token, planDigest, until: at } = run;
    const undo = (await store.readUndo(run))?.digest;
    if (undo) killed.push({ id, token, at, planDigest, undo });
  }
  return killed;
}
