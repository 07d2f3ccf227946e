import { observe, trafficOf } from '../apply/index.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { ConfigError, messageOf, RegistryError } from '../errors.ts';
import {
  type Collection,
  findConflicts,
  findNotBuilt,
  inCopyOrder,
  loadImageSet,
  mappingLines,
} from '../imageset/index.ts';
import { findOperatorFacts } from '../operators/index.ts';
import { createPlan, type PlanInput } from '../plan/index.ts';
import { findOwnNames } from './base.ts';
import { collectAll, type Gathered, joinCollections, type Pinned, pinWanted } from './gather.ts';
import { imageFailuresOf } from './image-failures.ts';
import { plannedImageSets, recordsOf } from './image-set-records.ts';
import { contentKindOf } from './kinds.ts';
import { uniqueDiagnostics } from './load.ts';
import { listChildren, routeOf } from './manifest-lists.ts';
import { outsideDiagnostics } from './outside.ts';
import { perform } from './perform.ts';
import { formatPinned } from './pinned-config.ts';
import { formatResources } from './resources.ts';
import {
  catalogStore,
  doubtsOf,
  noState,
  readState,
  type Session,
  type SessionOptions,
  type Stored,
  withSession,
} from './session.ts';
import { settleInOrder } from './settle.ts';
import { toolName } from './tool.ts';
import type {
  ConfigFile,
  ImageFailure,
  KindCount,
  Listener,
  MirrorReport,
  MirrorRequest,
  Settings,
} from './types.ts';

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

/** @throws RegistryError with what the registry answered, in oc-mirror's frame */
async function checkAccess({ endpoints, target }: Session): Promise<void> {
  try {
    await endpoints.target.ping(target.registry);
  } catch (cause) {
    if (!(cause instanceof RegistryError)) throw cause;
    const message = `checking registry "${target.registry}" access: ${messageOf(cause)}`;
    throw new RegistryError(cause.code, message, { cause, hint: cause.hint });
  }
}

/** What oc-mirror passes over in silence and a plan refuses. */
const passedOver = new Set(['operator-unknown-package', 'operator-unknown-channel']);

function asOcMirrorTakesIt(found: Diagnostic): Diagnostic {
  return passedOver.has(found.code) ? { ...found, severity: 'warning' } : found;
}

/** What a run that copies nothing gives. */
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
  const signatures = head.collections.flatMap((one) => one.signatures);
  const clusterResources = formatResources(
    { images, signatures, imageSets: request.files },
    session.settings,
  );
  if (request.dryRun === 'mapping') return { ...report, clusterResources };
  const { mapping, diagnostics } = await listChildren(head.placements, session);
  return {
    ...report,
    clusterResources,
    mapping,
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

/** What a mirror run is about, once everything is collected. */
interface MirrorFacts {
  readonly session: Session;
  readonly listener: Listener;
  readonly request: MirrorRequest;
  readonly collections: readonly Collection[];
  readonly ownImageSets: ReadonlySet<string>;
}

async function inputOf(
  pinned: Pinned,
  stored: Stored,
  { session, collections, request, ownImageSets }: MirrorFacts,
): Promise<PlanInput> {
  const { options } = session.settings;
  const { placements: state } = stored.state;
  const doubts = doubtsOf(stored);
  const question = { wanted: pinned.pinned, base: [], state, prune: options.prune, ...doubts };
  const { observation } = await observe(question, session.endpoints);
  const imageSets = plannedImageSets(
    collections.map(({ imageSet }) => imageSet),
    request.files,
  );
  return {
    tool: toolName,
    target: session.target,
    base: { from: 'none' },
    head: { from: 'files' },
    options,
    imageSets,
    edits: [],
    before: [],
    after: pinned.pinned,
    state,
    ownImageSets,
    observation,
    graphs: collections.flatMap((one) => one.graphs),
    diagnostics: [],
    incomplete: pinned.failures.length > 0,
  };
}

/** What did not fail lies in the target now, whether it had to be moved or not. */
function countCopied(counts: readonly KindCount[], failures: readonly ImageFailure[]): KindCount[] {
  return counts.map((count) => {
    const failed = failures.filter(({ kind }) => kind === count.kind).length;
    return { ...count, copied: count.collected - failed };
  });
}

async function mirrorAll(
  head: Gathered,
  stored: Stored,
  facts: Pick<MirrorFacts, 'session' | 'listener' | 'request'>,
): Promise<MirrorReport> {
  const { collections } = head;
  const { session, listener, request } = facts;
  const { state } = stored;
  const { ownImageSets, notices } = await findOwnNames(request, state);
  const pinned = await pinWanted(head.placements, stored.state.placements, session);
  checkConflicts(pinned);
  const input = await inputOf(pinned, stored, { ...facts, collections, ownImageSets });
  const plan = createPlan(input);
  const now = session.settings.clock.now();
  const { result, files } = await perform(
    {
      plan,
      input,
      stored,
      imageSets: recordsOf(plan, { files: request.files, state, now }),
      signatures: collections.flatMap((one) => one.signatures),
      unpinned: pinned.failures,
    },
    session,
    listener,
  );
  const report = reportOf(head, session);
  const imageFailures = imageFailuresOf(result, pinned);
  const resources = [...files].filter(([name]) => name.startsWith('cluster-resources/'));
  return {
    ...report,
    diagnostics: [...report.diagnostics, ...notices],
    counts: countCopied(report.counts, imageFailures),
    imageFailures,
    clusterResources: new Map(
      resources.map(([name, text]) => [name.slice(name.indexOf('/') + 1), text]),
    ),
    pinned: collections.map((collection) => ({
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
  // What could not be filtered has nothing to be held next to anything.
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
  // oc-mirror's tag of what `--ignore-release-signature` lets through.
  const options: SessionOptions = {
    ...(settings.verifySignatures === 'off' && { unverifiedTag: 'digest' }),
    rebuilding: request.dryRun === 'no' ? 'make' : 'name',
  };
  const work = async (session: Session): Promise<MirrorReport> => {
    listener({ type: 'collecting', kind: 'release' });
    listener({ type: 'collecting', kind: 'operator' });
    listener({ type: 'collecting', kind: 'additional' });
    const isCopy = request.dryRun === 'no';
    const [, collections, stored] = await settleInOrder<[unknown, readonly Collection[], Stored]>([
      request.destination === 'registry' ? checkAccess(session) : Promise.resolve(),
      collectAll(imageSets, session),
      isCopy ? readState(session) : Promise.resolve(noState),
    ]);
    const joined = joinCollections(collections);
    const gathered = {
      ...joined,
      diagnostics: [...joined.diagnostics, ...outsideDiagnostics(stored)],
    };
    const head = await withOperatorFacts(gathered, stored, session);
    if (head.failures.length > 0 || head.placements.length === 0) return reportOf(head, session);
    return isCopy
      ? await mirrorAll(head, stored, { session, listener, request })
      : await dryRun(head, request, session);
  };
  return await withSession(settings, work, options);
}
