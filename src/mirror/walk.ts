import type { Descriptor, Digest, ImageIndex, Manifest } from '../oci/index.ts';

/** A manifest of a graph, or the digest of one that could not be had. */
export interface Walked {
  readonly digest: Digest;
  readonly manifest: Manifest | undefined;
}

/** How a graph is read. */
export interface Walk {
  read(digest: Digest): Promise<Manifest | undefined>;
  /** Chooses the children of an index that belong to the graph; absent: all. */
  select?(index: ImageIndex): readonly Descriptor[];
}

/**
 * Walks a graph of manifests from its root.
 *
 * Order: children before their parents, each digest once. Children of one index are read at the same time.
 */
export async function walk(root: Digest, { read, select }: Walk): Promise<readonly Walked[]> {
  const seen = new Set<Digest>();
  const visit = async (digest: Digest): Promise<readonly Walked[]> => {
    if (seen.has(digest)) return [];
    seen.add(digest);
    const manifest = await read(digest);
    if (manifest?.kind !== 'index') return [{ digest, manifest }];
    const children = select ? select(manifest) : manifest.manifests;
    const below = await Promise.all(children.map((child) => visit(child.digest)));
    return [...below.flat(), { digest, manifest }];
  };
  return await visit(root);
}
