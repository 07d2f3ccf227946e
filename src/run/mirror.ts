import { trafficOf } from '../apply/index.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { ConfigError } from '../errors.ts';
import {
  asksForCharts,
  type ConfigFile,
  contentKindOf,
  findConflicts,
  findNotBuilt,
  type ImageSet,
  inCopyOrder,
  loadImageSet,
  mappingLines,
} from '../imageset/index.ts';
import { findOperatorFacts } from '../operators/index.ts';
import { createPlan } from '../plan/index.ts';
import { diagnoseClusterPolicies, findAttached, settleAttached } from './attached/index.ts';
import { findOwnNames } from './base.ts';
import type { OpenedArchive } from './disk/index.ts';
import { collectAll, type Gathered, joinCollections, type Pinned, pinWanted } from './gather.ts';
import { imageFailuresOf } from './image-failures.ts';
import { plannedImageSets } from './image-set-records.ts';
import { uniqueDiagnostics } from './load.ts';
import { listChildren, routeOf } from './manifest-lists.ts';
import { type PlannedWork, perform } from './perform.ts';
import { formatPinned } from './pinned-config.ts';
import { assembleInput, lookAtTarget, type PlanFacts } from './plan-input.ts';
import { formatResources } from './resources.ts';
import { catalogStore, type Session, type SessionOptions, withSession } from './session.ts';
import { noState, outsideDiagnostics, readState, type Stored } from './stored.ts';
import { checkAccess } from './target-access.ts';
import type {
  ApplyResult,
  ImageFailure,
  KindCount,
  Listener,
  MirrorReport,
  MirrorRequest,
  Settings,
} from './types.ts';

/** Most runs know no archives: what they need is loaded by those that do. */
const archives = () => import('./disk/index.ts');

/** @throws ConfigError `CONFIG_INVALID` in oc-mirror's words, `NOT_BUILT` for what cannot be mirrored yet */
function load(files: readonly ConfigFile[]) {
  const loaded = files.map((file) => loadImageSet(file, 'ImageSetConfiguration'));
  const refusals = loaded.flatMap(({ refusal }) => refusal ?? []);
  if (refusals.length > 0) throw new ConfigError('CONFIG_INVALID', refusals.join('\n'));
  const imageSets = loaded.flatMap(({ imageSet }) => imageSet ?? []);
  const [missing] = imageSets.flatMap(findNotBuilt);
  if (missing) {
    const message = `${missing.summary} ${missing.detail ?? ''}`.trim();
    throw new ConfigError('NOT_BUILT', message, { at: missing.at });
  }
  return imageSets;
}

/** Codes of findings that oc-mirror ignores and a plan refuses. */
const passedOver = new Set(['operator-unknown-package', 'operator-unknown-channel']);

function asOcMirrorTakesIt(found: Diagnostic): Diagnostic {
  return passedOver.has(found.code) ? { ...found, severity: 'warning' } : found;
}

/** Gives the report of a run that copies nothing. */
function reportOf(head: Gathered, session: Session): MirrorReport {
  const kinds = Map.groupBy(head.placements, ({ kind }) => contentKindOf(kind));
  return {
    diagnostics: uniqueDiagnostics(head.diagnostics).map(asOcMirrorTakesIt),
    failures: head.failures,
    counts: [...kinds].map(([kind, { length }]) => ({ kind, collected: length, copied: 0 })),
    imageFailures: [],
    mapping: inCopyOrder(head.placements).flatMap((one) => mappingLines(one, routeOf(session))),
    clusterResources: new Map(),
    pinned: [],
    traffic: trafficOf(session.endpoints),
    notes: [],
  };
}

async function dryRun(
  head: Gathered,
  request: MirrorRequest,
  session: Session,
): Promise<MirrorReport> {
  const report = reportOf(head, session);
  const images = head.placements.map(({ origin, kind, target, causes }) => ({
    origin,
    kind,
    causes,
    ...target,
  }));
  const { signatures } = head;
  const served = { images, signatures, imageSets: request.files };
  const clusterResources = formatResources(served, session.settings);
  const { mapping, diagnostics } =
    request.dryRun === 'mapping'
      ? { mapping: report.mapping, diagnostics: [] }
      : await listChildren(head.placements, session);
  return {
    ...report,
    clusterResources,
    mapping,
    ...(request.toDisk && {
      missing: await (await archives()).findUncached(mapping, request.toDisk),
    }),
    diagnostics: [...report.diagnostics, ...diagnostics],
  };
}

/** @throws ConfigError `PLACEMENT_CONFLICT`: one of the two would be lost without a word */
function checkConflicts(pinned: Pinned): void {
  const [conflict] = findConflicts(pinned.pinned);
  if (!conflict) return;
  const message = `${conflict.summary} ${conflict.detail ?? ''}`.trim();
  throw new ConfigError('PLACEMENT_CONFLICT', message, { at: conflict.at });
}

/** Counts every image that did not fail: it is in the target now, whether it had to be copied or not. */
function countCopied(counts: readonly KindCount[], failures: readonly ImageFailure[]): KindCount[] {
  return counts.map((count) => {
    // A catalog has two places in a cache, and may fail at both.
    const origins = failures.flatMap(({ kind, origin, isAttached }) =>
      kind === count.kind && !isAttached ? [origin] : [],
    );
    const failed = new Set(origins).size;
    return { ...count, copied: count.collected - failed };
  });
}

interface MirrorRun {
  readonly session: Session;
  readonly listener: Listener;
  readonly request: MirrorRequest;
  /** The archive that is read instead of sources. */
  readonly opened: OpenedArchive | undefined;
}

async function mirrorAll(
  head: Gathered,
  stored: Stored,
  { session, listener, request, opened }: MirrorRun,
): Promise<MirrorReport> {
  const { collections } = head;
  const { state } = stored;
  const { toDisk } = request;
  const { ownImageSets, notices } = await findOwnNames(request, state);
  const wanted = toDisk
    ? head.placements.flatMap((await archives()).placesInCache)
    : head.placements;
  opened?.learn(wanted, session.target.prefix);
  const pinned = await pinWanted(wanted, state.placements, session);
  checkConflicts(pinned);
  const imageSets = collections.map(({ imageSet }) => imageSet);
  const attached = await findAttached(pinned.pinned, state.placements, session);
  const asked = { looked: attached.looked, images: pinned.pinned };
  const refused = await diagnoseClusterPolicies(collections, asked, session);
  const facts: PlanFacts = {
    before: [],
    after: [...pinned.pinned, ...attached.placements],
    state: state.placements,
    ownImageSets,
    imageSets: plannedImageSets(imageSets, request.files),
    graphs: collections.flatMap((one) => one.graphs),
    incomplete: pinned.failures.length > 0,
  };
  const { observation } = await lookAtTarget(facts, stored, session);
  const settled = await settleAttached(attached, observation, session);
  const after = [...pinned.pinned, ...settled];
  const input = await assembleInput({ ...facts, after, observation }, stored, session);
  const { files } = request;
  const work = { plan: createPlan(input), input, stored, head, pinned, files };
  if (opened) await (await archives()).checkArchive(work, opened, session);
  const done = await perform(work, session, listener);
  const mirrored = reportMirrored(reportOf(head, session), done, work);
  const found = [...mirrored.diagnostics, ...notices, ...attached.diagnostics, ...refused];
  const report = { ...mirrored, diagnostics: found };
  if (!toDisk || report.imageFailures.length > 0 || session.settings.signal?.aborted) return report;
  listener({ type: 'archiving' });
  const cached = { collections, pinned: after };
  const { archiveImages } = await archives();
  return { ...report, archive: await archiveImages(cached, { toDisk, files }, session.settings) };
}

/** Adds to the report of a run what came of its plan. */
function reportMirrored(
  report: MirrorReport,
  { result, files }: ApplyResult,
  { head, pinned }: PlannedWork,
): MirrorReport {
  const imageFailures = imageFailuresOf(result, pinned);
  const folder = 'cluster-resources/';
  const resources = [...files].filter(([name]) => name.startsWith(folder));
  return {
    ...report,
    counts: countCopied(report.counts, imageFailures),
    imageFailures,
    clusterResources: new Map(resources.map(([name, text]) => [name.slice(folder.length), text])),
    pinned: head.collections.map((collection) => ({
      imageSet: formatPinned(collection, pinned.pinned),
      deleteImageSet: formatPinned(collection, pinned.pinned, 'DeleteImageSetConfiguration'),
    })),
    traffic: result.traffic,
    notes: result.notes,
    stale: result.plan.stale,
  };
}

/** Adds what is to be said of operators next to each other, and next to what was last mirrored. */
async function withOperatorFacts(
  head: Gathered,
  { state }: Stored,
  { settings }: Session,
): Promise<Gathered> {
  const { collections, failures } = head;
  // A catalog that could not be filtered cannot be compared.
  if (failures.length > 0) return head;
  const { diagnostics } = await findOperatorFacts({
    head: collections,
    base: collections,
    state,
    ownImageSets: new Set(collections.map(({ imageSet }) => imageSet.identity)),
    store: catalogStore(settings),
  });
  return { ...head, diagnostics: [...head.diagnostics, ...diagnostics] };
}

/**
 * Mirrors what image sets ask for, and deletes nothing.
 *
 * With a failure of collection nothing is copied, as with oc-mirror. A dry run asks the target only whether it lets us in.
 * @throws ConfigError for files that are refused, RegistryError when the target does not let us in
 */
export async function mirror(
  settings: Settings,
  request: MirrorRequest,
  listener: Listener,
): Promise<MirrorReport> {
  const imageSets = load(request.files);
  const { toDisk, fromDisk } = request;
  const isCopy = request.dryRun === 'no';
  const facts = { settings, imageSets };
  const opened = fromDisk && (await (await archives()).openArchive(fromDisk, facts, listener));
  const isToCache = toDisk !== undefined && isCopy;
  const cache = isToCache ? (await archives()).cacheAsTarget(toDisk.cache) : undefined;
  // oc-mirror's tag of what `--ignore-release-signature` lets through.
  const options: SessionOptions = {
    ...(settings.verifySignatures === 'off' && { unverifiedTag: 'digest' }),
    rebuilding: isCopy ? 'make' : 'name',
    disk: cache ?? opened?.disk,
  };
  const report = await withSession(
    settings,
    (session) => mirrorIn({ session, listener, request, opened }, imageSets),
    options,
  );
  return opened ? { ...report, loaded: opened.loaded } : report;
}

async function mirrorIn(run: MirrorRun, imageSets: readonly ImageSet[]): Promise<MirrorReport> {
  const { session, listener, request } = run;
  const isCopy = request.dryRun === 'no';
  // Collecting can take minutes; a target that refuses is told before.
  const notes = await checkAccess(request, session);
  const stored = isCopy ? await readState(session) : noState;
  listener({ type: 'collecting', kind: 'release' });
  listener({ type: 'collecting', kind: 'operator' });
  listener({ type: 'collecting', kind: 'additional' });
  if (imageSets.some(asksForCharts)) listener({ type: 'collecting', kind: 'helm' });
  const joined = joinCollections(await collectAll(imageSets, session), session.settings.helmValues);
  const gathered = {
    ...joined,
    diagnostics: [...joined.diagnostics, ...notes, ...outsideDiagnostics(stored)],
  };
  const head = await withOperatorFacts(gathered, stored, session);
  if (head.failures.length > 0 || head.placements.length === 0) return reportOf(head, session);
  return isCopy ? await mirrorAll(head, stored, run) : await dryRun(head, request, session);
}
