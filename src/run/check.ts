import { type Damage, restoreRecords, verifyTarget } from '../apply/index.ts';
import { PlanError } from '../errors.ts';
import { recordApplied } from '../state/index.ts';
import { contentKindOf } from './kinds.ts';
import { readState, type Stored, withSession } from './session.ts';
import type { CheckReport, ImageFailure, Listener, Settings } from './types.ts';

function failureOf({ placement, message, hint }: Damage): ImageFailure {
  const { kind, repository, tag } = placement;
  const origin = `${repository}:${tag}`;
  return { kind: contentKindOf(kind), origin, message, side: 'target', hint };
}

/**
 * Checks that everything that the state lists is there and whole. Reads only.
 * @throws RegistryError when the target does not answer
 */
export async function verify(settings: Settings, listener: Listener): Promise<CheckReport> {
  return await withSession(settings, async (session) => {
    const { state } = await readState(session);
    const damages = await verifyTarget(state.placements, session.ways, listener);
    const total = state.placements.length;
    const notes = total === 0 ? ['Nothing was mirrored to this target by this tool yet.'] : [];
    return {
      done: total - damages.length,
      total,
      imageFailures: damages.map(failureOf),
      notes,
    };
  });
}

function undoId({ state }: Stored, wanted: number | 'last'): number {
  if (wanted !== 'last') return wanted;
  const last = state.runs.findLast(({ undo }) => undo !== undefined);
  if (last) return last.id;
  throw new PlanError('PLAN_UNAPPLYABLE', 'No apply has deleted anything yet: nothing to restore.');
}

/**
 * Puts back what an apply removed, and records that it is there again.
 *
 * The image sets do not want it: the next plan with `prune: stale` removes it again.
 * @throws PlanError `PLAN_UNAPPLYABLE` when nothing is stored under that id
 */
export async function restore(
  settings: Settings,
  undo: number | 'last',
  listener: Listener,
): Promise<CheckReport> {
  return await withSession(settings, async (session) => {
    const stored = await readState(session);
    const id = undoId(stored, undo);
    const records = await session.store.readUndo(id);
    if (!records) {
      const known = stored.state.runs.filter((run) => run.undo).map((run) => run.id);
      throw new PlanError('PLAN_UNAPPLYABLE', `Apply ${id} has stored nothing to restore.`, {
        hint: known.length > 0 ? `These have: ${known.join(', ')}.` : undefined,
      });
    }
    listener({ type: 'phase', phase: 'mirror', total: records.length });
    const { restored, failed } = await restoreRecords(records, session.ways);
    const placed = restored.flatMap((one) => (one.replacedBy ? [] : [one.placement]));
    const applied = { speaksFor: new Set<string>(), placed, removed: [], released: [] };
    await session.store.write(recordApplied(stored.state, applied), stored.version);
    return {
      done: restored.length,
      total: records.length,
      imageFailures: failed.map(failureOf),
      notes: [],
    };
  });
}
