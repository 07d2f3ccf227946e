import { CancelledError } from '../errors.ts';
import { changeKey, type RemovalChange } from '../plan/index.ts';
import { formatRunId, type PendingRun } from '../state/index.ts';
import { deletesOf } from './claims.ts';
import { type Ledger, leaseMs } from './ledger.ts';
import { postponedOutcome } from './outcomes.ts';
import type { BegunRequest } from './request.ts';
import type { Outcome } from './types.ts';

/** Milliseconds between two looks at what another run is about. */
const pollMs = 2_000;
/** A run that deletes for longer than this is not waited for: what it took is mirrored again at the end. */
const patienceMs = 4 * leaseMs;

/** Finds a run that is about to delete something of these. */
function deleterOf(claims: ReadonlySet<string>, { others }: Ledger): PendingRun | undefined {
  return others.find(({ deletes }) => deletes.some((one) => claims.has(one)));
}

/**
 * Waits while another run deletes something that this one needs. Gives whether it had to.
 *
 * Bounded: a run that does not say anew that it goes on is believed for a quarter of an hour.
 */
export async function awaitDeletes(
  claims: readonly string[],
  { ledger, clock, signal, log }: BegunRequest,
): Promise<boolean> {
  const needed = new Set(claims);
  const started = clock.now();
  let waitsFor: string | undefined;
  for (;;) {
    const deleter = deleterOf(needed, ledger);
    if (!deleter || clock.now() > started + patienceMs) return waitsFor !== undefined;
    const name = formatRunId(deleter);
    if (name !== waitsFor) {
      log?.log(
        'info',
        `Run ${name} deletes images that this run needs: waiting for it, until ${deleter.until} at most.`,
      );
    }
    waitsFor = name;
    await clock.sleep(pollMs, signal).catch((cause: unknown) => {
      throw signal?.aborted ? new CancelledError() : cause;
    });
    await ledger.look();
  }
}

/** Parts removals into those that no other run needs, and those that stay for one. */
export async function yieldToOthers(
  removals: readonly RemovalChange[],
  request: BegunRequest,
): Promise<{ readonly free: readonly RemovalChange[]; readonly held: readonly Outcome[] }> {
  const { ledger } = request;
  const deletes = deletesOf(removals, request);
  // The target changed since the others were told: they are told once more before anything goes.
  await ledger.say({ deletes: [...deletes.values()].flat() });
  const claimed = new Set(ledger.others.flatMap(({ claims }) => claims));
  const isFree = (change: RemovalChange) =>
    !(deletes.get(changeKey(change)) ?? []).some((one) => claimed.has(one));
  return {
    free: removals.filter(isFree),
    held: removals
      .filter((change) => !isFree(change))
      .map((change) => postponedOutcome(change, 'another run wants it')),
  };
}
