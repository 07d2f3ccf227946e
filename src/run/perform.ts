import { type ApplyRequest, applyPlan, encodeResult, type Result } from '../apply/index.ts';
import { lastOfEach } from '../base/index.ts';
import { messageOf, RegistryError } from '../errors.ts';
import {
  type ConfigFile,
  groupFailures,
  placeKey,
  type ReleaseSignature,
  sayImages,
} from '../imageset/index.ts';
import type { Digest } from '../oci/index.ts';
import type { LocatedImage } from '../resources/index.ts';
import type { AppliedImageSet } from '../state/index.ts';
import { writeResultReport } from '../views/index.ts';
import { recordsOf } from './image-set-records.ts';
import type { MadePlan } from './make-plan.ts';
import { formatResources, type ServedImage, servedImages } from './resources.ts';
import type { Session } from './session.ts';
import { areaOf } from './stored.ts';
import type { ApplyResult, Listener } from './types.ts';

/** A plan to apply, with what it was made from. */
export type PlannedWork = Pick<MadePlan, 'plan' | 'input' | 'stored' | 'head' | 'pinned'> & {
  /** Files of the image sets, as far as they are at hand. */
  readonly files: readonly ConfigFile[];
  /** Says which parts of the image sets could not be collected; absent: none. */
  readonly uncollected?: readonly string[];
  /** The approvals of the plan; absent: none was needed. */
  readonly reviews?: readonly string[];
  /** Adds to a result what is known only once the deeds are done. */
  readonly complete?: (result: Result) => Promise<Result>;
};

/** An image that could not even be named, or an entry without any, is a part of the run that failed. */
function withUnnamed(
  result: Result,
  { pinned: { failures: unpinned }, uncollected = [] }: PlannedWork,
): Result {
  if (unpinned.length + uncollected.length === 0) return result;
  const { together, alone } = groupFailures(unpinned);
  const notes = [
    ...uncollected,
    ...together.map(
      (group) => `${group.failures.length} images (${sayImages(group)}): ${group.error.message}`,
    ),
    ...alone.map(({ placement, error }) => `${placement.origin}: ${error.message}`),
  ];
  const status = result.outcomes.some((one) => one.result === 'done') ? 'partial' : 'failed';
  const unmet = unpinned.length + uncollected.length;
  return { ...result, status, unmet, notes: [...notes, ...result.notes] };
}

/** Kinds of which a resource names a single image. */
const namedKinds: ReadonlySet<string> = new Set(['operatorCatalog', 'cincinnatiGraph']);

/** A catalog or graph image that could not be brought must not be named to clusters, unless an older one lies at its place. */
function isServed({ outcomes }: Result): (image: ServedImage) => boolean {
  const missing = outcomes
    .filter(({ result, change }) => change.action === 'mirror' && result !== 'done')
    .map(({ change }) => placeKey(change));
  const lost = new Set(missing);
  return (image) => !namedKinds.has(image.kind) || !lost.has(placeKey(image));
}

/** Adds to texts of this run those of the other image sets, as they were applied last. */
function withOtherTexts(own: readonly AppliedImageSet[], { stored }: PlannedWork) {
  const names = new Set(own.map(({ name }) => name));
  return [...own, ...stored.state.imageSets.filter(({ name }) => !names.has(name))];
}

/** Joins what an apply works with. */
export function applyRequest(
  work: Pick<PlannedWork, 'plan' | 'input' | 'stored' | 'reviews'>,
  session: Session,
  listener: Listener,
): ApplyRequest {
  const { plan, input, stored, reviews = [] } = work;
  const { endpoints, store } = session;
  const { clock, signal, log, env } = session.settings;
  const area = areaOf(session);
  const actor = env['GITHUB_ACTOR'] || env['USER'] || env['LOGNAME'];
  const credits = { ...(actor && { actor }), ...(reviews.length > 0 && { reviews }) };
  return { plan, input, stored, area, endpoints, store, credits, clock, signal, log, listener };
}

/** Applies a plan and writes the files of its result. */
export async function perform(
  work: PlannedWork,
  session: Session,
  listener: Listener,
): Promise<ApplyResult> {
  const { settings } = session;
  const { plan, input, stored, files } = work;
  const now = settings.clock.now();
  const records = recordsOf(plan, { files, state: stored.state, now });
  // An image that could not be pinned is not done. Only a run that does all of them records the texts.
  const imageSets = work.pinned.failures.length > 0 ? undefined : records;
  const request = { ...applyRequest(work, session, listener), imageSets };
  const done = withUnnamed(await applyPlan(request), work);
  const completed = work.complete ? await work.complete(done) : done;
  const served = servedImages(plan, input.state);
  const known = await findServedSignatures(served, work.head.signatures, session);
  const result = { ...completed, notes: [...completed.notes, ...known.notes] };
  const images = served.filter(isServed(result));
  const texts = withOtherTexts(records ?? [], work);
  const resources = formatResources(
    { images, signatures: known.signatures, imageSets: texts },
    settings,
  );
  return {
    result,
    files: new Map([
      ['result.json', encodeResult(result)],
      ['report.html', await writeResultReport(result)],
      ...[...resources].map(([name, text]) => [`cluster-resources/${name}`, text] as const),
    ]),
  };
}

type ServedRelease = Pick<LocatedImage, 'kind' | 'repository' | 'tag'> & {
  readonly digest: Digest;
};

/**
 * Gives the signatures of all releases that the target holds: those that were collected just now, and those of earlier runs. A
 * cluster that runs an older release still verifies it. Releases that were deleted are not named any more.
 *
 * Never throws: a note tells of a release without a signature. A server that does not answer is asked once.
 */
async function findServedSignatures(
  images: readonly ServedRelease[],
  collected: readonly ReleaseSignature[],
  { findSignature, target, settings }: Session,
) {
  if (settings.signal?.aborted) return { signatures: collected, notes: [] };
  const known = new Set(collected.map(({ digest }) => digest));
  const missing = images.filter(({ kind, digest }) => kind === 'ocpRelease' && !known.has(digest));
  const releases = lastOfEach(missing, ({ digest }) => digest);
  const found: ReleaseSignature[] = [];
  const notes: string[] = [];
  for (const { repository, tag, digest } of releases) {
    try {
      found.push(await findSignature({ registry: target.registry, repository, digest }));
    } catch (error) {
      if (settings.verifySignatures === 'off') continue;
      const lacks = `The ConfigMap of release signatures lacks ${repository}:${tag}`;
      notes.push(`${lacks}: ${messageOf(error)}`);
      if (error instanceof RegistryError) break;
    }
  }
  return { signatures: [...collected, ...found], notes };
}
