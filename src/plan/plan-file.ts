import type { BaseIssue } from 'valibot';
import { canonicalJson, isRecord } from '../base/index.ts';
import { messageOf, PlanError } from '../errors.ts';
import { type Action, changeKey, countActions } from './change.ts';
import { actions, formatVersions } from './closed-sets.ts';
import { planDigest } from './digest.ts';
import type { Plan } from './types.ts';

function malformed(path: string, why: string, cause?: unknown): PlanError {
  return new PlanError('PLAN_FORMAT', `This is no usable plan: ${path || 'the file'} ${why}.`, {
    cause,
    hint: 'Use plan.json as this tool wrote it, or plan again.',
  });
}

function checkVersion(value: unknown): void {
  if (!isRecord(value)) throw malformed('', 'must be object');
  const { formatVersion } = value;
  if (formatVersion === undefined || formatVersions.some((one) => one === formatVersion)) return;
  throw new PlanError(
    'PLAN_FORMAT',
    `The plan at /formatVersion has a format that is not one of ${formatVersions.join(', ')}.`,
    { hint: 'Plan and apply with the same version of imageset-mirror.' },
  );
}

/** Says where a value differs from the schema, and how. */
function differing(issue: BaseIssue<unknown>): PlanError {
  const { kind, expected, received, message } = issue;
  const keys = (issue.path ?? []).map(({ key }) => String(key));
  const last = keys.at(-1);
  const above = keys
    .slice(0, -1)
    .map((key) => `/${key}`)
    .join('');
  if (expected === 'never')
    return malformed(above, `must NOT have additional properties ("${last}")`);
  if (received === 'undefined') return malformed(above, `must have required property '${last}'`);
  const at = `${above}/${last}`;
  return malformed(at, kind === 'schema' ? `must be ${expected}` : message);
}

function checkPlaces({ changes }: Plan): void {
  const places = new Set<string>();
  for (const [index, change] of changes.entries()) {
    const key = changeKey(change);
    if (places.has(key)) throw malformed(`/changes/${index}`, 'names a place for the second time');
    places.add(key);
  }
}

type Counts = Readonly<Record<Action, number>>;

function checkCounts(path: string, found: Counts, told: Counts): void {
  for (const action of actions) {
    if (told[action] === found[action]) continue;
    throw malformed(`${path}/${action}`, `is not ${found[action]}, which the changes add up to`);
  }
}

/** Views and doors rely on the totals: they have to agree with the changes. */
function checkTotals({ changes, totals }: Plan): void {
  const { signatures, ...images } = countActions(changes);
  checkCounts('/totals', images, totals);
  const isTold = (totals.signatures !== undefined) === (signatures !== undefined);
  if (!isTold) throw malformed('/totals/signatures', 'does not fit the changes');
  if (signatures && totals.signatures) {
    checkCounts('/totals/signatures', signatures, totals.signatures);
  }
}

/** Writes a plan: JSON for machines and people, the same bytes for the same plan. */
export function encodePlan(plan: Plan): string {
  return `${canonicalJson(plan, 2)}\n`;
}

/**
 * Reads a plan that anybody may have touched.
 *
 * Strict: no field more or less than the schema has, no place twice, totals and digest as the changes give them.
 * @throws PlanError `PLAN_FORMAT`, naming the JSON path.
 */
export async function decodePlan(text: string): Promise<Plan> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw malformed('', `is not JSON (${messageOf(cause)})`, cause);
  }
  checkVersion(value);
  // Most runs read no plan, and need no schema.
  const [{ safeParse }, { planSchema }] = await Promise.all([
    import('valibot'),
    import('./plan-schema.ts'),
  ]);
  const { output, issues } = safeParse(planSchema, value, { abortEarly: true });
  if (issues) throw differing(issues[0]);
  const plan: Plan = output;
  checkPlaces(plan);
  checkTotals(plan);
  if (planDigest(plan) !== plan.digest) {
    throw malformed('/digest', 'is not the digest of the changes; the file was altered');
  }
  return plan;
}
