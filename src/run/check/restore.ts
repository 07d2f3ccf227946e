import {
  type Damage,
  planRestore,
  type RestorePlan,
  restoreRecords,
  verifyTarget,
} from '../../apply/index.ts';
import { PlanError } from '../../errors.ts';
import { isInside, placeKey, type TargetArea } from '../../imageset/index.ts';
import {
  formatRunId,
  parseRunId,
  type RunId,
  recordApplied,
  type StateStore,
  type UndoRecord,
} from '../../state/index.ts';
import { withSession } from '../session.ts';
import { areaOf, readState, type Stored } from '../stored.ts';
import type { CheckReport, Listener, Settings, UndoChoice } from '../types.ts';
import { countPlaces, reportPlaces } from './report.ts';

/** Reads `last`, the number of an apply (`17`) or its whole id (`17-3fa9c0de12345678`); `undefined`: it is none of these. */
export function parseUndoChoice(text: string): UndoChoice | undefined {
  if (text === 'last') return text;
  const run = parseRunId(text);
  return run?.token === undefined ? run?.id : run;
}

/** Runs that stored something for an undo: those that the state knows, and those of which only the records are left. */
async function undoable({ state }: Stored, store: StateStore): Promise<readonly RunId[]> {
  const known = state.runs.filter(({ undo }) => undo !== undefined);
  const runs = new Map(
    [...known, ...(await store.listUndo())].map((run) => [formatRunId(run), run]),
  );
  return [...runs.values()].sort((a, b) => a.id - b.id);
}

/** @throws PlanError `PLAN_UNAPPLYABLE` when no run is meant, or more than one */
async function findRun(stored: Stored, store: StateStore, wanted: UndoChoice): Promise<RunId> {
  if (typeof wanted === 'object' && wanted.token !== undefined) return wanted;
  const runs = await undoable(stored, store);
  // A run that ended in the middle is not in the state, and its records are there all the same.
  const last = runs.at(-1)?.id;
  const number = wanted === 'last' ? last : typeof wanted === 'object' ? wanted.id : wanted;
  if (number === undefined) {
    const message = 'No apply has deleted anything yet: nothing to restore.';
    throw new PlanError('PLAN_UNAPPLYABLE', message);
  }
  const [run, ...others] = runs.filter(({ id }) => id === number);
  if (run && others.length > 0) {
    const names = [run, ...others].map(formatRunId).join(', ');
    throw new PlanError(
      'PLAN_UNAPPLYABLE',
      `Several applies have the number ${number}: ${names}.`,
      { hint: 'They ran at the same time. Name the one to undo in full.' },
    );
  }
  return run ?? { id: number };
}

/** @throws PlanError `PLAN_UNAPPLYABLE` when nothing is stored under that id */
async function readRecords(stored: Stored, store: StateStore, wanted: UndoChoice) {
  const run = await findRun(stored, store, wanted);
  const found = await store.readUndo(run);
  if (found) return found.records;
  const known = (await undoable(stored, store)).map(formatRunId);
  throw new PlanError(
    'PLAN_UNAPPLYABLE',
    `Apply ${formatRunId(run)} has stored nothing to restore.`,
    { hint: known.length > 0 ? `These have: ${known.join(', ')}.` : undefined },
  );
}

/** Parts records by whether they lie inside the target; whoever may push a record could name anything. */
function insideOf(records: readonly UndoRecord[], area: TargetArea) {
  const isIn = ({ placement }: UndoRecord) => isInside(area, placement.repository);
  const refused = records
    .filter((record) => !isIn(record))
    .map(
      ({ placement }): Damage => ({
        placement,
        message: `${placeKey(placement)} does not lie inside the target; it was not touched`,
        hint: 'Look who may push to the repository of the state: this tool did not write that record.',
      }),
    );
  return { inside: records.filter(isIn), refused };
}

/** A request to put back what an apply removed. */
export interface RestoreRequest {
  readonly undo: UndoChoice;
  /** Only finds out which images can be put back. */
  readonly isDryRun?: boolean;
}

function sayRestore({ ready, there, lost }: RestorePlan): string {
  const some = countPlaces(ready);
  const all = countPlaces([...ready, ...there, ...lost]);
  const rest = [
    ...(all.signatures > 0 ? [`${some.signatures} of ${all.signatures} signatures`] : []),
    ...(there.length > 0 ? [`${there.length} there already`] : []),
    ...(lost.length > 0 ? [`${lost.length} cannot be restored`] : []),
  ];
  return [`restores ${some.images} of ${all.images} images`, ...rest].join(', ');
}

interface RestoreEnd {
  readonly there: readonly UndoRecord[];
  readonly restored?: readonly UndoRecord[];
  readonly failed: readonly Damage[];
}

function reportRestore(
  records: readonly UndoRecord[],
  { there, restored = [], failed }: RestoreEnd,
): CheckReport {
  const isIdle = there.length === records.length;
  const { images } = countPlaces(records);
  return {
    ...reportPlaces(records, failed),
    changed: restored.length,
    ...(isIdle && { isIdle }),
    notes: isIdle
      ? [
          `Nothing to restore: everything that this apply removed is there (${images === 1 ? '1 image' : `${images} images`}).`,
        ]
      : [],
  };
}

/**
 * Puts back what an apply removed, and records that it is there again.
 *
 * Order: it first finds out which images can be put back, and logs it; a dry run ends there. An image that is there already
 * is left. No image set wants the restored images: the next plan with `prune: stale` removes them again.
 * @throws PlanError `PLAN_UNAPPLYABLE` when nothing is stored under that id
 */
export async function restore(
  settings: Settings,
  { undo, isDryRun = false }: RestoreRequest,
  listener: Listener,
): Promise<CheckReport> {
  return await withSession(settings, async (session) => {
    const { store, endpoints } = session;
    const records = await readRecords(await readState(session), store, undo);
    const { inside, refused } = insideOf(records, areaOf(session));
    const { ready, there, lost: gone } = await planRestore(inside, endpoints);
    if (there.length < records.length) {
      settings.log.log('info', sayRestore({ ready, there, lost: [...refused, ...gone] }));
    }
    if (ready.length === 0 || isDryRun) {
      return reportRestore(records, { there, failed: [...refused, ...gone] });
    }
    listener({ type: 'phase', phase: 'mirror', total: countPlaces(ready).images });
    const { restored, failed } = await restoreRecords(ready, endpoints);
    const placed = restored.flatMap((one) => (one.replacedBy ? [] : [one.placement]));
    const applied = { ownImageSets: new Set<string>(), placed, removed: [], released: [] };
    const { hasOthers } = await store.update((state) => recordApplied(state, applied), 'final');
    const lost = hasOthers ? await verifyTarget(placed, endpoints, { listener }) : [];
    const failures = [...refused, ...gone, ...failed, ...lost];
    return reportRestore(records, { there, restored, failed: failures });
  });
}
