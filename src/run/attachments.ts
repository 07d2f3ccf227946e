import { mapParallel } from '../base/index.ts';
import { MirrorError } from '../errors.ts';
import { type PinnedPlacement, workspaceRegistry } from '../imageset/index.ts';
import { childrenOf, maxDepth } from '../mirror/index.ts';
import { type Digest, isAttestation, isIndexType } from '../oci/index.ts';
import type { Repository } from '../registry/index.ts';
import { type Attachment, findAttachments, isSigned } from '../signature/index.ts';
import type { Session } from './session.ts';

/** An image of a source, and everything that is attached to it. */
export interface LookedUp {
  /** The first placement that wants it. */
  readonly placement: PinnedPlacement;
  readonly attachments: readonly Attachment[];
  /** Whether it is signed, or each image that it lists. */
  readonly isSigned: boolean;
  /** Why nobody can tell. */
  readonly error?: MirrorError;
}

/** Names an image where it is pulled from. */
export function imageKey({ source, content }: PinnedPlacement): string {
  return `${source.registry}/${source.repository}@${content.digest}`;
}

/** Reads no more than indexes: only they tell what else may have been signed. */
async function imagesBelow(
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

/** A source that does not answer tells nothing of signatures, and fails nothing. */
async function tryToLookUp(placement: PinnedPlacement, session: Session): Promise<LookedUp> {
  try {
    return await lookUp(placement, session);
  } catch (error) {
    if (!(error instanceof MirrorError) || error.code === 'CANCELLED') throw error;
    return { placement, attachments: [], isSigned: false, error };
  }
}

/**
 * Asks the sources of images for everything that is attached to them, each image once.
 *
 * Images that the workspace made are not asked for: nobody signed them.
 */
export async function lookUpAttachments(
  pinned: readonly PinnedPlacement[],
  session: Session,
): Promise<readonly LookedUp[]> {
  const pulled = pinned.filter(
    ({ source, kind }) => source.registry !== workspaceRegistry && kind !== 'cincinnatiGraph',
  );
  const images = new Map(pulled.toReversed().map((one) => [imageKey(one), one]));
  return await mapParallel([...images.values()].reverse(), session.endpoints.parallel, (one) =>
    tryToLookUp(one, session),
  );
}
