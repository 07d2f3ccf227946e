import { digestOf } from '../oci/index.ts';
import { canonicalJson } from './canonical.ts';
import { compareChanges } from './order.ts';
import type { Action, Change, Plan } from './types.ts';

const writes: ReadonlySet<Action> = new Set(['mirror', 'retag', 'delete', 'untag']);

/** Tells whether a change asks for anything to be written to the target. */
export function isDeed(change: Change): boolean {
  return writes.has(change.action);
}

function deedOf({ action, repository, tag, digest, previous, replacedBy, source }: Change) {
  return { action, repository, tag, digest, previous, replacedBy, source };
}

/**
 * Gives the digest by which a plan is reviewed.
 *
 * It covers the format, the target, what prunes, and what happens to which place; what is merely kept, reasons,
 * positions, bytes, findings, commits and the time are left out, so that a squash merge keeps it.
 */
export function planDigest(
  plan: Pick<Plan, 'formatVersion' | 'target' | 'changes'> & {
    readonly options: Pick<Plan['options'], 'prune'>;
  },
): string {
  const { formatVersion, target, options } = plan;
  const changes = plan.changes.filter(({ action }) => action !== 'keep').toSorted(compareChanges);
  const text = canonicalJson({
    formatVersion,
    target: { registry: target.registry, prefix: target.prefix },
    prune: options.prune,
    deeds: changes.map(deedOf),
  });
  return digestOf(new TextEncoder().encode(text));
}
