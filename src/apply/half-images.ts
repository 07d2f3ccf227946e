import { mapParallel } from '../base/index.ts';
import { MirrorError } from '../errors.ts';
import { type PinnedPlacement, placeKey } from '../imageset/index.ts';
import { isLost, walk } from '../mirror/index.ts';
import { isIndexType } from '../oci/index.ts';
import type { ObservedRepository } from '../plan/index.ts';
import { type Endpoints, targetRepository } from './endpoints.ts';
import type { Index, Question } from './observe-index.ts';

type Repositories = ReadonlyMap<string, ObservedRepository>;

/**
 * Tells whether an index has to be looked into: a tag alone does not prove its children.
 *
 * They are proved by the run that brought them, as long as its image set goes on to want them. A run that ended in the middle,
 * a place that another tool filled, and one that was given up and is wanted again prove nothing.
 */
function isDoubtful(wanted: PinnedPlacement, { pending }: Question, { state }: Index): boolean {
  if (!isIndexType(wanted.content.mediaType)) return false;
  const names = state.get(placeKey(wanted.target))?.imageSets ?? [];
  const isHeld = wanted.causes.some(({ imageSet }) => names.includes(imageSet));
  return !isHeld || (pending ?? []).length > 0;
}

/** Manifests are asked for at the target itself: what the cache has proves nothing. */
async function isHalf(
  { target, content, platforms }: PinnedPlacement,
  endpoints: Endpoints,
): Promise<boolean> {
  const { manifests } = targetRepository(endpoints, target.repository);
  try {
    const found = await walk(content.digest, {
      read: (digest) => manifests.fetch(digest),
      platforms,
    });
    return found.some(isLost);
  } catch (thrown) {
    if (!(thrown instanceof MirrorError) || thrown.code !== 'MANIFEST_INVALID') throw thrown;
    return true;
  }
}

/** Takes a digest out of what is there: whatever names it, its image is not. */
function without(
  seen: ObservedRepository,
  { target: { repository }, content }: PinnedPlacement,
  { state }: Index,
): ObservedRepository {
  const ofState = (tag: string) => state.get(placeKey({ repository, tag }))?.digest;
  const tags = [...seen.tags].filter(([tag, named]) => (named ?? ofState(tag)) !== content.digest);
  return { ...seen, tags: new Map(tags) };
}

/**
 * Looks into the indexes that are wanted and there, where their tags alone prove nothing; one that lacks a child is not there,
 * so that it is mirrored again.
 */
export async function leaveOutHalves(
  repositories: Repositories,
  question: Question,
  { index, endpoints }: { readonly index: Index; readonly endpoints: Endpoints },
): Promise<Repositories> {
  const suspects = question.wanted.filter((wanted) => {
    const { repository, tag } = wanted.target;
    const tags = repositories.get(repository)?.tags;
    const named = tags?.get(tag) ?? index.state.get(placeKey(wanted.target))?.digest;
    const isThere = tags?.has(tag) === true && named === wanted.content.digest;
    return isThere && isDoubtful(wanted, question, index);
  });
  const halves = await mapParallel(suspects, endpoints.parallel, async (one) =>
    (await isHalf(one, endpoints)) ? [one] : [],
  );
  const whole = new Map(repositories);
  for (const half of halves.flat()) {
    const { repository } = half.target;
    const seen = whole.get(repository);
    if (seen) whole.set(repository, without(seen, half, index));
  }
  return whole;
}
