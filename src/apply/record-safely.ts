import { mapParallel } from '../base/index.ts';
import { InvariantError } from '../errors.ts';
import { placeKey } from '../imageset/index.ts';
import { type BringChange, changeKey, type PlaceChange } from '../plan/index.ts';
import type { AppliedRun } from '../state/index.ts';
import { claimsOf, newlyWanted, wholeOf } from './claims.ts';
import { targetRepository } from './endpoints.ts';
import { mirrorAll } from './mirror-phase.ts';
import { type Done, recordEnd } from './record.ts';
import type { BegunRequest } from './request.ts';
import { awaitDeletes } from './respect.ts';
import type { Outcome } from './types.ts';
import { verifyMirrored } from './verify-phase.ts';

/** Finds what is not, or not wholly, where it should be. */
async function findGone(
  wanted: readonly PlaceChange[],
  { endpoints, input }: BegunRequest,
): Promise<readonly PlaceChange[]> {
  const isThere = async (change: PlaceChange): Promise<boolean> => {
    const { manifests } = targetRepository(endpoints, change.repository);
    if ((await manifests.resolve(change.tag))?.digest !== change.digest) return false;
    // Of an index that was limited to platforms the others were never there.
    if (change.platforms) return true;
    const [, ...below] = wholeOf(change.digest, input.observation);
    const found = await Promise.all(below.map((digest) => manifests.resolve(digest)));
    return !found.includes(undefined);
  };
  const gone = await mapParallel(wanted, endpoints.parallel, async (change) =>
    (await isThere(change)) ? [] : [change],
  );
  return gone.flat();
}

/** Mirrors images again that another run deleted; the earlier observation of the target does not count any more. */
async function mirrorAgain(
  gone: readonly PlaceChange[],
  request: BegunRequest,
): Promise<readonly Outcome[]> {
  const { input, ledger } = request;
  const pinned = new Map(input.after.map((one) => [placeKey(one.target), one.source]));
  const moves = gone.map((change): BringChange => {
    const source = pinned.get(placeKey(change));
    if (!source)
      throw new InvariantError(`${placeKey(change)} is wanted, and nothing says from where.`);
    const { previous: _, holders: __, tagless: ___, ...facts } = change;
    const fate = { action: 'mirror', reason: 'missing' } as const;
    return { ...facts, ...fate, source: `${source.registry}/${source.repository}` };
  });
  const observation = { ...input.observation, repositories: new Map(), present: new Set<never>() };
  const afresh = { ...request, input: { ...input, state: [], observation } };
  await ledger.say({ claims: claimsOf(moves, input.observation) });
  return await verifyMirrored(await mirrorAll(moves, afresh), 'resolved', afresh);
}

/**
 * Records what was done, and looks once more at what is newly wanted where another run wrote meanwhile: it may have
 * deleted that before it could know. Missing images are mirrored again, once.
 */
export async function recordSafely(
  request: BegunRequest,
  done: Done,
): Promise<{ readonly outcomes: readonly Outcome[]; readonly run: AppliedRun | undefined }> {
  const { plan, stored, ledger, input } = request;
  const failed = new Set(
    done.outcomes.filter(({ result }) => result !== 'done').map(({ change }) => changeKey(change)),
  );
  const wanted = newlyWanted(plan, stored.state).filter((one) => !failed.has(changeKey(one)));
  const run = await recordEnd(request, done);
  if (wanted.length === 0 || !ledger.hasOthers || request.signal?.aborted)
    return { outcomes: done.outcomes, run };
  await awaitDeletes(claimsOf(wanted, input.observation), request);
  const gone = await findGone(wanted, request);
  if (gone.length === 0) return { outcomes: done.outcomes, run };
  const again = await mirrorAgain(gone, request);
  const renewed = new Set(gone.map(changeKey));
  const others = done.outcomes.filter(({ change }) => !renewed.has(changeKey(change)));
  const outcomes = [...others, ...again];
  return { outcomes, run: await recordEnd(request, { ...done, outcomes }) };
}
