import { type Budget, createBudget } from '../base/index.ts';
import { placeKey, type TargetPlace } from '../imageset/index.ts';
import { isPlaceholder } from '../mirror/index.ts';
import type { Digest } from '../oci/index.ts';
import type { ObservedRepository } from '../plan/index.ts';
import { findManifest, type Repository, type TagSurvey } from '../registry/index.ts';
import { type Endpoints, targetRepository } from './endpoints.ts';
import type { Index, KnownPlace } from './observe-index.ts';

type Known = readonly KnownPlace[];

/**
 * Chooses the tags that have to be looked up.
 *
 * All of them if something may be removed, because an image that any tag names stays. Else only those that the state does not
 * prove.
 */
function tagsToResolve(
  repository: string,
  tags: readonly string[],
  index: Index,
): readonly string[] {
  const there = new Set(tags);
  const leaving = index.leaving.get(repository) ?? [];
  if (index.replaced.has(repository) || leaving.some(({ tag }) => there.has(tag))) return tags;
  return tags.filter((tag) => {
    const key = placeKey({ repository, tag });
    const wanted = index.wanted.get(key);
    return wanted !== undefined && index.state.get(key)?.digest !== wanted.content.digest;
  });
}

/**
 * A run that was killed may have left its placeholder at a tag that goes. It still stands for what it replaced; where
 * the place is wanted again it is what it is.
 */
function throughPlaceholder(
  place: TargetPlace,
  named: Digest | undefined,
  index: Index,
): Digest | undefined {
  const key = placeKey(place);
  const ours = index.state.get(key)?.digest;
  if (named === undefined || ours === undefined || index.wanted.has(key)) return named;
  return isPlaceholder(place.repository, named) ? ours : named;
}

/** One repository while it is looked at. */
interface Look {
  readonly repository: Repository;
  readonly index: Index;
  readonly budget: Budget;
}

/** Tags that are there, listed or found by name, and what the list is worth. */
interface Tags {
  /** The registry knows the repository. */
  readonly exists: boolean;
  readonly tags: readonly string[];
  readonly list: TagSurvey['list'];
}

/** Gives those of some places whose tags are there, asked for by name. */
async function findByName(places: readonly TargetPlace[], { repository, budget }: Look) {
  const found = await Promise.all(
    places.map(({ tag }) =>
      budget.spend(1, async () => ((await repository.manifests.resolve(tag)) ? [tag] : [])),
    ),
  );
  return found.flat();
}

/** Asks by name for tags that the list leaves out: one of a repository that may be new, all of one that should be there. */
async function findUnlisted(unlisted: Known, isListed: boolean, look: Look): Promise<string[]> {
  if (isListed || unlisted.some(({ isNew }) => !isNew)) return await findByName(unlisted, look);
  const found = await findByName(unlisted.slice(0, 1), look);
  return found.length === 0 ? [] : [...found, ...(await findByName(unlisted.slice(1), look))];
}

/**
 * Lists the tags, and asks by name for those that somebody knows and the list leaves out.
 *
 * A list that one of them contradicts is read once more: it may have been a bad moment.
 */
async function findTags(look: Look): Promise<Tags> {
  const { repository, index } = look;
  const { name, tags: store } = repository;
  const leaving = index.leaving.get(name)?.map(({ tag }) => tag);
  const doubts = leaving ?? (index.replaced.has(name) ? [] : undefined);
  const first = await store.survey(doubts);
  const listed = new Set(first?.tags);
  const unlisted = (index.known.get(name) ?? []).filter(({ tag }) => !listed.has(tag));
  const found = await findUnlisted(unlisted, first !== undefined, look);
  const survey = found.length > 0 ? await store.survey(doubts) : first;
  const tags = new Set(survey?.tags);
  const isLacking = found.some((tag) => !tags.has(tag)) || index.tagLists === 'incomplete';
  return {
    exists: survey !== undefined || found.length > 0,
    tags: [...new Set([...tags, ...found])],
    list: isLacking ? 'incomplete' : (survey?.list ?? 'complete'),
  };
}

/** A tag that is listed and answered by 404 is asked for once more before it counts as gone. */
async function lookUp(tag: string, { repository, index }: Look): Promise<Digest | undefined> {
  const named = await findManifest(repository, tag);
  return throughPlaceholder({ repository: repository.name, tag }, named?.digest, index);
}

/** Gives digests to look for although their tag is gone: an image is gone only if its digest is gone too. */
function digestsToSeek(name: string, tags: ReadonlyMap<string, unknown>, index: Index): Digest[] {
  const lost = (index.known.get(name) ?? []).flatMap(({ repository, tag }) => {
    const key = placeKey({ repository, tag });
    const mirrored = index.wanted.has(key) || tags.has(tag) ? undefined : index.state.get(key);
    return mirrored ? [mirrored.digest] : [];
  });
  return [...new Set([...lost, ...(index.replaced.get(name) ?? [])])];
}

/**
 * Looks at one repository of the target.
 *
 * A list of tags proves nothing by itself: what is wanted, or known to the state or the base, and not listed is asked for by
 * name, and what was mirrored counts as gone when neither its tag nor its digest is there.
 */
export async function observeRepository(
  name: string,
  index: Index,
  endpoints: Endpoints,
): Promise<ObservedRepository> {
  const isKnown = index.known.get(name)?.some(({ isNew }) => !isNew);
  const repository = targetRepository(endpoints, name, { denial: isKnown ? 'error' : 'absence' });
  const look: Look = { repository, index, budget: createBudget(endpoints.parallel) };
  const { exists, tags, list } = await findTags(look);
  const named = new Map<string, Digest | undefined>(tags.map((tag) => [tag, undefined]));
  const resolve = async (tag: string): Promise<void> => {
    const digest = await lookUp(tag, look);
    // Gone since it was listed: then it is not there.
    if (digest === undefined) named.delete(tag);
    else named.set(tag, digest);
  };
  const asked = tagsToResolve(name, tags, index);
  await Promise.all(asked.map((tag) => look.budget.spend(1, () => resolve(tag))));
  const replaced = new Set<Digest>();
  const seek = async (digest: Digest): Promise<void> => {
    if (await findManifest(repository, digest)) replaced.add(digest);
  };
  const sought = digestsToSeek(name, named, index);
  await Promise.all(sought.map((digest) => look.budget.spend(1, () => seek(digest))));
  return {
    exists: exists || replaced.size > 0,
    tags: named,
    ...(replaced.size > 0 && { replaced }),
    ...(list === 'incomplete' && { list }),
  };
}
