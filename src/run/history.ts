import { type AppliedRun, formatRunId } from '../state/index.ts';
import { withSession } from './session.ts';
import { readState } from './stored.ts';
import type { Settings } from './types.ts';

/** An apply that a target remembers. */
export interface PastRun extends Omit<AppliedRun, 'token' | 'undo'> {
  /** The name that `restore` takes: `17`, or the whole id where two applies have that number. */
  readonly name: string;
  /** It removed images, and their manifests are stored. */
  readonly canUndo: boolean;
}

/** Describes applies, the newest first. */
export function pastRuns(runs: readonly AppliedRun[]): readonly PastRun[] {
  return runs.toReversed().map((run) => {
    const isShared = runs.filter(({ id }) => id === run.id).length > 1;
    const { token: _, undo, ...facts } = run;
    const name = isShared ? formatRunId(run) : String(run.id);
    return { ...facts, name, canUndo: undo !== undefined };
  });
}

/**
 * Lists the applies that a target remembers, the newest first: at most the last 50. Reads only.
 * @throws RegistryError when the target does not answer, PlanError when its state cannot be read
 */
export async function history(settings: Settings): Promise<readonly PastRun[]> {
  return await withSession(settings, async (session) =>
    pastRuns((await readState(session)).state.runs),
  );
}
