import { compareText } from '../base/index.ts';
import type { Diagnostic } from '../diagnostic.ts';
import {
  type Collection,
  type CollectionFailure,
  collectImageSet,
  diagnosePinFailures,
  findConflicts,
  type ImageSet,
  type MirroredPlacement,
  type PinFailure,
  type PinnedPlacement,
  type Placement,
  pinPlacements,
  placeKey,
  type ReleaseSignature,
  type Source,
} from '../imageset/index.ts';
import type { Descriptor, Digest } from '../oci/index.ts';
import { type AppliedState, entriesAsApplied } from '../operators/index.ts';
import type { BasePlacement } from '../plan/index.ts';
import { findManifest } from '../registry/index.ts';
import type { Session } from './session.ts';
import { findRejected } from './trust.ts';
import type { Settings } from './types.ts';

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

/** The sum of some collections. */
export interface Gathered {
  readonly collections: readonly Collection[];
  readonly placements: readonly Placement[];
  readonly failures: readonly CollectionFailure[];
  readonly diagnostics: readonly Diagnostic[];
  readonly signatures: readonly ReleaseSignature[];
}

/** Warns of values files that no chart takes; where a chart failed, its name may be unknown. */
function diagnoseUnusedValues(
  values: NonNullable<Settings['helmValues']>,
  collections: readonly Collection[],
): Diagnostic[] {
  if (collections.some(({ failures }) => failures.some(({ kind }) => kind === 'helm'))) return [];
  const charts = [...new Set(collections.flatMap((one) => one.charts ?? []))].sort(compareText);
  const known = charts.length > 0 ? `The charts are ${charts.join(', ')}.` : 'There are no charts.';
  return values
    .filter(({ chart }) => !charts.includes(chart))
    .map(({ chart, path }) => ({
      severity: 'warning',
      code: 'chart-values-unused',
      summary: 'A values file is for a chart that no image set names.',
      detail: `${path} is for "${chart}" and changes nothing. ${known}`,
    }));
}

/**
 * Joins collections; a place that two image sets claim for different images is a finding, and so is one of the values files that
 * no chart takes.
 */
export function joinCollections(
  collections: readonly Collection[],
  values: NonNullable<Settings['helmValues']> = [],
): Gathered {
  const placements = collections.flatMap((one) => one.placements);
  return {
    collections,
    placements,
    failures: collections.flatMap((one) => one.failures),
    diagnostics: [
      ...collections.flatMap((one) => one.diagnostics),
      ...(collections.length > 1 ? findConflicts(placements) : []),
      ...diagnoseUnusedValues(values, collections),
    ],
    signatures: collections.flatMap((one) => one.signatures),
  };
}

/** Placements whose content is fixed, and those whose content could not be found out. */
export interface Pinned {
  readonly pinned: readonly PinnedPlacement[];
  readonly failures: readonly PinFailure[];
  readonly diagnostics: readonly Diagnostic[];
}

function descriptorOf({ digest, mediaType, size }: MirroredPlacement): Descriptor {
  return { digest, mediaType, size };
}

/** Resolves a digest by the state where it can; a tag may have moved, so the registry is always asked for it. */
function resolver({ endpoints }: Session, state: readonly MirroredPlacement[]) {
  const known = new Map(state.map((placement) => [placement.digest, descriptorOf(placement)]));
  return async ({ registry, repository, digest, tag = '' }: Source) => {
    const from = endpoints.source.repository(registry, repository);
    if (digest === undefined) return await findManifest(from, tag);
    const manifest = known.has(digest) ? undefined : await endpoints.manifests.read(from, digest);
    return known.get(digest) ?? manifest?.descriptor;
  };
}

/**
 * Fixes the content of everything that is wanted.
 *
 * An image that cannot be resolved, or that the trust policy rejects, is kept if it was mirrored before: a lost source removes
 * nothing from the target.
 */
export async function pinWanted(
  placements: readonly Placement[],
  state: readonly MirroredPlacement[],
  session: Session,
): Promise<Pinned> {
  const resolve = resolver(session, state);
  const { parallel } = session.endpoints;
  const found = await pinPlacements(placements, { resolve, parallel });
  const rejected = await findRejected(found.pinned, session);
  const isRejected = new Set<Placement>(rejected.map(({ placement }) => placement));
  const pinned = found.pinned.filter((placement) => !isRejected.has(placement));
  const failures = [...found.failures, ...rejected];
  const mirrored = new Map(state.map((one) => [placeKey(one), one]));
  const kept = failures.flatMap(({ placement }) => {
    const known = mirrored.get(placeKey(placement.target));
    return known ? [{ ...placement, content: descriptorOf(known) }] : [];
  });
  const isKept = ({ placement }: PinFailure) => mirrored.has(placeKey(placement.target));
  const lost = failures.filter((failure) => !isKept(failure));
  return {
    pinned: [...pinned, ...kept],
    failures: lost,
    diagnostics: [
      ...diagnosePinFailures(lost, 'lost'),
      ...diagnosePinFailures(failures.filter(isKept), 'kept'),
    ],
  };
}

/**
 * Fixes the content of the images of the base as far as it is known, with as few requests as possible.
 *
 * The registry is asked only for tags that the state does not know.
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

/** The media type is unknown here; it is read from the target when there is something to remove. */
function withDigest(placement: Placement, digest: Digest | undefined): BasePlacement {
  if (digest === undefined) return placement;
  return { ...placement, content: { digest, mediaType: 'unknown', size: 0 } };
}

/**
 * Collects an image set again, with failed catalogs at the digest of the last apply: a channel that is gone at the source must
 * not hide the effects of the change on clusters.
 */
async function collectAsApplied(
  failed: Collection,
  applied: AppliedState,
  session: Session,
): Promise<Collection> {
  const { imageSet } = failed;
  const operators = entriesAsApplied(failed, applied);
  const [again] = await collectAll(
    [{ ...imageSet, mirror: { ...imageSet.mirror, operators } }],
    session,
  );
  return again && again.failures.length === 0 ? { ...again, imageSet } : failed;
}

/**
 * Collects both sides of the diff at the same moment, so that changes at the source are not changes of the user. Only a catalog
 * that no longer fits its entry is collected as it was last applied.
 */
export async function collectBase(
  base: readonly ImageSet[],
  { head, ...applied }: AppliedState & { readonly head: Gathered },
  session: Session,
): Promise<Gathered> {
  const known = new Map(head.collections.map((one) => [one.imageSet.identity, one]));
  const isSame = ({ identity, text }: ImageSet) => known.get(identity)?.imageSet.text === text;
  const collected = await collectAll(
    base.filter((imageSet) => !isSame(imageSet)),
    session,
  );
  const mended = collected.map(async (one) =>
    one.failures.some(({ kind }) => kind === 'operator')
      ? await collectAsApplied(one, applied, session)
      : one,
  );
  const same = base.filter(isSame).flatMap(({ identity }) => known.get(identity) ?? []);
  return joinCollections([...(await Promise.all(mended)), ...same]);
}
