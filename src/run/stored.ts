import { listNames } from '../base/index.ts';
import type { Diagnostic } from '../diagnostic.ts';
import {
  isAttached,
  type MirroredPlacement,
  placeKey,
  type TargetArea,
  type TargetPlace,
} from '../imageset/index.ts';
import type { Descriptor, Digest } from '../oci/index.ts';
import { type BasePlacement, type Description, describePlacement } from '../plan/index.ts';
import { emptyState, type State, type TagLists, withinTarget } from '../state/index.ts';
import type { Session } from './session.ts';
import type { PlanRequest } from './types.ts';

/** The stored state of a target; an empty state if there is none yet. */
export interface Stored {
  readonly state: State;
  readonly version: string | undefined;
  /** Whether the target lists every tag that it has, as far as a standing probe tells. Absent: `unknown`. */
  readonly tagLists?: TagLists;
  /** Places that the state names and that do not lie inside the target: nothing is done about them. */
  readonly outside?: readonly MirroredPlacement[];
}

/** The state of a target of which nothing is stored. */
export const noState: Stored = { state: emptyState(), version: undefined };

/** Gives the part of the target's registry that the run may touch. */
export function areaOf({ target, settings }: Pick<Session, 'target' | 'settings'>): TargetArea {
  return { prefix: target.prefix, maxNestedPaths: settings.maxNestedPaths };
}

/** Reads the state; what it says of places outside the target is left out. */
export async function readState(session: Session): Promise<Stored> {
  if (session.settings.targetAccess === 'assumed') return noState;
  const found = await session.store.read();
  if (!found) return noState;
  const { state, outside } = withinTarget(found.state, areaOf(session));
  return { ...found, state, outside };
}

/** Prepares the question whether a state knows an image at its place; another run may have removed it meanwhile. */
export function knownTo({ state }: Stored): (place: TargetPlace, digest: Digest) => boolean {
  const digests = new Map(state.placements.map((one) => [placeKey(one), one.digest]));
  return (place, digest) => digests.get(placeKey(place)) === digest;
}

/** Reports places of the state that are outside the target: nothing is done about them. */
export function outsideDiagnostics({ outside = [] }: Stored): Diagnostic[] {
  if (outside.length === 0) return [];
  return [
    {
      severity: 'warning',
      code: 'state-outside',
      summary: `The state names ${outside.length === 1 ? 'a place' : `${outside.length} places`} outside the target; nothing is done about that.`,
      detail: `${listNames(outside.map(placeKey))}. Were their paths shortened? Then give --max-nested-paths here too. Else this tool did not write that: look who may push to the repository of the state.`,
    },
  ];
}

/** Says what becomes of a target of which the last configuration was deleted. */
export function diagnoseEmpty(
  { head }: Pick<PlanRequest, 'head'>,
  { state }: Stored,
): Diagnostic[] {
  if (head.length > 0) return [];
  const images = state.placements.filter((one) => !isAttached(one)).length;
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

/** Gives an image of the state or of a plan as a place of a base: neither its source nor a file is read. */
export function asBase(
  known: TargetPlace & Descriptor & Omit<Description, 'causes'>,
  causes: Description['causes'],
): BasePlacement & { readonly content: Descriptor } {
  const { repository, tag, digest, mediaType, size } = known;
  const content = { digest, mediaType, size };
  return { target: { repository, tag }, ...describePlacement({ ...known, causes }), content };
}
