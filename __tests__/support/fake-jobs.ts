import type { Outcome, Result } from '../../src/apply/index.ts';
import type { ActionJobs } from '../../src/github/session.ts';
import type { Plan } from '../../src/plan/index.ts';
import type { Approval, PlanRequest, PlanResult, Settings } from '../../src/run/index.ts';
import { planOf } from './plans.ts';

/** The requests that the fake jobs got. */
export interface Asked {
  readonly calls: string[];
  settings?: Settings;
  request?: PlanRequest;
  approval?: Approval;
}

/** A plan as the use cases give it, with its files. */
export function plannedOf(plan: Plan, more: Partial<PlanResult> = {}): PlanResult {
  const names = ['plan.json', 'delete-images.yaml', 'summary.md', 'report.html'];
  return {
    plan,
    collections: [],
    failures: [],
    diagnostics: [],
    files: new Map(names.map((name) => [name, `${name} of ${plan.digest}`])),
    ...more,
  };
}

/** A result in which every change was done. */
export function resultOf(plan: Plan, outcomes?: readonly Outcome[]): Result {
  const all = plan.changes.map(
    (change): Outcome => ({ change, result: 'done', ms: 100, bytes: change.bytes }),
  );
  const given = outcomes ?? all;
  const failed = given.some((outcome) => outcome.result === 'failed');
  return {
    formatVersion: '1.0',
    planDigest: plan.digest,
    plan,
    status: failed ? 'partial' : 'applied',
    outcomes: given,
    startedAt: '2026-01-02T14:01:02Z',
    endedAt: '2026-01-02T14:01:03Z',
    traffic: { requests: 1, writes: 1, retries: 0, bytesReceived: 0, bytesSent: 0 },
    run: 17,
    verified: given.length,
    notes: [],
  };
}

/** Use cases that give prepared answers and keep what they were asked. */
export function fakeJobs(
  planned: PlanResult = plannedOf(planOf([])),
  more: Partial<ActionJobs> = {},
): { jobs: ActionJobs; asked: Asked } {
  const asked: Asked = { calls: [] };
  const keep = (call: string, settings: Settings, request?: PlanRequest): void => {
    asked.calls.push(call);
    asked.settings = settings;
    if (request) asked.request = request;
  };
  const check = { done: 3, total: 3, imageFailures: [], notes: [] };
  const jobs: ActionJobs = {
    async plan(settings, request) {
      keep('plan', settings, request);
      return planned;
    },
    async planAndApply(settings, request, { approve, listener }) {
      keep('apply', settings, request);
      if (planned.plan === undefined) return { planned, refusals: [] };
      asked.approval = await approve(planned.plan);
      const result = resultOf(planned.plan);
      const total = result.outcomes.length;
      listener({ type: 'phase', phase: 'mirror', total });
      for (const [index, outcome] of result.outcomes.entries()) {
        listener({ type: 'outcome', outcome, index, total });
      }
      listener({ type: 'phase', phase: 'done', total: 0 });
      const files = new Map([
        ['result.json', '{}'],
        ['report.html', '<p>'],
        ['cluster-resources/idms-oc-mirror.yaml', 'kind: ImageDigestMirrorSet'],
      ]);
      return { planned, applied: { result, files }, refusals: [] };
    },
    async mirror(settings) {
      keep('mirror', settings);
      throw new Error('no mirror is prepared');
    },
    async verify(settings) {
      keep('verify', settings);
      return check;
    },
    async restore(settings, { undo }) {
      keep(`restore ${undo}`, settings);
      return { ...check, changed: check.done };
    },
    ...more,
  };
  return { jobs, asked };
}
