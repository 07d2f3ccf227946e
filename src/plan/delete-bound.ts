import type { Diagnostic } from '../diagnostic.ts';
import { PlanError } from '../errors.ts';
import { placeKey } from '../imageset/index.ts';
import type { Change } from './change.ts';
import type { Plan, PlanInput } from './types.ts';

/** A plan that deletes more than `max-delete` allows. */
export interface DeleteExcess {
  readonly deletes: number;
  readonly allowed: number;
  /** Places that lie in the target as far as the plan and the state know. */
  readonly mirrored: number;
}

type Bounded = Pick<Plan, 'changes' | 'options'>;

/** Counts the places of the target that are ours: what the state knows, and what the plan found there. */
export function countMirrored(
  { changes }: Pick<Plan, 'changes'>,
  state: PlanInput['state'],
): number {
  const isThere = ({ action }: Change): boolean => action !== 'mirror';
  return new Set([...state, ...changes.filter(isThere)].map(placeKey)).size;
}

/**
 * Compares the deletes of a plan with `max-delete`; gives `undefined` when they are within it.
 *
 * Untagging does not count: nothing is lost by it.
 */
export function findDeleteExcess(
  { changes, options }: Bounded,
  mirrored: number,
): DeleteExcess | undefined {
  const deletes = changes.filter(({ action }) => action === 'delete').length;
  const { maxDelete } = options;
  // The small summand makes up for shares like 0.57, of which 100 times is a little less than 57.
  const allowed =
    'count' in maxDelete ? maxDelete.count : Math.floor(maxDelete.share * mirrored + 1e-9);
  return deletes > allowed ? { deletes, allowed, mirrored } : undefined;
}

function sentence({ deletes, allowed, mirrored }: DeleteExcess): string {
  return `The plan deletes ${deletes} of ${mirrored} mirrored images; max-delete allows ${allowed}.`;
}

function remedy({ deletes }: DeleteExcess): string {
  return `If all of them should go, set max-delete to ${deletes} for this run; otherwise remove fewer images at once.`;
}

/** Says as a finding that a plan will be refused. */
export function diagnoseDeleteExcess(excess: DeleteExcess): Diagnostic {
  return {
    severity: 'error',
    code: 'max-delete',
    summary: 'The plan deletes more than max-delete allows; its removals would wait.',
    detail: `${sentence(excess)} ${remedy(excess)}`,
    fix: `max-delete: ${excess.deletes}`,
  };
}

/**
 * Refuses a plan that deletes too much; called before any deed.
 * @throws PlanError `DELETE_REFUSED` with the counts.
 */
export function checkDeleteBound(plan: Bounded, mirrored: number): void {
  const excess = findDeleteExcess(plan, mirrored);
  if (!excess) return;
  throw new PlanError('DELETE_REFUSED', `${sentence(excess)} Nothing was changed.`, {
    hint: remedy(excess),
  });
}
