import { ContentError } from '../errors.ts';
import {
  type Descriptor,
  type Digest,
  type ImageIndex,
  isAttestation,
  type Manifest,
  type Platform,
  successors,
} from '../oci/index.ts';

/** Indexes inside each other, at most: real ones have one or two. */
export const maxDepth = 16;

/** Says of an image that its indexes nest deeper than anybody builds them. */
export function tooDeep(digest: Digest): ContentError {
  return new ContentError(
    'MANIFEST_INVALID',
    `its indexes lie more than ${maxDepth} deep inside each other, at ${digest}; the limit is ${maxDepth}`,
    { hint: 'Leave the image out, or ask its publisher for an index of images.' },
  );
}

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
  /** Platforms of an index whose children belong to the graph; absent: all. */
  readonly platforms?: readonly Platform[] | undefined;
}

/**
 * Walks a graph of manifests from its root.
 *
 * Order: children before their parents, however quickly each was read; each digest once. Children of one index are read
 * at the same time.
 * @throws ContentError `MANIFEST_INVALID` when indexes lie more than {@link maxDepth} deep inside each other
 */
export async function walk(root: Digest, { read, platforms }: Walk): Promise<readonly Walked[]> {
  const nodes = new Map<Digest, Walked & { readonly below: readonly Descriptor[] }>();
  const load = async (digest: Digest, depth: number, listed?: Descriptor): Promise<void> => {
    if (nodes.has(digest)) return;
    if (depth > maxDepth) throw tooDeep(digest);
    nodes.set(digest, { digest, manifest: undefined, below: [] });
    const manifest = await read(digest);
    const below = manifest ? childrenOf(manifest, platforms) : [];
    nodes.set(digest, { digest, manifest, ...(listed && { listed }), below });
    await Promise.all(below.map((child) => load(child.digest, depth + 1, child)));
  };
  await load(root, 0);

  const seen = new Set<Digest>();
  const list = (digest: Digest, depth: number): readonly Walked[] => {
    if (seen.has(digest)) return [];
    if (depth > maxDepth) throw tooDeep(digest);
    seen.add(digest);
    const { below = [], ...node } = nodes.get(digest) ?? { digest, manifest: undefined };
    return [...below.flatMap((child) => list(child.digest, depth + 1)), node];
  };
  return list(root, 0);
}

/** Gives the manifests right below another one, of an index those of some platforms. */
export function childrenOf(
  manifest: Manifest,
  platforms: readonly Platform[] | undefined,
): readonly Descriptor[] {
  return manifest.kind === 'index'
    ? selectChildren(manifest, platforms)
    : successors(manifest).children;
}

function isOne({ platform }: Descriptor, wanted: Platform): boolean {
  return platform?.os === wanted.os && platform.architecture === wanted.architecture;
}

/**
 * Gives the children of an index that are wanted: all, or those of the platforms, whatever their variant.
 * @throws ContentError `MANIFEST_INVALID` when a platform has no child.
 * @see oc-mirror v2, `platforms`
 */
export function selectChildren(
  index: ImageIndex,
  platforms: readonly Platform[] = [],
): readonly Descriptor[] {
  if (platforms.length === 0) return successors(index).children;
  for (const wanted of platforms) {
    if (index.manifests.some((child) => isOne(child, wanted))) continue;
    const { os, architecture } = wanted;
    throw new ContentError(
      'MANIFEST_INVALID',
      `no instances found for platform ${os}/${architecture}`,
      { hint: `Remove ${os}/${architecture} from the platforms of this image.` },
    );
  }
  return index.manifests.filter((child) => platforms.some((wanted) => isOne(child, wanted)));
}

/** Tells whether an image lacks a manifest of its graph; an attestation that nobody has is no part of the image. */
export function isLost({ manifest, listed }: Walked): boolean {
  return manifest === undefined && !(listed && isAttestation(listed));
}
