import { canonicalJson } from '../base/index.ts';
import { messageOf, PlanError } from '../errors.ts';
import { changeKey, countActions, isOfPlace } from './change.ts';
import { planDigest } from './digest.ts';
import type { Plan } from './types.ts';

const formatVersions: readonly unknown[] = ['1.0', '1.1'] satisfies Plan['formatVersion'][];

function malformed(path: string, why: string, cause?: unknown): PlanError {
  return new PlanError('PLAN_FORMAT', `This is no usable plan: ${path || '/'} ${why}.`, {
    cause,
    hint: 'Use plan.json as this tool wrote it, or plan again.',
  });
}

function checkVersion(value: unknown): void {
  if (typeof value !== 'object' || value === null || !('formatVersion' in value)) return;
  if (formatVersions.includes(value.formatVersion)) return;
  throw new PlanError(
    'PLAN_FORMAT',
    `The plan at /formatVersion has a format that is not one of ${formatVersions.join(', ')}.`,
    { hint: 'Plan and apply with the same version of imageset-mirror.' },
  );
}

function checkPlaces({ changes }: Plan): void {
  const places = new Set<string>();
  for (const [index, change] of changes.entries()) {
    const key = changeKey(change);
    if (places.has(key)) throw malformed(`/changes/${index}`, 'names a place for the second time');
    if (!isOfPlace(change) && change.action !== 'delete' && change.action !== 'hold') {
      throw malformed(`/changes/${index}/replacedBy`, 'stands where nothing is deleted or held');
    }
    places.add(key);
  }
}

/** What views show and doors decide by has to be what would be done. */
function checkTotals({ changes, totals }: Plan): void {
  for (const [action, count] of Object.entries(countActions(changes))) {
    if (totals[action as keyof Plan['totals']] !== count) {
      throw malformed(`/totals/${action}`, `is not ${count}, which the changes add up to`);
    }
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
    throw malformed('', `is no JSON (${messageOf(cause)})`, cause);
  }
  checkVersion(value);
  // Most runs read no plan, and what checks one is a fifth of their start.
  const { validatePlan } = await import('./plan-validator.ts');
  if (!validatePlan(value)) {
    const [first] = validatePlan.errors ?? [];
    const extra = first?.params['additionalProperty'];
    const name = extra === undefined ? '' : ` ("${extra}")`;
    throw malformed(first?.instancePath ?? '', `${first?.message ?? 'is wrong'}${name}`);
  }
  checkPlaces(value);
  checkTotals(value);
  if (planDigest(value) !== value.digest) {
    throw malformed('/digest', 'is not the digest of the changes; the file was altered');
  }
  return value;
}
