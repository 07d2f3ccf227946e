import { canonicalJson, compareChanges, compareText } from '../base/index.ts';
import { digestOf } from '../oci/index.ts';
import type { Change } from './change.ts';
import type { Plan } from './types.ts';

/** A deed as plans of the format 1.0 digest it. */
function formerDeedOf(change: Change) {
  return { ...deedOf(change), platforms: undefined, succeeded: undefined };
}

function deedOf(change: Change) {
  const { action, repository, tag, digest, previous, replacedBy, source, platforms } = change;
  const deed = { action, repository, tag, digest, previous, replacedBy, source, platforms };
  return action === 'delete' && change.succeeded ? { ...deed, succeeded: true } : deed;
}

/** Plans of the format 1.0 left out all limits but what prunes. */
function limitsOf({ formatVersion, options }: Digested) {
  if (formatVersion === '1.0') return { prune: options.prune };
  return { options: { ...options, protect: [...options.protect].sort(compareText) } };
}

type Digested = Pick<Plan, 'formatVersion' | 'target' | 'head' | 'changes' | 'options'>;

/**
 * Gives the digest by which a plan is reviewed.
 *
 * It covers the format, the target, every limit (`prune`, `max-delete`, `protect`), the deeds at each place, and which deletes
 * `max-delete` does not count.
 * Kept places, reasons, positions, bytes, findings, commits and the time are left out, so that a squash merge
 * keeps it. The fact that something newer was applied before is part of it.
 */
export function planDigest(plan: Digested): string {
  const { formatVersion, target, head } = plan;
  const changes = plan.changes.filter(({ action }) => action !== 'keep').toSorted(compareChanges);
  const text = canonicalJson({
    formatVersion,
    target: { registry: target.registry, prefix: target.prefix },
    ...(head.isOlder && { isOlder: true }),
    ...limitsOf(plan),
    deeds: changes.map(formatVersion === '1.0' ? formerDeedOf : deedOf),
  });
  return digestOf(new TextEncoder().encode(text));
}
