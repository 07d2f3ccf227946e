import { hasRelatedImages, imageFailures } from '../catalog/index.ts';
import {
  type Collection,
  dockerTransport,
  type ImageSet,
  type MirroredPlacement,
  type OperatorCatalog,
  parseImageSpec,
} from '../imageset/index.ts';
import { upstreamDigest } from '../operators/index.ts';
import { collectAll, type Gathered, joinCollections } from './gather.ts';
import type { Session } from './session.ts';

function isSound({ catalogs = [] }: Collection, index: number): boolean {
  const filtered = catalogs.find(({ entry }) => entry === index)?.filtered;
  return (
    filtered !== undefined &&
    filtered.errors.length === 0 &&
    imageFailures(filtered).length === 0 &&
    hasRelatedImages(filtered)
  );
}

/** What was mirrored, and of whose wishes the run knows better. */
interface Applied {
  readonly state: readonly MirroredPlacement[];
  readonly speaksFor: ReadonlySet<string>;
}

/** Names an entry's catalog by the digest that it had when it was last applied; the tag still says where it goes. */
function asApplied(entry: OperatorCatalog, { state, speaksFor }: Applied): OperatorCatalog {
  const { transport, domain, path, tag, digest } = parseImageSpec(entry.catalog);
  if (transport !== dockerTransport || digest !== undefined) return entry;
  const applied = state.find((one) => {
    const origin = parseImageSpec(one.origin);
    return (
      one.kind === 'operatorCatalog' &&
      one.imageSets.some((name) => speaksFor.has(name)) &&
      one.tag === (entry.targetTag || tag) &&
      origin.domain === domain &&
      origin.path === path
    );
  });
  const known = applied && upstreamDigest(applied);
  return known ? { ...entry, catalog: `${entry.catalog}@${known}` } : entry;
}

/**
 * Collects an image set once more with those catalogs as they were last applied that cannot be collected any more: a channel
 * that is gone upstream must not hide what the change does to clusters.
 */
async function collectAsApplied(
  failed: Collection,
  applied: Applied,
  session: Session,
): Promise<Collection> {
  const { imageSet } = failed;
  const operators = (imageSet.mirror.operators ?? []).map((entry, index) =>
    isSound(failed, index) ? entry : asApplied(entry, applied),
  );
  const [again] = await collectAll(
    [{ ...imageSet, mirror: { ...imageSet.mirror, operators } }],
    session,
  );
  return again && again.failures.length === 0 ? { ...again, imageSet } : failed;
}

/**
 * Collects both sides of the diff at the same moment, so that what upstream changes is no change of the user's; only a catalog
 * that its entry does not fit any more is taken as it was last applied.
 */
export async function collectBase(
  base: readonly ImageSet[],
  { head, ...applied }: Applied & { readonly head: Gathered },
  session: Session,
): Promise<Gathered> {
  const known = new Map(head.collections.map((one) => [one.imageSet.identity, one]));
  const isSame = ({ identity, text }: ImageSet) => known.get(identity)?.imageSet.text === text;
  const collected = await collectAll(
    base.filter((imageSet) => !isSame(imageSet)),
    session,
  );
  const mended = collected.map(async (one) =>
    one.failures.some(({ kind }) => kind === 'operator')
      ? await collectAsApplied(one, applied, session)
      : one,
  );
  const same = base.filter(isSame).flatMap(({ identity }) => known.get(identity) ?? []);
  return joinCollections([...(await Promise.all(mended)), ...same]);
}
