import type { PinnedPlacement } from '../../imageset/index.ts';
import { type Descriptor, type ImageIndex, referrersTag } from '../../oci/index.ts';
import type { Repository } from '../../registry/index.ts';
import { createReferrersIndex } from '../../signature/index.ts';
import type { Session } from '../session.ts';

/** Gives the tag of a list of referrers where the image itself has the tag for it. */
export function tagBeside(tag: string): string {
  return `${tag}.referrers`;
}

/** Lists of referrers alone have tags without an ending of cosign's. */
function isReferrersPlace({ target }: PinnedPlacement): boolean {
  return !/\.(sig|att|sbom)$/.test(target.tag);
}

/** Reads an index at its source, or as it was written. */
async function readIndex(
  { source, content }: PinnedPlacement,
  { endpoints }: Session,
): Promise<ImageIndex | undefined> {
  const from = endpoints.source.repository(source.registry, source.repository);
  const found = await endpoints.manifests.read(from, content.digest);
  return found?.kind === 'index' ? found : undefined;
}

/** Makes manifests of the target known as if the source had them: a copy looks for everything there. */
async function bringAlong(
  referrers: readonly Descriptor[],
  target: Repository,
  { written }: Session,
): Promise<void> {
  for (const { digest } of referrers) {
    const manifest = await target.manifests.fetch(digest);
    if (manifest) written.add(manifest);
  }
}

/**
 * Joins a list of referrers with the one that the target has at its place: whoever signed an image there loses nothing.
 *
 * Where the tag names the image itself, as oc-mirror mirrors images by digest, the list gets one beside it.
 * Effects: one HEAD of the target for each list of referrers; more requests only where it has another one.
 */
export async function joinReferrers(
  placement: PinnedPlacement,
  session: Session,
): Promise<PinnedPlacement> {
  const { endpoints, target: place, written, settings } = session;
  const { target, content } = placement;
  if (!isReferrersPlace(placement) || settings.targetAccess === 'assumed') return placement;
  const there = endpoints.target.repository(place.registry, target.repository, {
    denial: 'absence',
  });
  const named = await there.manifests.resolve(target.tag);
  if (!named || named.digest === content.digest) return placement;
  if (referrersTag(named.digest) === target.tag) {
    const beside = { ...target, tag: tagBeside(target.tag) };
    return await joinReferrers({ ...placement, target: beside }, session);
  }
  const found = await there.manifests.fetch(named.digest);
  const own = await readIndex(placement, session);
  if (found?.kind !== 'index' || !own) return placement;
  const known = new Set(own.manifests.map(({ digest }) => digest));
  const others = found.manifests.filter(({ digest }) => !known.has(digest));
  if (others.length === 0) return placement;
  await bringAlong(others, there, session);
  const joined = createReferrersIndex([...own.manifests, ...others]);
  written.add(joined);
  const { digest } = joined.descriptor;
  return { ...placement, content: joined.descriptor, source: { ...placement.source, digest } };
}
