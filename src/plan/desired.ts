import { sortedUnique } from '../base/index.ts';
import {
  type MirroredPlacement,
  type PinnedPlacement,
  type Placement,
  placeKey,
} from '../imageset/index.ts';
import type { BringChange, Decision, KeepChange, PlaceChange } from './change.ts';
import { observedTag } from './content.ts';
import { formatPlatform, hasPlatforms } from './platforms.ts';
import type { BasePlacement, Observation } from './types.ts';

/** The facts about places, beside the images that are wanted there. */
export interface Known {
  readonly observation: Observation;
  readonly state: ReadonlyMap<string, MirroredPlacement>;
  readonly before: ReadonlyMap<string, BasePlacement>;
}

/** Decides by what the tag names: a tag that was listed and not resolved names what the state says. */
function judge(wanted: PinnedPlacement, known: Known): Decision<BringChange | KeepChange> {
  const mirrored = known.state.get(placeKey(wanted.target));
  const tag = observedTag(known.observation, wanted.target);
  const named =
    tag.is === 'resolved' ? tag.digest : tag.is === 'unresolved' ? mirrored?.digest : undefined;
  const isOurs = mirrored?.digest === wanted.content.digest;
  const source = `${wanted.source.registry}/${wanted.source.repository}`;
  if (named === undefined) {
    return { action: 'mirror', reason: isOurs ? 'missing' : 'wanted', source };
  }
  if (named !== wanted.content.digest) {
    return { action: 'retag', reason: 'moved', previous: named, source };
  }
  if (isOurs && !hasPlatforms(mirrored, wanted)) {
    return { action: 'mirror', reason: 'wanted', source };
  }
  return { action: 'keep', reason: isOurs ? 'mirrored' : 'adopted' };
}

function namesOf(placement: Pick<BasePlacement, 'causes'> | undefined): string[] {
  return sortedUnique(placement?.causes.map(({ imageSet }) => imageSet) ?? []);
}

/**
 * Gives the image sets that alone hold a place which another one gave up.
 *
 * One that wants the place only now does not hold it: the place changed hands, as when a file is renamed.
 */
function holdersOf(wanted: PinnedPlacement, known: Known): string[] {
  const key = placeKey(wanted.target);
  const [before, now] = [namesOf(known.before.get(key)), namesOf(wanted)];
  if (before.every((name) => now.includes(name))) return [];
  const older = new Set([...before, ...(known.state.get(key)?.imageSets ?? [])]);
  return now.filter((name) => older.has(name));
}

/** The fields that a change takes over from a placement. */
export type Description = Pick<
  Placement,
  'kind' | 'origin' | 'causes' | 'release' | 'component' | 'subject'
>;

/** Gives the fields that a change takes over from a placement. */
export function describePlacement(placement: Description): Description {
  const { kind, origin, causes, release, component, subject } = placement;
  return {
    kind,
    origin,
    causes,
    ...(release && { release }),
    ...(component !== undefined && { component }),
    ...(subject && { subject }),
  };
}

/**
 * Decides what happens to a place that is wanted. Bytes are not counted yet.
 *
 * A place that is there, that one image set gives up and another one wanted all along, is a `hold` and says by whom;
 * its causes are those of the holder.
 */
export function decideWanted(wanted: PinnedPlacement, known: Known): PlaceChange {
  const { target, content, platforms } = wanted;
  const verdict = judge(wanted, known);
  const names = verdict.action === 'keep' ? holdersOf(wanted, known) : [];
  const holders = names.map((name) => ({ kind: 'image-set' as const, name }));
  const mirrored = known.state.get(placeKey(target));
  return {
    ...describePlacement(wanted),
    repository: target.repository,
    tag: target.tag,
    digest: content.digest,
    mediaType: content.mediaType,
    ...(platforms && platforms.length > 0 && { platforms: platforms.map(formatPlatform) }),
    ...(holders.length > 0 ? { action: 'hold', reason: 'wanted-elsewhere', holders } : verdict),
    size: mirrored?.digest === content.digest ? mirrored.size : content.size,
    bytes: 0,
  };
}
