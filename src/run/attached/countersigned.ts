import type { PinnedPlacement } from '../../imageset/index.ts';
import type { Descriptor, Manifest } from '../../oci/index.ts';
import { type Observation, observedTag } from '../../plan/index.ts';
import type { Session } from '../session.ts';

/** Names a signature of cosign: those of two keys may have one payload. */
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
 * Keeps the signatures that the target has in place of those of the source where they are the same and more: a signature that was
 * added in the target stays.
 *
 * Effects: none; what was observed has been read.
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
