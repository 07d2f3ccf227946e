import {
  CancelledError,
  CopyError,
  codeOf,
  MirrorError,
  messageOf,
  RegistryError,
} from '../errors.ts';
import { isAttached, placeKey } from '../imageset/index.ts';
import { type Change, isBring } from '../plan/index.ts';
import type { Outcome } from './types.ts';

/** Turns what was thrown into the outcome of a change. */
export function failedOutcome(change: Change, thrown: unknown): Outcome {
  const hint = thrown instanceof MirrorError ? thrown.hint : undefined;
  return {
    change,
    result: 'failed',
    code: codeOf(thrown),
    ...(thrown instanceof CopyError && { side: thrown.side }),
    message: messageOf(thrown),
    ...(hint !== undefined && { hint }),
  };
}

/** Gives an outcome of a change that was deliberately not done. */
export function heldOutcome(change: Change, detail: string): Outcome {
  return { change, result: 'held', detail };
}

/** Gives an outcome of a change that was not done this time: a later plan asks for it again. */
export function postponedOutcome(change: Change, detail: string): Outcome {
  return { change, result: 'held', detail, again: true };
}

/** Statuses by which registries say that a rule of their own keeps a tag or manifest: immutable, or part of an index. */
const keptByRule: readonly number[] = [409, 412];

/** Turns what was thrown by a removal into its outcome: what the registry keeps by a rule is held, and planned again. */
export function unremovedOutcome(change: Change, thrown: unknown): Outcome {
  const status = thrown instanceof RegistryError ? thrown.status : undefined;
  return keptByRule.includes(status ?? 0)
    ? fixedOutcome(change, thrown)
    : failedOutcome(change, thrown);
}

/** Gives the outcome of a change that a rule of the registry forbids: it is planned again. */
export function fixedOutcome(change: Change, answer: unknown): Outcome {
  return postponedOutcome(change, `the registry keeps it by a rule: ${messageOf(answer)}`);
}

/** Tells whether a registry refused a manifest for its form: it does not take manifests of this kind. */
function isRefusedForm(thrown: unknown): boolean {
  const cause = thrown instanceof CopyError && thrown.side === 'target' ? thrown.cause : undefined;
  return (
    cause instanceof RegistryError &&
    [400, 415].includes(cause.status ?? 0) &&
    cause.specCodes.some((code) => code === 'MANIFEST_INVALID' || code === 'UNSUPPORTED')
  );
}

/** Holds an attachment that the registry does not take: its image is there without it. @throws any other failure as it is */
export function refusedOutcome(change: Change, thrown: unknown): Outcome {
  if (!isAttached(change) || !isRefusedForm(thrown)) throw thrown;
  return heldOutcome(change, `the registry does not take it: ${messageOf(thrown)}`);
}

/** Says once how attachments that the registry does not take can be mirrored or left out. */
export function refusedNotes(outcomes: readonly Outcome[]): string[] {
  const refused = outcomes.filter(
    ({ change, result }) => isBring(change) && isAttached(change) && result === 'held',
  );
  const [first] = refused;
  if (first?.result !== 'held') return [];
  const count = refused.length === 1 ? '1 attachment' : `${refused.length} attachments`;
  return [
    `${count} of images could not be mirrored, the first ${placeKey(first.change)}: ${first.detail} Let the registry take artifacts (Quay: FEATURE_GENERAL_OCI_SUPPORT), or leave them out by signatures: skip.`,
  ];
}

/** Gives an outcome of a change whose turn never came. */
export function skippedOutcome(change: Change, detail: string): Outcome {
  return { change, result: 'skipped', detail };
}

/** Why the turn of a change never came. */
export const cancelled = 'the run was cancelled before its turn';

/** Tells whether an error was caused by the user's cancellation. */
function isCancelled(thrown: unknown): boolean {
  for (let at = thrown; at instanceof Error; at = at.cause) {
    if (at instanceof CancelledError) return true;
  }
  return false;
}

/**
 * Does one deed, whatever comes of it.
 *
 * One that had not begun when the run was cancelled is skipped; any failure belongs to its own change alone.
 */
export async function attemptDeed(
  change: Change,
  work: () => Promise<Outcome>,
  signal: AbortSignal | undefined,
): Promise<Outcome> {
  if (signal?.aborted) return skippedOutcome(change, cancelled);
  try {
    return await work();
  } catch (thrown) {
    if (isCancelled(thrown)) return skippedOutcome(change, 'the run was cancelled');
    return failedOutcome(change, thrown);
  }
}

/** Gives what was come to instead when the run is cancelled in the middle of a work: what was done is told all the same. */
export async function unlessCancelled<Answer>(
  work: Promise<Answer>,
  instead: Answer,
): Promise<Answer> {
  try {
    return await work;
  } catch (thrown) {
    if (thrown instanceof CancelledError) return instead;
    throw thrown;
  }
}
