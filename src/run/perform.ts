import { type ApplyRequest, applyPlan, type Result } from '../apply/index.ts';
import { type PinFailure, placeKey, type ReleaseSignature } from '../imageset/index.ts';
import { renderResultReport } from '../views/index.ts';
import { groupFailures, sayImages } from './given-up.ts';
import { findServedSignatures } from './kept-signatures.ts';
import { formatResources, type ServedImage, servedImages } from './resources.ts';
import { areaOf, type Session } from './session.ts';
import type { ApplyResult, Listener } from './types.ts';

/** What an apply needs beside the session. */
export type PlannedWork = Pick<ApplyRequest, 'plan' | 'input' | 'stored' | 'imageSets'> & {
  readonly signatures: readonly ReleaseSignature[];
  /** Images that are wanted and that nobody can say what they are. */
  readonly unpinned: readonly PinFailure[];
  /** Says what of the image sets could not be collected; absent: everything was. */
  readonly uncollected?: readonly string[];
  /** Adds to a result what is known only once the deeds are done. */
  readonly complete?: (result: Result) => Promise<Result>;
};

/** An image that could not even be named, or an entry without any, is a part of the run that failed. */
function withUnnamed(
  result: Result,
  { unpinned, uncollected = [] }: Pick<PlannedWork, 'unpinned' | 'uncollected'>,
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
  const outcome = result.outcomes.some((one) => one.result === 'done') ? 'partial' : 'failed';
  const unmet = unpinned.length + uncollected.length;
  return { ...result, outcome, unmet, notes: [...notes, ...result.notes] };
}

/** A catalog that could not be brought must not be named to clusters, unless an older one lies at its place. */
function isServed({ outcomes }: Result): (image: ServedImage) => boolean {
  const missing = outcomes
    .filter(({ result, change }) => change.action === 'mirror' && result !== 'done')
    .map(({ change }) => placeKey(change));
  const lost = new Set(missing);
  return (image) => image.kind !== 'operatorCatalog' || !lost.has(placeKey(image));
}

/** Texts of this run, and of the other image sets as they were applied last. */
function knownTexts({ imageSets = [], stored }: Pick<PlannedWork, 'imageSets' | 'stored'>) {
  const names = new Set(imageSets.map(({ name }) => name));
  return [...imageSets, ...stored.state.imageSets.filter(({ name }) => !names.has(name))];
}

/** Applies a plan and writes down what came of it. */
export async function perform(
  { signatures, unpinned, uncollected = [], complete, ...facts }: PlannedWork,
  session: Session,
  listener: Listener,
): Promise<ApplyResult> {
  const { settings, endpoints, store } = session;
  const { clock, signal, log } = settings;
  // A wish that could not be pinned is not done: the texts are recorded by a run that does all of them.
  const imageSets = unpinned.length > 0 ? undefined : facts.imageSets;
  const area = areaOf(session);
  const request = { ...facts, area, imageSets, endpoints, store, clock, signal, log, listener };
  const done = withUnnamed(await applyPlan(request), { unpinned, uncollected });
  const completed = complete ? await complete(done) : done;
  const served = servedImages(facts.plan, facts.input.state);
  const known = await findServedSignatures(served, signatures, session);
  const result = { ...completed, notes: [...completed.notes, ...known.notes] };
  const images = served.filter(isServed(result));
  const texts = knownTexts(facts);
  const resources = formatResources(
    { images, signatures: known.signatures, imageSets: texts },
    settings,
  );
  return {
    result,
    files: new Map([
      ['result.json', `${JSON.stringify(result, undefined, 1)}\n`],
      ['report.html', renderResultReport(result)],
      ...[...resources].map(([name, text]) => [`cluster-resources/${name}`, text] as const),
    ]),
  };
}
