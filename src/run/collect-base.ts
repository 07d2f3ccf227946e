import type { Collection, ImageSet } from '../imageset/index.ts';
import { type AppliedState, entriesAsApplied } from '../operators/index.ts';
import { collectAll, type Gathered, joinCollections } from './gather.ts';
import type { Session } from './session.ts';

/**
 * Collects an image set again, with failed catalogs at the digest of the last apply: a channel that is gone at the source must
 * not hide the effects of the change on clusters.
 */
async function collectAsApplied(
  failed: Collection,
  applied: AppliedState,
  session: Session,
): Promise<Collection> {
  const { imageSet } = failed;
  const operators = entriesAsApplied(failed, applied);
  const [again] = await collectAll(
    [{ ...imageSet, mirror: { ...imageSet.mirror, operators } }],
    session,
  );
  return again && again.failures.length === 0 ? { ...again, imageSet } : failed;
}

/**
 * Collects both sides of the diff at the same moment, so that changes at the source are not changes of the user. Only a catalog
 * that no longer fits its entry is collected as it was last applied.
 */
export async function collectBase(
  base: readonly ImageSet[],
  { head, ...applied }: AppliedState & { readonly head: Gathered },
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
