import { mapParallel } from '../../base/index.ts';
import { MirrorError } from '../../errors.ts';
import {
  type MirroredPlacement,
  type PinnedPlacement,
  placeKey,
  workspaceRegistry,
} from '../../imageset/index.ts';
import { childrenOf, maxDepth } from '../../mirror/index.ts';
import { type Digest, isAttestation, isIndexType } from '../../oci/index.ts';
import { formatPlatform } from '../../plan/index.ts';
import type { Repository } from '../../registry/index.ts';
import { type Attachment, findAttachments, isSigned } from '../../signature/index.ts';
import type { Session } from '../session.ts';
import { type AttachmentMemory, openAttachmentMemory } from './attachment-memory.ts';

/** An image of a source, and everything that is attached to it. */
export interface LookedUp {
  /** The first placement that wants it. */
  readonly placement: PinnedPlacement;
  readonly attachments: readonly Attachment[];
  /** Whether it is signed, or each image that it lists. */
  readonly isSigned: boolean;
  /** The failure that left this unknown. */
  readonly error?: MirrorError;
}

/** Names an image by its source, its digest and its wanted platforms: the signatures of other platforms are not mirrored. */
export function imageKey({ source, content, platforms = [] }: PinnedPlacement): string {
  const name = `${source.registry}/${source.repository}@${content.digest}`;
  return [name, ...platforms.map(formatPlatform).sort()].join(' ');
}

/** Gives the images of an index. Only indexes are read, because only they list images that may have been signed. */
export async function imagesBelow(
  { content, platforms }: PinnedPlacement,
  repository: Repository,
  { endpoints: { manifests } }: Session,
): Promise<readonly Digest[]> {
  const found = new Set<Digest>();
  const visit = async (digest: Digest, depth: number): Promise<void> => {
    const manifest = await manifests.read(repository, digest);
    for (const child of manifest ? childrenOf(manifest, platforms) : []) {
      if (isAttestation(child) || found.has(child.digest)) continue;
      found.add(child.digest);
      if (isIndexType(child.mediaType) && depth < maxDepth) await visit(child.digest, depth + 1);
    }
  };
  if (isIndexType(content.mediaType)) await visit(content.digest, 1);
  return [...found];
}

async function lookUp(placement: PinnedPlacement, session: Session): Promise<LookedUp> {
  const { source, content } = placement;
  const repository = session.endpoints.source.repository(source.registry, source.repository);
  const below = await imagesBelow(placement, repository, session);
  const find = async (digest: Digest) => await findAttachments(repository, digest);
  const [own = [], ...others] = await Promise.all([content.digest, ...below].map(find));
  const isSignedBelow =
    below.length > 0 && below.every((digest, index) => isSigned(digest, others[index] ?? []));
  return {
    placement,
    attachments: [...own, ...others.flat()],
    isSigned: isSigned(content.digest, own) || isSignedBelow,
  };
}

interface LookUp {
  readonly session: Session;
  readonly memory: AttachmentMemory;
  /** Keys of images that lie in the target. */
  readonly mirrored: ReadonlySet<string>;
}

/**
 * Recalls an answer, or asks the source. That an image has attachments is recalled only if it is mirrored: those of a new image
 * are about to be copied, and have to be there.
 */
async function recallOrLookUp(placement: PinnedPlacement, look: LookUp): Promise<LookedUp> {
  const { session, memory, mirrored } = look;
  const key = imageKey(placement);
  const known = memory.recall(key);
  const isNothing = known?.length === 0;
  if (known && (isNothing || mirrored.has(key))) {
    return { placement, attachments: known, isSigned: !isNothing };
  }
  const found = await lookUp(placement, session);
  if (found.isSigned || found.attachments.length === 0) memory.note(key, found.attachments);
  return found;
}

/** Looks up an image; a source that does not answer becomes an error of this image alone. */
async function tryToLookUp(placement: PinnedPlacement, look: LookUp): Promise<LookedUp> {
  try {
    return await recallOrLookUp(placement, look);
  } catch (error) {
    if (!(error instanceof MirrorError) || error.code === 'CANCELLED') throw error;
    return { placement, attachments: [], isSigned: false, error };
  }
}

/** Gives the keys of the images that lie at their places already. */
function mirroredImages(
  pinned: readonly PinnedPlacement[],
  state: readonly MirroredPlacement[],
): ReadonlySet<string> {
  const places = new Map(state.map((one) => [placeKey(one), one.digest]));
  const there = pinned.filter(
    ({ target, content }) => places.get(placeKey(target)) === content.digest,
  );
  return new Set(there.map(imageKey));
}

/**
 * Asks the sources of images for everything that is attached to them, each image once.
 *
 * Images that were made in the workspace have no signatures and are left out. A catalog of which only the filtered image is
 * mirrored is left out too. Runs close to each other are cheap: the answer about a signed image that is mirrored counts for 20
 * hours, and the answer that nothing is attached for one hour.
 */
export async function lookUpAttachments(
  pinned: readonly PinnedPlacement[],
  state: readonly MirroredPlacement[],
  session: Session,
): Promise<readonly LookedUp[]> {
  const pulled = pinned.filter(
    ({ source, kind, staging }) =>
      source.registry !== workspaceRegistry &&
      kind !== 'cincinnatiGraph' &&
      staging?.rebuiltTag === undefined,
  );
  const images = new Map(pulled.toReversed().map((one) => [imageKey(one), one]));
  const memory = await openAttachmentMemory(session.settings);
  const look = { session, memory, mirrored: mirroredImages(pulled, state) };
  const { parallel } = session.endpoints;
  const found = await mapParallel([...images.values()].reverse(), parallel, (one) =>
    tryToLookUp(one, look),
  );
  await memory.save();
  return found;
}
