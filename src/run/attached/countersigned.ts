import type { PinnedPlacement } from '../../imageset/index.ts';
import type { Descriptor, Manifest } from '../../oci/index.ts';
import { type Observation, observedTag } from '../../plan/index.ts';
import type { Session } from '../session.ts';

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
