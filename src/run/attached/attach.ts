import { mapParallel } from '../../base/index.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import {
  isAttached,
  type MirroredPlacement,
  type PinnedPlacement,
  placeKey,
} from '../../imageset/index.ts';
import {
  type BasePlacement,
  type Observation,
  observedTag,
  type ReviewedPins,
} from '../../plan/index.ts';
import { findManifest } from '../../registry/index.ts';
import { type Attachment, tagBeside } from '../../signature/index.ts';
import type { Session } from '../session.ts';
import { asBase } from '../stored.ts';
import { imageKey, type LookedUp, lookUpAttachments } from './attachments.ts';
import { diagnoseCoverage } from './coverage.ts';
import { isReferrersPlace, joinReferrers, keepCountersigned } from './join-referrers.ts';

/** The attachments of wanted images, and findings about them. */
export interface Attached {
  readonly placements: readonly PinnedPlacement[];
  /** The answers about each image; none with `signatures: skip`. */
  readonly looked: readonly LookedUp[];
  /** Keys of places that the state knows and that were not found at their sources. */
  readonly remembered: ReadonlySet<string>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Keys of the places of images: an image that is mirrored by its digest has the tag of its list of referrers. */
type Taken = ReadonlySet<string>;

/** Gives the tag of an attachment; a list of referrers gets one beside its own where an image has that. */
function tagOf({ tag, form }: Attachment, repository: string, taken: Taken): string {
  const isTaken = form === 'referrers' && taken.has(placeKey({ repository, tag }));
  return isTaken ? tagBeside(tag) : tag;
}

function ofImage({ source, target, causes, content }: PinnedPlacement) {
  const { registry, repository } = source;
  return { source: { registry, repository }, target, causes, subject: content.digest };
}

function placeAttachment(
  image: PinnedPlacement,
  attachment: Attachment,
  taken: Taken,
): PinnedPlacement {
  const { source, target, ...rest } = ofImage(image);
  const { descriptor, tag } = attachment;
  return {
    ...rest,
    source: { ...source, tag, digest: descriptor.digest },
    target: { ...target, tag: tagOf(attachment, target.repository, taken) },
    kind: 'signature',
    origin: `${source.registry}/${source.repository}:${tag}`,
    content: { mediaType: descriptor.mediaType, digest: descriptor.digest, size: descriptor.size },
  };
}

/** Makes the placement of an attachment that an earlier run mirrored: its source may have lost it, or was not asked. */
function remember(image: PinnedPlacement, known: MirroredPlacement): PinnedPlacement {
  const { source, target, ...rest } = ofImage(image);
  const { tag, digest, mediaType, size, origin } = known;
  return {
    ...rest,
    source: { ...source, digest },
    target: { ...target, tag },
    kind: 'signature',
    origin,
    content: { mediaType, digest, size },
  };
}

function subjectKey(repository: string, digest: string | undefined): string {
  return `${repository}@${digest}`;
}

/** Gives the attachments of wanted images that the state knows and that were not found at their sources. */
function rememberAll(
  images: readonly PinnedPlacement[],
  state: readonly MirroredPlacement[],
  found: readonly PinnedPlacement[],
): PinnedPlacement[] {
  // An image may have the place by now: one that is mirrored by its digest.
  const places = new Set([...found, ...images].map(({ target }) => placeKey(target)));
  const known = Map.groupBy(
    state.filter((one) => isAttached(one) && !places.has(placeKey(one))),
    ({ repository, subject }) => subjectKey(repository, subject),
  );
  return images.flatMap((image) =>
    (known.get(subjectKey(image.target.repository, image.content.digest)) ?? []).map((one) =>
      remember(image, one),
    ),
  );
}

function placeAll(
  images: readonly PinnedPlacement[],
  looked: readonly LookedUp[],
  taken: Taken,
): PinnedPlacement[] {
  const byImage = new Map(looked.map((one) => [imageKey(one.placement), one.attachments]));
  return images.flatMap((image) =>
    (byImage.get(imageKey(image)) ?? []).map((one) => placeAttachment(image, one, taken)),
  );
}

/**
 * Finds everything that is attached to wanted images and gives it places beside them.
 *
 * An attachment that the state knows stays as long as its image, even where its source has lost it, and with `signatures: skip`.
 * A list of referrers is joined with the list that the target has.
 * Effects: reads only. A source that does not answer is a finding.
 * @see DESIGN, law 11
 */
export async function findAttached(
  images: readonly PinnedPlacement[],
  state: readonly MirroredPlacement[],
  session: Session,
): Promise<Attached> {
  const isSkipped = session.settings.signatures === 'skip';
  const looked = isSkipped ? [] : await lookUpAttachments(images, state, session);
  for (const { attachments } of looked) {
    for (const { index } of attachments) if (index) session.written.add(index);
  }
  const taken = new Set(
    [...images.map(({ target }) => target), ...state.filter((one) => !isAttached(one))].map(
      placeKey,
    ),
  );
  const found = placeAll(images, looked, taken);
  const joined = await mapParallel(found, session.endpoints.parallel, async (one) =>
    isReferrersPlace(one) ? await joinReferrers(one, session) : one,
  );
  const remembered = rememberAll(images, state, joined);
  return {
    placements: [...joined, ...remembered],
    looked,
    remembered: new Set(remembered.map(({ target }) => placeKey(target))),
    diagnostics: diagnoseCoverage(looked),
  };
}

/**
 * Adapts attachments to the observed target. Signatures that were added there stay. An attachment that its source and the target
 * have lost is left out, because it cannot be mirrored again.
 */
export async function settleAttached(
  { placements, remembered }: Attached,
  observation: Observation,
  session: Session,
): Promise<readonly PinnedPlacement[]> {
  const settled = placements.map(async (one) => {
    if (!remembered.has(placeKey(one.target))) {
      return [await keepCountersigned(one, observation, session)];
    }
    return observedTag(observation, one.target).is === 'absent' ? [] : [one];
  });
  return (await Promise.all(settled)).flat();
}

/**
 * Gives attachments the content that was reviewed, although their images were signed again since. A list of referrers that this
 * run wrote keeps its own content, because no registry holds the former list.
 */
export function withReviewed(
  placements: readonly PinnedPlacement[],
  pins: ReviewedPins,
  { written }: Pick<Session, 'written'>,
): PinnedPlacement[] {
  return placements.map((placement) => {
    const content = pins.get(placeKey(placement.target));
    return content && !written.get(placement.content.digest)
      ? { ...placement, content, source: { ...placement.source, digest: content.digest } }
      : placement;
  });
}

/** Gives the attachments of the images of a base: an assumed target holds them too. */
export function attachedTo(
  placements: readonly PinnedPlacement[],
  base: readonly BasePlacement[],
): readonly PinnedPlacement[] {
  const images = new Set(
    base.map(({ target, content }) => subjectKey(target.repository, content?.digest)),
  );
  return placements.filter(({ target, subject }) =>
    images.has(subjectKey(target.repository, subject)),
  );
}

/** Gives the keys of all content that the state knows at a place: the present one, and former ones that are still to go. */
function subjectsAt({ repository, digest, replaced = [] }: MirroredPlacement): string[] {
  return [digest, ...replaced].map((one) => subjectKey(repository, one));
}

/** Gives the attachments that the state knows of the images of a base, and of the images that had their places before. */
export function attachedToBase(
  before: readonly BasePlacement[],
  state: readonly MirroredPlacement[],
): BasePlacement[] {
  const places = new Map(state.map((one) => [placeKey(one), subjectsAt(one)]));
  const known = Map.groupBy(state.filter(isAttached), ({ repository, subject }) =>
    subjectKey(repository, subject),
  );
  return before.flatMap(({ target, content, causes }) => {
    const own = subjectKey(target.repository, content?.digest);
    const subjects = new Set([own, ...(places.get(placeKey(target)) ?? [])]);
    return [...subjects]
      .flatMap((subject) => known.get(subject) ?? [])
      .map((one) => asBase(one, causes));
  });
}

/** Tells whether the target lacks the image of an attachment. An image that lost its tag may lie there still. */
async function isSubjectGone(
  { repository, subject }: MirroredPlacement,
  { endpoints, target }: Session,
): Promise<boolean> {
  const there = endpoints.target.repository(target.registry, repository);
  return subject !== undefined && (await findManifest(there, subject)) === undefined;
}

/**
 * Gives the attachments that a failure left behind: the state does not know their image any more, and the target lacks it.
 *
 * Effects: reads only, two requests for each of them. Of a target that is only assumed it gives none.
 */
export async function attachedToNone(
  state: readonly MirroredPlacement[],
  ownImageSets: ReadonlySet<string>,
  session: Session,
): Promise<BasePlacement[]> {
  if (session.settings.targetAccess === 'assumed') return [];
  const subjects = new Set(state.filter((one) => !isAttached(one)).flatMap(subjectsAt));
  const orphans = state
    .filter(isAttached)
    .filter(({ repository, subject }) => !subjects.has(subjectKey(repository, subject)))
    .filter(
      ({ imageSets }) => imageSets.length > 0 && imageSets.every((name) => ownImageSets.has(name)),
    );
  const found = await mapParallel(orphans, session.endpoints.parallel, async (one) =>
    (await isSubjectGone(one, session)) ? [asBase(one, [])] : [],
  );
  return found.flat();
}

/** Adds the attachments of images that are withheld. */
export function withheldWithAttached(
  withheld: ReadonlySet<string>,
  state: readonly MirroredPlacement[],
): ReadonlySet<string> {
  const images = state.filter((one) => withheld.has(placeKey(one)));
  const subjects = new Set(images.flatMap(subjectsAt));
  const attached = state.filter(
    (one) => isAttached(one) && subjects.has(subjectKey(one.repository, one.subject)),
  );
  return new Set([...withheld, ...attached.map(placeKey)]);
}
