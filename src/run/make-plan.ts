import type { Observed } from '../apply/index.ts';
import { lastOfEach } from '../base/index.ts';
import { type Diagnostic, hasSeverity } from '../diagnostic.ts';
import {
  type Collection,
  diffImageSets,
  findConflicts,
  findingAbout,
  findWithheld,
  type ImageSet,
  isAttached,
  type PinnedPlacement,
  type Placement,
  placeKey,
  sayNeeds,
  soundCatalogs,
} from '../imageset/index.ts';
import { findOperatorFacts, type OperatorFacts } from '../operators/index.ts';
import {
  type BasePlacement,
  createPlan,
  type Plan,
  type PlanInput,
  pinReviewed,
  type ReviewedPins,
  reportMoved,
} from '../plan/index.ts';
import type { ChannelGraph } from '../release/index.ts';
import {
  attachedTo,
  attachedToBase,
  attachedToNone,
  diagnoseClusterPolicies,
  findAttached,
  settleAttached,
  withheldWithAttached,
  withReviewed,
} from './attached/index.ts';
import { findScope, type Scope } from './base.ts';
import {
  collectAll,
  collectBase,
  type Gathered,
  joinCollections,
  type Pinned,
  pinBase,
  pinWanted,
} from './gather.ts';
import { findNotReceived, plannedImageSets } from './image-set-records.ts';
import { loadFiles, uniqueDiagnostics } from './load.ts';
import { findOutgrown } from './outgrown.ts';
import { assembleInput, lookAtTarget, notObserved, type PlanFacts } from './plan-input.ts';
import { recallLacks } from './probe.ts';
import { compareResources } from './resources.ts';
import { readRunning } from './running.ts';
import { catalogStore, type Session } from './session.ts';
import { diagnoseEmpty, outsideDiagnostics, readState, type Stored } from './stored.ts';
import type { PlanRequest } from './types.ts';

/** A plan with what it was made from. */
export interface MadePlan {
  readonly plan: Plan;
  readonly input: PlanInput;
  readonly stored: Stored;
  readonly head: Gathered;
  readonly before: readonly ImageSet[];
  /** The collections of the base. */
  readonly was: Gathered;
  readonly pinned: Pinned;
}

/** Joins a plan for which no source was asked with what it was made from. */
export function withoutSources(plan: Plan, input: PlanInput, stored: Stored): MadePlan {
  const nothing = joinCollections([]);
  const pinned = { pinned: [], failures: [], diagnostics: [] };
  return { plan, input, stored, head: nothing, before: [], was: nothing, pinned };
}

/** Findings that forbid a plan. */
export interface NoPlan {
  readonly head: Gathered;
  readonly diagnostics: readonly Diagnostic[];
}

/** Gives the placements whose place another one claims too. */
function contested(placements: readonly Placement[]): Placement[] {
  const claims = Map.groupBy(placements, ({ target }) => placeKey(target));
  return [...claims.values()].filter(({ length }) => length > 1).flat();
}

/** Compares claims by their content, as far as it is known: two sources may be one image. */
function conflictsOf({ pinned, failures }: Pinned): Diagnostic[] {
  return findConflicts([...pinned, ...failures.map(({ placement }) => placement)]);
}

/** If the base cannot be collected, we cannot tell removed images from missing ones. */
function baseDiagnostics({ failures }: Gathered): Diagnostic[] {
  return failures.map(({ diagnostic }) => ({
    ...diagnostic,
    severity: 'warning' as const,
    code: 'base-incomplete',
    summary: `The image sets of the base cannot be collected any more: ${diagnostic.summary}`,
  }));
}

function unreadDiagnostics({ unread }: Observed): Diagnostic[] {
  return unread.map(({ placement, cause }) => {
    const why = cause.error?.message ?? 'The registry lacks one of its manifests.';
    return findingAbout(placement, {
      severity: 'warning',
      code: 'source-incomplete',
      summary: 'A part of an image cannot be read at its source; mirroring it will fail.',
      detail: `${why} ${sayNeeds(placement)}`.trimEnd(),
    });
  });
}

/** Tells whether nothing could be collected at all, and not because nothing is asked for. */
function isEmptyHanded({ placements, failures, diagnostics }: Gathered): boolean {
  return placements.length === 0 && (failures.length > 0 || hasSeverity(diagnostics, 'error'));
}

/**
 * Plans: reads the files of both commits, collects what they ask for, looks at the target, decides.
 *
 * `pins`: content that was reviewed and from which a tag has moved on since.
 * Effects: reads only. All findings of all files are gathered before any of them forbids a plan: a file that is refused, two
 * images that claim one place, or that nothing could be collected. Any other entry that fails is a finding on its line; the
 * rest is planned, and what the entry may have wanted before stays.
 * @throws RegistryError when the target cannot be asked, PlanError when its state cannot be read
 */
export async function makePlan(
  session: Session,
  request: PlanRequest,
  pins: ReviewedPins = new Map(),
): Promise<MadePlan | NoPlan> {
  const loaded = loadFiles(request.head);
  // Collecting can take minutes; a target that refuses is told before.
  const stored = await readState(session);
  const head = joinCollections(
    await collectAll(loaded.imageSets, session),
    session.settings.helmValues,
  );
  const faults = uniqueDiagnostics([...loaded.diagnostics, ...head.diagnostics]).filter(
    ({ code }) => code !== 'placement-conflict',
  );
  const isRefused = hasSeverity(loaded.diagnostics, 'error') || isEmptyHanded(head);
  const wanted = head.placements.map((placement) => pinReviewed(placement, pins));
  const asked = isRefused ? contested(wanted) : wanted;
  const pinned = await pinWanted(asked, stored.state.placements, session);
  const conflicts = conflictsOf(pinned);
  const found = [...faults, ...conflicts, ...reportMoved(wanted, pins)];
  if (isRefused || conflicts.length > 0) return { head, diagnostics: found };
  const scope = await findScope(request, stored.state);
  const { imageSets: before } = loadFiles(scope.base.files);
  const applied = { head, state: stored.state.placements, ownImageSets: scope.ownImageSets };
  const was = await collectBase(before, applied, session);
  const sides = { request, stored, scope, head, pinned, pins, found, before, was };
  const input = await inputOf(sides, session);
  return { plan: decide(input, session), input, stored, head, before, was, pinned };
}

/** Decides, and compares the cluster resources that this leads to with those of before. */
export function decide(input: PlanInput, { settings }: Session): Plan {
  const plan = createPlan(input);
  return { ...plan, resources: compareResources(plan, input.state, settings) };
}

interface Sides extends Pick<MadePlan, 'stored' | 'head' | 'before' | 'was' | 'pinned'> {
  readonly request: PlanRequest;
  readonly pins: ReviewedPins;
  readonly scope: Scope;
  /** Findings about the head. */
  readonly found: readonly Diagnostic[];
}

/** Gives the images that may go, with everything that is attached to them. */
async function findBefore(
  attached: readonly PinnedPlacement[],
  sides: Sides,
  session: Session,
): Promise<readonly BasePlacement[]> {
  const { was, head, before, stored, scope } = sides;
  const { placements: state } = stored.state;
  const { options, targetAccess } = session.settings;
  const asked = await pinBase(was.placements, state, session);
  // With `stale` every image that no image set wants goes, for any reason.
  const isDiff = options.prune === 'removed';
  const known = { before, head, was, state, ownImageSets: scope.ownImageSets };
  const base = [...asked, ...(isDiff ? findOutgrown(known) : [])];
  const assumed = targetAccess === 'assumed' ? attachedTo(attached, base) : [];
  const isWhole = !findMissing(sides).incomplete;
  const orphans = isWhole ? await attachedToNone(state, scope.ownImageSets, session) : [];
  return [...base, ...attachedToBase(base, state), ...orphans, ...assumed];
}

/** Compares the catalogs of both sides, for the clusters that are named. */
async function findOperators(
  { head, was, stored, scope }: Sides,
  running: Plan['running'],
  { settings }: Session,
): Promise<OperatorFacts> {
  return await findOperatorFacts({
    ...soundCatalogs(head.collections, was.collections),
    state: stored.state,
    ownImageSets: scope.ownImageSets,
    store: catalogStore(settings),
    installed: running?.operators,
  });
}

/** Looks at the target and joins everything that a plan is a function of. */
async function inputOf(sides: Sides, session: Session): Promise<PlanInput> {
  const { request, head, pinned, pins, was, scope, stored } = sides;
  const { ownImageSets } = scope;
  const { placements: state } = stored.state;
  const imageSets = head.collections.map((one) => one.imageSet);
  const running = await readRunning(session.settings.currentlyRunning ?? []);
  const { operators, diagnostics: advice } = await findOperators(sides, running, session);
  const attached = await findAttached(pinned.pinned, state, session);
  const asked = { looked: attached.looked, images: pinned.pinned };
  const reviewed = { ...attached, placements: withReviewed(attached.placements, pins, session) };
  const before = await findBefore(reviewed.placements, sides, session);
  const after = [...pinned.pinned, ...reviewed.placements];
  const places = { before, after, state, ownImageSets };
  const observed = await lookAtTarget(places, stored, session);
  const settled = await settleAttached(reviewed, observed.observation, session);
  const facts: PlanFacts = {
    ...places,
    after: [...pinned.pinned, ...settled],
    base: scope.base.revision,
    head: scope.headRevision,
    imageSets: plannedImageSets(imageSets, request.head),
    repository: request.repository,
    notReceived: findNotReceived(stored.state, ownImageSets),
    edits: editsOf(sides.before, imageSets),
    observation: observed.observation,
    graphs: joinGraphs([...head.collections, ...was.collections]),
    operators,
    lacks: await recallLacks(session),
    running,
    diagnostics: uniqueDiagnostics([
      ...sides.found,
      ...scope.notices,
      ...diagnoseEmpty(request, stored),
      ...pinned.diagnostics,
      ...attached.diagnostics,
      ...(await diagnoseClusterPolicies(head.collections, asked, session)),
      ...advice,
      ...baseDiagnostics(was),
      ...unreadDiagnostics(observed),
      ...(session.settings.targetAccess === 'assumed' ? [notObserved] : []),
      ...outsideDiagnostics(stored),
    ]),
    ...findMissing(sides),
  };
  return await assembleInput(facts, stored, session);
}

/** Says whether the next run has to catch up with this one, and what stays because its entry could not be collected. */
function findMissing(sides: Sides): Pick<PlanInput, 'incomplete' | 'withheld'> {
  const { head, pinned, was, stored, scope } = sides;
  const { collections } = head;
  const hasGaps = collections.some(({ gaps = [] }) => gaps.length > 0);
  return {
    incomplete: hasGaps || pinned.failures.length > 0 || was.failures.length > 0,
    withheld: withheldWithAttached(
      findWithheld({
        head: collections,
        base: was.collections,
        unpinned: pinned.failures.map(({ placement }) => placement),
        state: stored.state.placements.filter((one) => !isAttached(one)),
        files: scope.head,
      }),
      stored.state.placements,
    ),
  };
}

/** Each graph once: the base often asks for the same ones. */
function joinGraphs(collections: readonly Collection[]): readonly ChannelGraph[] {
  const graphs = collections.flatMap((one) => one.graphs);
  return lastOfEach(graphs, (one) => `${one.channel} ${one.architecture}`);
}

function editsOf(before: readonly ImageSet[], after: readonly ImageSet[]) {
  const names = [...new Set([...after, ...before].map(({ identity }) => identity))];
  const named = (imageSets: readonly ImageSet[], wanted: string) =>
    imageSets.find(({ identity }) => identity === wanted);
  return names.flatMap((name) => diffImageSets(named(before, name), named(after, name)));
}
