import {
  changeKey,
  createPlan,
  holdBack,
  isOfPlace,
  isRemoval,
  type Plan,
  type RemovalChange,
} from '../plan/index.ts';
import { observe } from './observe.ts';
import { heldOutcome, postponedOutcome } from './outcomes.ts';
import type { BegunRequest } from './request.ts';
import type { Outcome } from './types.ts';

/** Parts removals into those that a later plan decides alike, and those that it would not do any more. */
function stillRight(removals: readonly RemovalChange[], later: Plan) {
  const decided = new Map(later.changes.map((change) => [changeKey(change), change]));
  const right: RemovalChange[] = [];
  const held: Outcome[] = [];
  for (const change of removals) {
    const now = decided.get(changeKey(change));
    if (!now && !isOfPlace(change)) {
      held.push(heldOutcome(change, 'it is gone already, or something else names it by now'));
      continue;
    }
    const isSame =
      now === undefined || (now.action === change.action && now.digest === change.digest);
    if (isSame) right.push(change);
    else
      held.push(postponedOutcome(change, `the target changed meanwhile: it is ${now.reason} now`));
  }
  return { right, held };
}

/** Narrows a plan to some of its removals: the others are held, and keep everything that they need. */
export function narrowed(plan: Plan, removals: readonly RemovalChange[]): Plan {
  const going = new Set(removals.map(changeKey));
  const changes = plan.changes.map((change) =>
    isRemoval(change) && !going.has(changeKey(change)) ? holdBack(change) : change,
  );
  return { ...plan, changes };
}

/** The removals that a second look still allows, and those that it does not. */
export interface Reconsidered {
  readonly request: BegunRequest;
  readonly removals: readonly RemovalChange[];
  readonly held: readonly Outcome[];
}

/** Looks at the target and the state again and decides again, by the same rules; removes nothing more than before. */
export async function reconsider(
  removals: readonly RemovalChange[],
  request: BegunRequest,
): Promise<Reconsidered> {
  const { endpoints, ledger } = request;
  const { after: wanted, before: base, options } = request.input;
  // A list of places is about the registry alone.
  const state = request.input.explicit ? request.input.state : ledger.state.placements;
  const { observation } = await observe(
    { wanted, base, state, prune: options.prune, tagLists: request.stored.tagLists },
    endpoints,
  );
  const input = { ...request.input, state, observation };
  const later = createPlan(input);
  const { right, held } = stillRight(removals, later);
  const plan = { ...narrowed(later, right), digest: request.plan.digest };
  return { request: { ...request, input, plan }, removals: right, held };
}
