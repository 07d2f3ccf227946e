import { formatRunId } from '../state/index.ts';
import { withSession } from './session.ts';
import { readState } from './stored.ts';
import type { PastRun, Settings } from './types.ts';

/**
 * Lists the applies that a target remembers, the newest first: at most the last 50. Reads only.
 * @throws RegistryError when the target does not answer, PlanError when its state cannot be read
 */
export async function history(settings: Settings): Promise<readonly PastRun[]> {
  return await withSession(settings, async (session) => {
    const { state } = await readState(session);
    return state.runs.toReversed().map((run) => {
      const isShared = state.runs.filter(({ id }) => id === run.id).length > 1;
      const { token: _, undo, ...facts } = run;
      return {
        ...facts,
        name: isShared ? formatRunId(run) : String(run.id),
        canUndo: undo !== undefined,
      };
    });
  });
}
