import { mapParallel } from '../base/index.ts';
import { ContentError } from '../errors.ts';
import { isAttached, placeKey } from '../imageset/index.ts';
import type { Change } from '../plan/index.ts';
import { findManifest } from '../registry/index.ts';
import { targetRepository } from './endpoints.ts';
import { failedOutcome } from './outcomes.ts';
import type { ApplyRequest } from './request.ts';
import type { Outcome } from './types.ts';

/** How sure one has to be: that every tag is listed, or also that it names what it should. */
export type Certainty = 'listed' | 'resolved';

type Check = (change: Change) => Promise<boolean>;

async function listedIn(
  changes: readonly Change[],
  { endpoints }: ApplyRequest,
): Promise<ReadonlySet<string>> {
  const repositories = [...new Set(changes.map(({ repository }) => repository))];
  const keys = await mapParallel(repositories, endpoints.parallel, async (name) => {
    const found = await targetRepository(endpoints, name).tags.survey();
    return (found?.tags ?? []).map((tag) => placeKey({ repository: name, tag }));
  });
  return new Set(keys.flat());
}

function checkBy(certainty: Certainty, listed: ReadonlySet<string>, request: ApplyRequest): Check {
  return async (change) => {
    if (certainty === 'listed' && listed.has(placeKey(change))) return true;
    const repository = targetRepository(request.endpoints, change.repository);
    return (await findManifest(repository, change.tag))?.digest === change.digest;
  };
}

function lost(change: Change): Outcome {
  const { repository, tag, digest } = change;
  const cause = new ContentError(
    'DIGEST_MISMATCH',
    `the target took ${repository}:${tag} and does not give it back`,
    {
      expected: digest,
      hint: "Look into the registry's own log, and at its storage; run again when it is sound.",
    },
  );
  return failedOutcome(change, cause);
}

/**
 * Looks whether everything that was mirrored is there; what is not has failed.
 *
 * The registry confirmed each digest when it was pushed; here its lists are read. A tag that no list has is asked for by name;
 * with `resolved` every tag is, which is what a plan needs that goes on to delete.
 */
export async function verifyMirrored(
  outcomes: readonly Outcome[],
  certainty: Certainty,
  request: ApplyRequest,
): Promise<readonly Outcome[]> {
  const done = outcomes.filter(({ result }) => result === 'done').map(({ change }) => change);
  if (done.length === 0) return outcomes;
  const total = done.filter((change) => !isAttached(change)).length;
  request.listener({ type: 'phase', phase: 'verify', total });
  const listed = certainty === 'listed' ? await listedIn(done, request) : new Set<string>();
  const check = checkBy(certainty, listed, request);
  return await mapParallel(outcomes, request.endpoints.parallel, async (outcome) => {
    const { change, result } = outcome;
    if (result !== 'done' || (await check(change))) return outcome;
    const failure = lost(change);
    request.listener({ type: 'outcome', outcome: failure, index: done.indexOf(change), total });
    return failure;
  });
}
