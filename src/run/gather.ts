import type { Diagnostic } from '../diagnostic.ts';
import {
  type Collection,
  type CollectionFailure,
  collectImageSet,
  findConflicts,
  type ImageSet,
  type MirroredPlacement,
  type PinFailure,
  type PinnedPlacement,
  type Placement,
  pinPlacements,
  placeKey,
  type Source,
  sayNeeds,
} from '../imageset/index.ts';
import type { Descriptor, Digest } from '../oci/index.ts';
import type { BasePlacement } from '../plan/index.ts';
import { findManifest } from '../registry/index.ts';
import { type GivenUp, groupFailures, sayImages } from './given-up.ts';
import type { Session } from './session.ts';

/** Collects image sets, all at the same time. */
export async function collectAll(
  imageSets: readonly ImageSet[],
  { collectors, target, settings }: Session,
): Promise<readonly Collection[]> {
  const { maxNestedPaths } = settings;
  const options = { ...target, ...(maxNestedPaths !== undefined && { maxNestedPaths }) };
  return await Promise.all(
    imageSets.map((imageSet) => collectImageSet(imageSet, collectors, options)),
  );
}

/** What collections add up to. */
export interface Gathered {
  readonly collections: readonly Collection[];
  readonly placements: readonly Placement[];
  readonly failures: readonly CollectionFailure[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Joins collections; a place that two image sets claim for different images is a finding. */
export function joinCollections(collections: readonly Collection[]): Gathered {
  const placements = collections.flatMap((one) => one.placements);
  return {
    collections,
    placements,
    failures: collections.flatMap((one) => one.failures),
    diagnostics: [
      ...collections.flatMap((one) => one.diagnostics),
      ...(collections.length > 1 ? findConflicts(placements) : []),
    ],
  };
}

/** Placements whose content is fixed, and those of which nobody can say what they are. */
export interface Pinned {
  readonly pinned: readonly PinnedPlacement[];
  readonly failures: readonly PinFailure[];
  readonly diagnostics: readonly Diagnostic[];
}

function descriptorOf({ digest, mediaType, size }: MirroredPlacement): Descriptor {
  return { digest, mediaType, size };
}

/** What the state proves of a digest need not be asked for; a tag may have moved, so it always is. */
function resolver({ endpoints }: Session, state: readonly MirroredPlacement[]) {
  const known = new Map(state.map((placement) => [placement.digest, descriptorOf(placement)]));
  return async ({ registry, repository, digest, tag = '' }: Source) => {
    const from = endpoints.source.repository(registry, repository);
    if (digest === undefined) return await findManifest(from, tag);
    const manifest = known.has(digest) ? undefined : await endpoints.manifests.read(from, digest);
    return known.get(digest) ?? manifest?.descriptor;
  };
}

function unresolved({ placement, error }: PinFailure): Diagnostic {
  const needs = sayNeeds(placement);
  const at = placement.causes[0]?.at;
  return {
    severity: 'error',
    code: 'source-unreadable',
    summary: 'An image cannot be read at its source; it will not be mirrored.',
    detail: [error.message, error.hint, needs].filter((part) => part).join(' '),
    text: placement.origin,
    ...(at && { at }),
  };
}

/** Says once of a host that was given up what it takes along. */
function unreachable(group: GivenUp): Diagnostic {
  const { error, failures } = group;
  const { placement } = failures[0];
  const at = placement.causes[0]?.at;
  const count = `${failures.length} images were to come from it: ${sayImages(group)}.`;
  return {
    severity: 'error',
    code: 'source-unreadable',
    summary: 'A registry cannot be reached; the images that lie there will not be mirrored.',
    detail: [error.message, error.hint, count].filter((part) => part).join(' '),
    text: placement.origin,
    ...(at && { at }),
  };
}

function findingsOf(failures: readonly PinFailure[]): Diagnostic[] {
  const { together, alone } = groupFailures(failures);
  return [...together.map(unreachable), ...alone.map(unresolved)];
}

/** What was mirrored before stays. */
function asKept(found: Diagnostic): Diagnostic {
  const isOne = found.summary.startsWith('An image');
  return {
    ...found,
    severity: 'warning',
    summary: isOne
      ? 'An image cannot be read at its source any more; what was mirrored stays.'
      : 'A registry cannot be reached any more; what was mirrored from it stays.',
  };
}

/**
 * Fixes the content of everything that is wanted.
 *
 * What cannot be resolved and was mirrored before is kept as it is: a source that is gone takes nothing with it.
 */
export async function pinWanted(
  placements: readonly Placement[],
  state: readonly MirroredPlacement[],
  session: Session,
): Promise<Pinned> {
  const resolve = resolver(session, state);
  const { pinned, failures } = await pinPlacements(placements, {
    resolve,
    parallel: session.endpoints.parallel,
  });
  const mirrored = new Map(state.map((one) => [placeKey(one), one]));
  const kept = failures.flatMap(({ placement }) => {
    const known = mirrored.get(placeKey(placement.target));
    return known ? [{ ...placement, content: descriptorOf(known) }] : [];
  });
  const lost = failures.filter(({ placement }) => !mirrored.has(placeKey(placement.target)));
  const isLost = new Set(lost);
  return {
    pinned: [...pinned, ...kept],
    failures: lost,
    diagnostics: [
      ...findingsOf(lost),
      ...findingsOf(failures.filter((failure) => !isLost.has(failure))).map(asKept),
    ],
  };
}

/**
 * Says what is known of the content of what the base asked for, with as few questions as can be.
 *
 * The state knows what it mirrored, a digest speaks for itself; only tags that nobody mirrored for us are asked for.
 */
export async function pinBase(
  placements: readonly Placement[],
  state: readonly MirroredPlacement[],
  session: Session,
): Promise<readonly BasePlacement[]> {
  const mirrored = new Set(state.map(placeKey));
  const isOpen = ({ source, target }: Placement) =>
    source.digest === undefined && !mirrored.has(placeKey(target));
  const asked = await pinPlacements(placements.filter(isOpen), {
    resolve: resolver(session, state),
    parallel: session.endpoints.parallel,
  });
  const rest = placements.filter((placement) => !isOpen(placement));
  return [
    ...asked.pinned,
    ...asked.failures.map(({ placement }) => placement),
    ...rest.map((placement) => withDigest(placement, placement.source.digest)),
  ];
}

/** The media type is read from the target when there is something to remove. */
function withDigest(placement: Placement, digest: Digest | undefined): BasePlacement {
  if (digest === undefined) return placement;
  return { ...placement, content: { digest, mediaType: 'unknown', size: 0 } };
}
