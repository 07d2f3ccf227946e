import { PlanError } from '../errors.ts';

/** Refuses to write over a state that is not the one the new one was derived from. @throws PlanError `PLAN_STALE` */
export function refuseStale(current: string | undefined, expected: string | undefined): void {
  if (current === expected) return;
  throw new PlanError('PLAN_STALE', 'Another run has written the state since this one read it.', {
    hint: 'Run again: the new run starts from what the other one did. Let runs of one target wait for each other ("concurrency").',
  });
}
