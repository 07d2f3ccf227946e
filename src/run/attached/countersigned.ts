import type { PinnedPlacement } from '../../imageset/index.ts';
import type { Descriptor, Manifest } from '../../oci/index.ts';
import type { Session } from '../session.ts';

/** Names a signature of cosign: those of two keys may have one payload. */
function signatureKey({ digest, annotations }: Descriptor): string {
  return `${digest} ${annotations?.['dev.cosignproject.cosign/signature'] ?? ''}`;
}

/** Tells whether a manifest has all the signatures of another one. */
function hasAllOf(theirs: Manifest | undefined, ours: Manifest | undefined): boolean {
  if (theirs?.kind !== 'image' || ours?.kind !== 'image') return false;
  const there = new Set(theirs.layers.map(signatureKey));
  return ours.layers.every((layer) => there.has(signatureKey(layer)));
}

/**
 * Takes the signatures of the target for those of the source where they are the same and more: whoever signed an image there as well
 * loses nothing.
 *
 * Effects: one HEAD of the target; two requests more where its tag names something else.
 */
export async function keepCountersigned(
  placement: PinnedPlacement,
  session: Session,
): Promise<PinnedPlacement> {
  const { endpoints, target: place, settings } = session;
  const { source, target, content } = placement;
  if (settings.targetAccess === 'assumed') return placement;
  const there = endpoints.target.repository(place.registry, target.repository, {
    denial: 'absence',
  });
  const named = await there.manifests.resolve(target.tag);
  if (!named || named.digest === content.digest) return placement;
  const from = endpoints.source.repository(source.registry, source.repository);
  const theirs = await there.manifests.fetch(named.digest);
  if (!hasAllOf(theirs, await endpoints.manifests.read(from, content.digest))) return placement;
  return { ...placement, content: named, source: { ...source, digest: named.digest } };
}
