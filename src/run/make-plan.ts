import { type Observed, observe } from '../apply/index.ts';
import { type Diagnostic, hasSeverity } from '../diagnostic.ts';
import {
  type ChannelGraph,
  type Collection,
  diffImageSets,
  findConflicts,
  type ImageSet,
  type Placement,
  placeKey,
  sayNeeds,
} from '../imageset/index.ts';
import { findOperatorFacts } from '../operators/index.ts';
import { createPlan, type Plan, type PlanInput } from '../plan/index.ts';
import { assumeTarget, notObserved } from './assumed-target.ts';
import { findScope, type Scope } from './base.ts';
import { collectBase } from './collect-base.ts';
import {
  collectAll,
  type Gathered,
  joinCollections,
  type Pinned,
  pinBase,
  pinWanted,
} from './gather.ts';
import { findNotReceived, plannedImageSets } from './image-set-records.ts';
import { loadFiles, uniqueDiagnostics } from './load.ts';
import { outsideDiagnostics } from './outside.ts';
import { compareResources } from './resources.ts';
import { pinReviewed, type ReviewedPins, reportMoved } from './reviewed-pins.ts';
import { catalogStore, doubtsOf, readState, type Session, type Stored } from './session.ts';
import { settleInOrder } from './settle.ts';
import { toolName } from './tool.ts';
import type { PlanRequest } from './types.ts';
import { findWithheld, soundCatalogs } from './withheld.ts';

/** A plan with what it was made from. */
export interface MadePlan {
  readonly plan: Plan;
  readonly input: PlanInput;
  readonly stored: Stored;
  readonly head: Gathered;
  readonly before: readonly ImageSet[];
  /** What the base asks for. */
  readonly was: Gathered;
  readonly pinned: Pinned;
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

/** Two sources may be one image: claims are compared by their content, as far as it is known. */
function conflictsOf({ pinned, failures }: Pinned): Diagnostic[] {
  return findConflicts([...pinned, ...failures.map(({ placement }) => placement)]);
}

/** What cannot be collected any more cannot be told from what is not wanted any more. */
function baseDiagnostics({ failures }: Gathered): Diagnostic[] {
  return failures.map(({ diagnostic }) => ({
    ...diagnostic,
    severity: 'warning' as const,
    code: 'base-incomplete',
    summary: `The image sets of the base cannot be collected any more: ${diagnostic.summary}`,
  }));
}

function unreadDiagnostics({ unread }: Observed): Diagnostic[] {
  return unread.map(({ placement, cause }): Diagnostic => {
    const at = placement.causes[0]?.at;
    return {
      severity: 'warning',
      code: 'source-incomplete',
      summary: 'A part of an image cannot be read at its source; mirroring it will fail.',
      detail: [
        cause.error?.message ?? 'The registry lacks one of its manifests.',
        sayNeeds(placement),
      ]
        .filter((part) => part !== '')
        .join(' '),
      text: placement.origin,
      ...(at && { at }),
    };
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
  const [collections, stored] = await settleInOrder<[readonly Collection[], Stored]>([
    collectAll(loaded.imageSets, session),
    readState(session),
  ]);
  const head = joinCollections(collections);
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
  const now = { request, imageSets: loaded.imageSets, head, pinned, diagnostics: found };
  const scope = await findScope(request, stored.state);
  const { imageSets: before } = loadFiles(scope.base.files);
  const { ownImageSets } = scope;
  const was = await collectBase(
    before,
    { head, state: stored.state.placements, ownImageSets },
    session,
  );
  const input = await assembleInput(now, { stored, scope, before, was }, session);
  const decided = createPlan(input);
  const resources = compareResources(decided, input.state, session.settings);
  return { plan: { ...decided, resources }, input, stored, head, before, was, pinned };
}

/** What is wanted now. */
interface Wanted {
  readonly request: PlanRequest;
  readonly imageSets: readonly ImageSet[];
  readonly head: Gathered;
  readonly pinned: Pinned;
  readonly diagnostics: readonly Diagnostic[];
}

/** What was wanted and done before. */
interface Past {
  readonly stored: Stored;
  readonly scope: Scope;
  readonly before: readonly ImageSet[];
  readonly was: Gathered;
}

/** Looks at the target and joins everything that a plan is a function of. */
async function assembleInput(now: Wanted, past: Past, session: Session): Promise<PlanInput> {
  const { request, head, pinned, imageSets } = now;
  const { was, scope } = past;
  const { ownImageSets } = scope;
  const { placements: state } = past.stored.state;
  const { options } = session.settings;
  const { operators, diagnostics: advice } = await findOperatorFacts({
    ...soundCatalogs(head.collections, was.collections),
    state: past.stored.state,
    ownImageSets,
    store: catalogStore(session.settings),
  });
  const isAssumed = session.settings.targetAccess === 'assumed';
  const before = await pinBase(was.placements, state, session);
  const wanted = pinned.pinned;
  const observed = await observe(
    { wanted, base: before, state, prune: options.prune, ...doubtsOf(past.stored) },
    isAssumed ? assumeTarget(session.endpoints, before) : session.endpoints,
  );
  return {
    tool: toolName,
    target: session.target,
    base: scope.base.revision,
    head: scope.headRevision,
    options,
    imageSets: plannedImageSets(imageSets, request.head),
    repository: request.repository,
    notReceived: findNotReceived(past.stored.state, ownImageSets),
    edits: editsOf(past.before, imageSets),
    before,
    after: wanted,
    state,
    ownImageSets,
    observation: observed.observation,
    graphs: joinGraphs([...head.collections, ...was.collections]),
    operators,
    diagnostics: uniqueDiagnostics([
      ...now.diagnostics,
      ...scope.notices,
      ...diagnoseEmpty(request, past.stored),
      ...pinned.diagnostics,
      ...advice,
      ...baseDiagnostics(was),
      ...unreadDiagnostics(observed),
      ...(isAssumed ? [notObserved] : []),
      ...outsideDiagnostics(past.stored),
    ]),
    ...findMissing(now, past),
  };
}

/** Says whether the next run has to catch up with this one, and what stays because its entry could not be collected. */
function findMissing(
  { head, pinned }: Wanted,
  { was, stored, scope }: Past,
): Pick<PlanInput, 'incomplete' | 'withheld'> {
  const { collections } = head;
  const hasGaps = collections.some(({ gaps = [] }) => gaps.length > 0);
  return {
    incomplete: hasGaps || pinned.failures.length > 0 || was.failures.length > 0,
    withheld: findWithheld({
      head: collections,
      base: was.collections,
      unpinned: pinned.failures.map(({ placement }) => placement),
      state: stored.state.placements,
      files: scope.head,
    }),
  };
}

/** Says what becomes of a target of which the last configuration was deleted. */
function diagnoseEmpty({ head }: PlanRequest, { state }: Stored): Diagnostic[] {
  if (head.length > 0) return [];
  const images = state.placements.length;
  return [
    {
      severity: 'warning',
      code: 'no-configuration',
      summary: 'No image set configuration is left, so nothing is mirrored and nothing is deleted.',
      detail: `The target still holds ${images} ${images === 1 ? 'image' : 'images'} that were mirrored. To remove those of an image set, plan its end and apply that plan.`,
      fix: 'imageset-mirror state retire NAME',
    },
  ];
}

/** Each graph once: the base often asks for the same ones. */
function joinGraphs(collections: readonly Collection[]): readonly ChannelGraph[] {
  const graphs = collections.flatMap((one) => one.graphs);
  return [...new Map(graphs.map((one) => [`${one.channel} ${one.architecture}`, one])).values()];
}

function editsOf(before: readonly ImageSet[], after: readonly ImageSet[]) {
  const names = [...new Set([...after, ...before].map(({ identity }) => identity))];
  const named = (imageSets: readonly ImageSet[], wanted: string) =>
    imageSets.find(({ identity }) => identity === wanted);
  return names.flatMap((name) => diffImageSets(named(before, name), named(after, name)));
}
