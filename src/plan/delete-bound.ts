import type { Diagnostic } from '../diagnostic.ts';
import { PlanError } from '../errors.ts';
import { isAttached, placeKey } from '../imageset/index.ts';
import type { Change } from './change.ts';
import { countLost } from './successors.ts';
import type { Plan, PlanInput } from './types.ts';

/** A plan that deletes more than `max-delete` allows. */
export interface DeleteExcess {
  readonly deletes: number;
  /** Deletes without a successor: only these count. */
  readonly lost: number;
  readonly allowed: number;
  /** Places that lie in the target as far as the plan and the state know. */
  readonly mirrored: number;
}

type Bounded = Pick<Plan, 'changes' | 'options'>;

/** Counts the images of the target that are ours, without signatures: those of the state and those that the plan found. */
export function countMirrored(
  { changes }: Pick<Plan, 'changes'>,
  state: PlanInput['state'],
): number {
  const isThere = ({ action }: Change): boolean => action !== 'mirror';
  const places = [...state, ...changes.filter(isThere)].filter((one) => !isAttached(one));
  return new Set(places.map(placeKey)).size;
}

/** Gives the number of deletes without a successor that `max-delete` allows. */
export function allowedDeletes({ maxDelete }: Plan['options'], mirrored: number): number {
  // The small summand makes up for shares like 0.57, of which 100 times is a little less than 57.
  return 'count' in maxDelete ? maxDelete.count : Math.floor(maxDelete.share * mirrored + 1e-9);
}

/**
 * Compares the deletes of a plan with `max-delete`; gives `undefined` when they are within it.
 *
 * Untagging does not count: nothing is lost by it. Neither does a delete with a successor, nor a signature, which goes with its
 * image.
 */
export function findDeleteExcess(
  { changes, options }: Bounded,
  mirrored: number,
): DeleteExcess | undefined {
  const deletes = changes.filter((one) => one.action === 'delete' && !isAttached(one)).length;
  const lost = countLost(changes);
  const allowed = allowedDeletes(options, mirrored);
  return lost > allowed ? { deletes, lost, allowed, mirrored } : undefined;
}

function sentence({ deletes, lost, allowed, mirrored }: DeleteExcess): string {
  const has = lost === 1 ? 'has' : 'have';
  return `The plan deletes ${deletes} of ${mirrored} mirrored images, of which ${lost} ${has} no successor; max-delete allows ${allowed}.`;
}

function remedy({ lost }: DeleteExcess): string {
  return `If all of them should go, plan again with max-delete ${lost}; otherwise remove fewer images at once.`;
}

/** Says as a finding that a plan will be refused. */
export function diagnoseDeleteExcess(excess: DeleteExcess): Diagnostic {
  return {
    severity: 'error',
    code: 'max-delete',
    summary: 'The plan deletes more than max-delete allows; its removals would wait.',
    detail: `${sentence(excess)} ${remedy(excess)}`,
    fix: `max-delete: ${excess.lost}`,
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
