import {
  childManifests,
  type Descriptor,
  type Digest,
  type ImageIndex,
  isAttestation,
  type Manifest,
} from '../oci/index.ts';

/** A manifest of a graph, or the digest of one that could not be had. */
export interface Walked {
  readonly digest: Digest;
  readonly manifest: Manifest | undefined;
  /** How the index above it lists it; absent for the root. */
  readonly listed?: Descriptor;
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
  const nodes = new Map<Digest, Walked & { readonly below: readonly Descriptor[] }>();
  const load = async (digest: Digest, listed?: Descriptor): Promise<void> => {
    if (nodes.has(digest)) return;
    nodes.set(digest, { digest, manifest: undefined, below: [] });
    const manifest = await read(digest);
    const below = manifest ? childrenOf(manifest, select) : [];
    nodes.set(digest, { digest, manifest, ...(listed && { listed }), below });
    await Promise.all(below.map((child) => load(child.digest, child)));
  };
  await load(root);

  const seen = new Set<Digest>();
  const list = (digest: Digest): readonly Walked[] => {
    if (seen.has(digest)) return [];
    seen.add(digest);
    const { below = [], ...node } = nodes.get(digest) ?? { digest, manifest: undefined };
    return [...below.flatMap((child) => list(child.digest)), node];
  };
  return list(root);
}

function childrenOf(manifest: Manifest, select: Walk['select']): readonly Descriptor[] {
  return manifest.kind === 'index' && select ? select(manifest) : childManifests(manifest);
}

/** Tells whether an image lacks a manifest of its graph; an attestation that nobody has is no part of the image. */
export function isLost({ manifest, listed }: Walked): boolean {
  return manifest === undefined && !(listed && isAttestation(listed));
}
