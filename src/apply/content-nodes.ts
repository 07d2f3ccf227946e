import { createBudget } from '../base/index.ts';
import { MirrorError } from '../errors.ts';
import { isLost, walk } from '../mirror/index.ts';
import { type Digest, type Manifest, type Platform, successors } from '../oci/index.ts';
import type { ContentNode } from '../plan/index.ts';
import type { Repository } from '../registry/index.ts';
import type { Endpoints } from './endpoints.ts';

/** A manifest to read with everything below it. */
export interface Root {
  readonly repository: Repository;
  readonly digest: Digest;
  /** Platforms whose children are read; absent: all. */
  readonly platforms?: readonly Platform[] | undefined;
}

/** A root that could not be read, and why; without an error a part of it is missing. */
export interface Unread {
  readonly root: Root;
  readonly error: MirrorError | undefined;
}

/** Content by digest, and the roots of which a part is missing. */
export interface ReadContent {
  readonly nodes: ReadonlyMap<Digest, ContentNode>;
  readonly unread: readonly Unread[];
}

function toNode(manifest: Manifest): ContentNode {
  const { children, blobs, subject } = successors(manifest);
  return {
    descriptor: manifest.descriptor,
    children: children.map(({ digest }) => digest),
    blobs: blobs.map(({ digest, size }) => ({ digest, size })),
    ...(subject && { subject: subject.digest }),
  };
}

/**
 * Reads the content of many images, each once, as far as it can be had.
 *
 * A part that is missing or malformed leaves its root in `unread`; a registry that does not answer does so too, so that
 * one broken source does not hide what the others have. Roots of one digest share their first reader.
 */
export async function readContent(
  roots: readonly Root[],
  endpoints: Endpoints,
): Promise<ReadContent> {
  const budget = createBudget(endpoints.parallel);
  const nodes = new Map<Digest, ContentNode>();
  const first = new Map(roots.toReversed().map((root) => [root.digest, root]));
  const unread: Unread[] = [];

  // Bounded here, not around a walk: an index waits for its children, which need a turn of their own.
  const readFrom =
    ({ repository }: Root) =>
    (digest: Digest) =>
      budget.spend(1, () => endpoints.manifests.read(repository, digest));

  async function readRoot(root: Root): Promise<void> {
    const { digest, platforms } = root;
    try {
      const found = await walk(digest, { read: readFrom(root), platforms });
      for (const { digest, manifest } of found) {
        if (manifest) nodes.set(digest, toNode(manifest));
      }
      if (found.some(isLost)) unread.push({ root, error: undefined });
    } catch (error) {
      if (!(error instanceof MirrorError) || error.code === 'CANCELLED') throw error;
      unread.push({ root, error });
    }
  }

  await Promise.all([...first.values()].map(readRoot));
  return { nodes, unread };
}
