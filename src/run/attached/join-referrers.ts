import { mapParallel } from '../../base/index.ts';
import type { PinnedPlacement } from '../../imageset/index.ts';
import { type Descriptor, type ImageIndex, type Manifest, referrersTag } from '../../oci/index.ts';
import { type Observation, observedTag, subjectsOf } from '../../plan/index.ts';
import type { Repository } from '../../registry/index.ts';
import {
  createReferrersIndex,
  findAttachments,
  readAttachedTag,
  tagBeside,
} from '../../signature/index.ts';
import type { Session } from '../session.ts';

/** Tells whether an attachment is a list of referrers; every other attachment has a tag of cosign. */
export function isReferrersPlace({ target }: PinnedPlacement): boolean {
  return readAttachedTag(target.tag)?.form !== 'cosign-tag';
}

/** Reads an index at its source, or as it was written. */
async function readIndex(
  { source, content }: PinnedPlacement,
  { endpoints }: Session,
): Promise<ImageIndex | undefined> {
  const from = endpoints.source.repository(source.registry, source.repository);
  const found = await endpoints.manifests.read(from, content.digest);
  return found?.kind === 'index' ? found : undefined;
}

/** Lets a copy find manifests of the target as if the source had them, and gives those that the target really has. */
async function bringAlong(
  referrers: readonly Descriptor[],
  target: Repository,
  { written }: Session,
): Promise<readonly Descriptor[]> {
  const found: Descriptor[] = [];
  for (const referrer of referrers) {
    const manifest = await target.manifests.fetch(referrer.digest);
    if (!manifest) continue;
    written.add(manifest);
    found.push(referrer);
  }
  return found;
}

/**
 * Joins a list of referrers with the list that the target has at its place: signatures that were made in the target stay.
 *
 * Where the tag names the image itself, because it was mirrored by digest, the list gets a tag beside it.
 * Effects: one HEAD of the target for each list; more requests only where the target has another list.
 */
export async function joinReferrers(
  placement: PinnedPlacement,
  session: Session,
): Promise<PinnedPlacement> {
  const { endpoints, target: place, written, settings } = session;
  const { target, content } = placement;
  if (settings.targetAccess === 'assumed') return placement;
  const there = endpoints.target.repository(place.registry, target.repository, {
    denial: 'absence',
  });
  const named = await there.manifests.resolve(target.tag);
  if (!named || named.digest === content.digest) return placement;
  if (referrersTag(named.digest) === target.tag) {
    const beside = { ...target, tag: tagBeside(target.tag) };
    return await joinReferrers({ ...placement, target: beside }, session);
  }
  const found = await there.manifests.fetch(named.digest);
  const own = await readIndex(placement, session);
  if (found?.kind !== 'index' || !own) return placement;
  const known = new Set(own.manifests.map(({ digest }) => digest));
  const listed = found.manifests.filter(({ digest }) => !known.has(digest));
  const others = await bringAlong(listed, there, session);
  if (others.length === 0) return placement;
  const joined = createReferrersIndex([...own.manifests, ...others]);
  written.add(joined);
  const { digest } = joined.descriptor;
  return { ...placement, content: joined.descriptor, source: { ...placement.source, digest } };
}

async function writeAgain(placement: PinnedPlacement, session: Session): Promise<void> {
  const { source, target } = placement;
  if (await readIndex(placement, session)) return;
  const from = session.endpoints.source.repository(source.registry, source.repository);
  const subjects = subjectsOf({ tag: target.tag, subject: placement.subject });
  for (const subject of subjects) {
    const attachments = await findAttachments(from, subject);
    const now = attachments.find(({ tag }) => [tag, tagBeside(tag)].includes(target.tag));
    if (!now) continue;
    if (now.index) session.written.add(now.index);
    const content = now.descriptor;
    await joinReferrers(
      { ...placement, content, source: { ...source, digest: content.digest } },
      session,
    );
    return;
  }
}

/**
 * Writes the lists of referrers of a plan that no registry holds: only the run that made the plan had them.
 *
 * A list that has changed since cannot be written again: its mirroring fails and says so.
 */
export async function writeListsAgain(
  placements: readonly PinnedPlacement[],
  session: Session,
): Promise<void> {
  const lists = placements.filter((one) => one.kind === 'signature' && isReferrersPlace(one));
  await mapParallel(lists, session.endpoints.parallel, (one) => writeAgain(one, session));
}

/** Names a signature of cosign; the payload is not enough, because two keys may sign the same one. */
function signatureKey({ digest, annotations }: Descriptor): string {
  return `${digest} ${annotations?.['dev.cosignproject.cosign/signature'] ?? ''}`;
}

/** Tells whether a manifest has all the signatures of another one. */
function hasAllOf(theirs: Manifest, ours: Manifest | undefined): boolean {
  if (theirs.kind !== 'image' || ours?.kind !== 'image') return false;
  const there = new Set(theirs.layers.map(signatureKey));
  return ours.layers.every((layer) => there.has(signatureKey(layer)));
}

/**
 * Keeps the manifest of the target where it has all signatures of the source, and more: a signature that was added there stays.
 *
 * Effects: reads only manifests that the observation has read already.
 */
export async function keepCountersigned(
  placement: PinnedPlacement,
  observation: Observation,
  { endpoints: { manifests } }: Session,
): Promise<PinnedPlacement> {
  const { source, target, content } = placement;
  const named = observedTag(observation, target);
  if (named.is !== 'resolved' || named.digest === content.digest) return placement;
  const theirs = await manifests.known(named.digest);
  if (!theirs || !hasAllOf(theirs, await manifests.known(content.digest))) return placement;
  const { descriptor } = theirs;
  return { ...placement, content: descriptor, source: { ...source, digest: descriptor.digest } };
}
