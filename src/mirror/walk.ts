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
 * Order: children before their parents, however quickly each was read; each digest once. Children of one index are read
 * at the same time.
 */
export async function walk(root: Digest, { read, select }: Walk): Promise<readonly Walked[]> {
  const nodes = new Map<Digest, { manifest?: Manifest | undefined; below: readonly Digest[] }>();
  const load = async (digest: Digest): Promise<void> => {
    if (nodes.has(digest)) return;
    nodes.set(digest, { below: [] });
    const manifest = await read(digest);
    const below = manifest?.kind === 'index' ? childrenOf(manifest, select) : [];
    nodes.set(digest, { manifest, below });
    await Promise.all(below.map(load));
  };
  await load(root);

  const seen = new Set<Digest>();
  const list = (digest: Digest): readonly Walked[] => {
    if (seen.has(digest)) return [];
    seen.add(digest);
    const node = nodes.get(digest);
    return [...(node?.below ?? []).flatMap(list), { digest, manifest: node?.manifest }];
  };
  return list(root);
}

function childrenOf(index: ImageIndex, select: Walk['select']): readonly Digest[] {
  return (select ? select(index) : index.manifests).map(({ digest }) => digest);
}
