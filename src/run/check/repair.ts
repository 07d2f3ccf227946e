import { applyPlan, type Damage, type Outcome, verifyTarget } from '../../apply/index.ts';
import { mapParallel } from '../../base/index.ts';
import { MirrorError, messageOf } from '../../errors.ts';
import {
  isAttached,
  type MirroredPlacement,
  type PinnedPlacement,
  placeKey,
  type Source,
  workspaceRegistry,
} from '../../imageset/index.ts';
import { createPlan, type Observation, type PlanInput, parsePlatform } from '../../plan/index.ts';
import { writeListsAgain } from '../attached/index.ts';
import { applyRequest } from '../perform.ts';
import { sourceByOrigin } from '../plan-again.ts';
import { assembleInput, lookAtTarget } from '../plan-input.ts';
import type { Session } from '../session.ts';
import { asBase, knownTo, readState, type Stored } from '../stored.ts';
import { findRejected } from '../trust.ts';
import type { Listener } from '../types.ts';

/** The result of a repair. */
export interface Repair {
  /** Images that are missing or damaged still; each says why. */
  readonly left: readonly Damage[];
  /** How many images are whole again. */
  readonly repaired: number;
  readonly notes: readonly string[];
}

/** The facts that a repair works with. */
export interface RepairWorld {
  readonly stored: Stored;
  readonly session: Session;
  readonly listener: Listener;
}

/** Reasons why images could not be brought back, by the key of their place. */
type Reasons = Map<string, Reason>;

interface Reason {
  readonly message: string;
  readonly hint?: string | undefined;
  /** `target`: its source may have it all the same. */
  readonly side?: 'source' | 'target';
}

/** Finds the place from which an image is brought back; what the workspace keeps of earlier runs counts. */
async function findSource(placement: MirroredPlacement, session: Session): Promise<Source> {
  const { kind, origin, digest } = placement;
  const source = sourceByOrigin(placement);
  if (source.registry === workspaceRegistry) {
    await session.reopenImage({ kind, origin, digest });
  }
  return source;
}

async function placeAgain(
  placement: MirroredPlacement,
  session: Session,
): Promise<PinnedPlacement> {
  const { platforms } = placement;
  return {
    source: await findSource(placement, session),
    // The state says which image sets want it, and goes on to.
    ...asBase(placement, []),
    ...(platforms && { platforms: platforms.map(parsePlatform) }),
  };
}

/** An image to bring, and the image by which the trust policy judges it. */
interface Judged {
  readonly placement: PinnedPlacement;
  readonly by: PinnedPlacement;
}

/** Judges an attachment by its image, from beside which it has to come, and everything else by itself. */
async function judgedBy(
  placement: PinnedPlacement,
  { stored, session }: RepairWorld,
): Promise<PinnedPlacement> {
  if (!session.judge || !isAttached(placement)) return placement;
  const { source, target, subject } = placement;
  const image = stored.state.placements.find(
    (one) => !isAttached(one) && one.repository === target.repository && one.digest === subject,
  );
  const by = image && (await placeAgain(image, session));
  const isBeside =
    by?.source.registry === source.registry && by.source.repository === source.repository;
  return isBeside ? by : placement;
}

/** Gives the images whose source may be asked; the others get their reason. */
async function findSources(
  damages: readonly Damage[],
  reasons: Reasons,
  world: RepairWorld,
): Promise<readonly PinnedPlacement[]> {
  const { session } = world;
  const { parallel } = session.endpoints;
  const look = async (known: MirroredPlacement): Promise<Judged[]> => {
    try {
      const placement = await placeAgain(known, session);
      return [{ placement, by: await judgedBy(placement, world) }];
    } catch (thrown) {
      if (!(thrown instanceof MirrorError) || thrown.code === 'CANCELLED') throw thrown;
      reasons.set(placeKey(known), thrown);
      return [];
    }
  };
  const found = await mapParallel(damages, parallel, ({ placement }) => look(placement));
  const judged = found.flat();
  const rejected = await findRejected(
    judged.map(({ by }) => by),
    session,
  );
  const errors = new Map(rejected.map(({ placement, error }) => [placement, error]));
  const allowed = judged.flatMap(({ placement, by }) => {
    const error = errors.get(by);
    if (error) reasons.set(placeKey(placement.target), error);
    return error ? [] : [placement];
  });
  // A list that cannot be written again fails alone, when it is copied.
  await writeListsAgain(allowed, session).catch((thrown: unknown) => {
    if (!(thrown instanceof MirrorError) || thrown.code === 'CANCELLED') throw thrown;
  });
  return allowed;
}

/** Parts images by whether somebody put another one at their place since it was looked at. */
function findFree(placements: readonly PinnedPlacement[], { repositories }: Observation) {
  const isTaken = ({ target, content }: PinnedPlacement): boolean => {
    const named = repositories.get(target.repository)?.tags.get(target.tag);
    return named !== undefined && named !== content.digest;
  };
  return placements.filter((one) => !isTaken(one));
}

/** Takes tags out of an observation: what is damaged below its tag is not there. */
function withoutTags(observation: Observation, keys: ReadonlySet<string>): Observation {
  const repositories = [...observation.repositories].map(([repository, seen]) => {
    const tags = [...seen.tags].filter(([tag]) => !keys.has(placeKey({ repository, tag })));
    return [repository, { ...seen, tags: new Map(tags) }] as const;
  });
  return { ...observation, repositories: new Map(repositories) };
}

/** A repair removes nothing. */
const options: PlanInput['options'] = { prune: 'none', maxDelete: { count: 0 }, protect: [] };

/** Looks at the places once more and joins what the plan of a repair is made from. */
async function inputOf(
  placements: readonly PinnedPlacement[],
  stored: Stored,
  session: Session,
): Promise<PlanInput> {
  const { placements: state } = stored.state;
  const keys = new Set(placements.map(({ target }) => placeKey(target)));
  const facts = { before: [], after: placements, ownImageSets: new Set<string>(), options };
  // The state proves nothing of these tags: each is asked for by name.
  const proven = state.filter((one) => !keys.has(placeKey(one)));
  const { observation } = await lookAtTarget({ ...facts, state: proven }, stored, session);
  const known = {
    ...facts,
    state,
    after: findFree(placements, observation),
    observation: withoutTags(observation, keys),
    base: { from: 'state' },
    head: { from: 'none' },
  } as const;
  return await assembleInput(known, stored, session);
}

function atTarget(message: string): Reason {
  return { message, side: 'target' };
}

function noteFailure(outcome: Outcome, reasons: Reasons): void {
  if (outcome.result === 'done') return;
  const reason = outcome.result === 'failed' ? outcome : atTarget(outcome.detail);
  reasons.set(placeKey(outcome.change), reason);
}

/** Brings images back, as an apply does; gives the notes of that apply. */
async function bring(
  damages: readonly Damage[],
  reasons: Reasons,
  world: RepairWorld,
): Promise<readonly string[]> {
  const { session, listener } = world;
  const found = await findSources(damages, reasons, world);
  if (found.length === 0) return [];
  // Sources take time to be found, and another run may have removed images meanwhile.
  const stored = await readState(session);
  const isKnown = knownTo(stored);
  const placements = found.filter(({ target, content }) => isKnown(target, content.digest));
  if (placements.length === 0) return [];
  const input = await inputOf(placements, stored, session);
  if (input.after.length === 0) return [];
  const work = { plan: createPlan(input), input, stored };
  const { outcomes, notes } = await applyPlan(applyRequest(work, session, listener));
  for (const outcome of outcomes) noteFailure(outcome, reasons);
  return notes;
}

/** Says how an image that its source does not give comes back all the same. */
function adviceOn(placement: MirroredPlacement): string {
  if (isAttached(placement)) {
    return 'Mirror its image set again: what is attached to the image at its source by now comes with it.';
  }
  if (placement.kind === 'operatorCatalog' || placement.kind === 'cincinnatiGraph') {
    return 'Mirror its image set again: filtered catalogs and the graph image are made anew.';
  }
  return 'Mirror its image set again, or load its archive again where the source cannot be reached.';
}

function withReason(damage: Damage, reasons: Reasons): Damage {
  const reason = reasons.get(placeKey(damage.placement));
  if (!reason) return damage;
  const message = `${damage.message}; it could not be repaired: ${reason.message.replace(/\.$/, '')}`;
  const advice = reason.side === 'target' ? damage.hint : adviceOn(damage.placement);
  const hint = [reason.hint ?? '', advice].join(' ').trim();
  return { ...damage, message, hint };
}

/** Tells which images another run says that it deletes: that run goes on, or was killed minutes ago. */
function doomedBy({ stored, session }: RepairWorld): (damage: Damage) => boolean {
  const now = session.settings.clock.now();
  const { pending = [] } = stored.state;
  const going = pending.filter(({ until }) => Date.parse(until) > now);
  const doomed = new Set(going.flatMap(({ deletes }) => deletes));
  return ({ placement }) => doomed.has(placeKey(placement));
}

/**
 * Brings back from their sources, by digest, images that are missing or damaged, and looks at them again down to every blob.
 *
 * A tag that names another image stays, and nothing is deleted. An image whose source is lost leaves the others repaired. Where
 * the target refuses to be written at all, a note says so.
 * Effects: like those of an apply, its claims and the record of its run included.
 */
export async function repair(damages: readonly Damage[], world: RepairWorld): Promise<Repair> {
  const { session, listener } = world;
  const isDoomed = doomedBy(world);
  const others = damages.filter((one) => one.isMoved || isDoomed(one));
  const left = new Set(others);
  const asked = damages.filter((one) => !left.has(one));
  const doomed = atTarget('another run is about to delete it');
  const reasons: Reasons = new Map(
    others.filter(isDoomed).map(({ placement }) => [placeKey(placement), doomed]),
  );
  const notes: string[] = [];
  // Images that cannot be read may end a repair, so they come last, and apart.
  const groups = Map.groupBy(asked, ({ isUnreadable = false }) => isUnreadable);
  for (const some of [groups.get(false) ?? [], groups.get(true) ?? []]) {
    try {
      notes.push(...(await bring(some, reasons, world)));
    } catch (thrown) {
      if (!(thrown instanceof MirrorError) || thrown.code === 'CANCELLED') throw thrown;
      notes.push(`The repair ended early: ${messageOf(thrown)}`);
    }
  }
  const places = asked.map(({ placement }) => placement);
  const found = await verifyTarget(places, session.endpoints, { depth: 'blobs', listener });
  const repaired = asked.length - found.length;
  return {
    left: [...others, ...found].map((damage) => withReason(damage, reasons)),
    repaired,
    notes,
  };
}
