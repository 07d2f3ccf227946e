import { contentKindOf } from './kinds.ts';
import { uniqueDiagnostics } from './load.ts';
import { type MadePlan, makePlan, type NoPlan } from './make-plan.ts';
import { planFiles } from './plan-files.ts';
import { withSession } from './session.ts';
import type { PlanRequest, PlanResult, Settings } from './types.ts';

/** Shows what was made as doors see it. */
export async function toPlanResult(made: MadePlan | NoPlan): Promise<PlanResult> {
  const { collections, failures } = made.head;
  if (!('plan' in made)) {
    const { diagnostics } = made;
    return { collections, failures, diagnostics, files: new Map() };
  }
  const { plan } = made;
  const diagnostics = uniqueDiagnostics(plan.diagnostics);
  const unread = made.pinned.failures.map(({ placement }) => ({
    kind: contentKindOf(placement.kind),
  }));
  return { plan, collections, failures, unread, diagnostics, files: await planFiles(made) };
}

/**
 * Plans, and changes nothing.
 * @throws RegistryError when the target cannot be asked, PlanError when its state cannot be read
 */
export async function plan(settings: Settings, request: PlanRequest): Promise<PlanResult> {
  return await withSession(settings, async (session) =>
    toPlanResult(await makePlan(session, request)),
  );
}
