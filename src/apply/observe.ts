import pLimit from 'p-limit';
import { RegistryError } from '../errors.ts';
import {
  type MirroredPlacement,
  type PinnedPlacement,
  placeKey,
  type TargetPlace,
} from '../imageset/index.ts';
import { placeholderDigest, selectChildren } from '../mirror/index.ts';
import type { Digest, ImageIndex } from '../oci/index.ts';
import {
  type BasePlacement,
  type ContentNode,
  hasPlatforms,
  type Observation,
  type ObservedRepository,
  type PlanOptions,
  replacedDigests,
} from '../plan/index.ts';
import { type ReadContent, type Root, readContent, type Unread } from './content-nodes.ts';
import { sourceRepository, targetRepository, type Ways } from './ways.ts';

/** What a plan will ask of the target. */
export interface Question {
  readonly wanted: readonly PinnedPlacement[];
  readonly base: readonly BasePlacement[];
  readonly state: readonly MirroredPlacement[];
  readonly prune: PlanOptions['prune'];
}

/** What was observed, and which images of the sources could not be read. */
export interface Observed {
  readonly observation: Observation;
  readonly unread: readonly { readonly placement: PinnedPlacement; readonly cause: Unread }[];
}

/** What is known of the places of a question before the target is asked. */
interface Index {
  readonly wanted: ReadonlyMap<string, PinnedPlacement>;
  readonly state: ReadonlyMap<string, MirroredPlacement>;
  /** Places of each repository that may go. */
  readonly leaving: ReadonlyMap<string, readonly TargetPlace[]>;
  /** Digests of each repository that had a place before and may go. */
  readonly replaced: ReadonlyMap<string, ReadonlySet<Digest>>;
  readonly repositories: readonly string[];
  /** Repositories in which the state or the base has a place. */
  readonly known: ReadonlySet<string>;
}

type State = Index['state'];

/** What had the places before that are asked for; with `none` it stays. */
function replacedIn({ wanted, prune }: Question, leaving: readonly TargetPlace[], state: State) {
  const replaced = new Map<string, Set<Digest>>();
  const add = ({ repository, tag }: TargetPlace, now: Digest | undefined): void => {
    const mirrored = state.get(placeKey({ repository, tag }));
    for (const digest of mirrored ? replacedDigests(mirrored, now ?? mirrored.digest) : []) {
      replaced.set(repository, (replaced.get(repository) ?? new Set()).add(digest));
    }
  };
  if (prune === 'none') return replaced;
  for (const { target, content } of wanted) add(target, content.digest);
  for (const place of leaving) add(place, undefined);
  return replaced;
}

function indexOf(question: Question): Index {
  const { wanted, base, prune } = question;
  const wantedPlaces = new Map(wanted.map((one) => [placeKey(one.target), one]));
  const state = new Map(question.state.map((one) => [placeKey(one), one]));
  const places = [
    ...(prune === 'none' ? [] : base.map(({ target }) => target)),
    ...(prune === 'stale' ? question.state : []),
  ];
  const leaving = places.filter((place) => !wantedPlaces.has(placeKey(place)));
  const asked = [...wanted.map(({ target }) => target), ...leaving];
  return {
    wanted: wantedPlaces,
    state,
    leaving: Map.groupBy(leaving, ({ repository }) => repository),
    replaced: replacedIn(question, leaving, state),
    known: new Set(
      [...question.state, ...base.map(({ target }) => target)].map(({ repository }) => repository),
    ),
    repositories: [...new Set(asked.map(({ repository }) => repository))].sort(),
  };
}

/**
 * Chooses the tags that have to be looked up.
 *
 * Where something may go, all of them: whatever a tag names stays. Elsewhere only what the state does not prove.
 */
function tagsToResolve(
  repository: string,
  tags: readonly string[],
  index: Index,
): readonly string[] {
  const listed = new Set(tags);
  const leaving = index.leaving.get(repository) ?? [];
  if (index.replaced.has(repository) || leaving.some(({ tag }) => listed.has(tag))) return tags;
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
  if (ours === undefined || index.wanted.has(key)) return named;
  return named === placeholderDigest(place.repository) ? ours : named;
}

async function observeRepository(
  name: string,
  index: Index,
  ways: Ways,
): Promise<ObservedRepository> {
  const denial = index.known.has(name) ? 'error' : 'absence';
  const repository = targetRepository(ways, name, { denial });
  const tags = await repository.tags.list();
  if (tags === undefined) return { exists: false, tags: new Map() };
  const found = new Map<string, Digest | undefined>(tags.map((tag) => [tag, undefined]));
  const limit = pLimit(ways.parallel);
  const lookUp = async (tag: string): Promise<void> => {
    const named = (await repository.manifests.resolve(tag))?.digest;
    const digest = throughPlaceholder({ repository: name, tag }, named, index);
    // Gone since it was listed: then it is not there.
    if (digest === undefined) found.delete(tag);
    else found.set(tag, digest);
  };
  await Promise.all(tagsToResolve(name, tags, index).map((tag) => limit(() => lookUp(tag))));
  const replaced = new Set<Digest>();
  const askFor = async (digest: Digest): Promise<void> => {
    if (await repository.manifests.resolve(digest)) replaced.add(digest);
  };
  const had = [...(index.replaced.get(name) ?? [])];
  await Promise.all(had.map((digest) => limit(() => askFor(digest))));
  return { exists: true, tags: found, ...(replaced.size > 0 && { replaced }) };
}

type Repositories = ReadonlyMap<string, ObservedRepository>;

/** Gives what a place names: what was seen, or what the state proves of a tag that is listed. */
function named(place: TargetPlace, repositories: Repositories, index: Index): Digest | undefined {
  const tags = repositories.get(place.repository)?.tags;
  if (!tags?.has(place.tag)) return undefined;
  return tags.get(place.tag) ?? index.state.get(placeKey(place))?.digest;
}

/** What was mirrored to a repository of which something goes, whatever its tags name by now: it may count as kept. */
function mirroredDigests(name: string, { leaving, replaced, state }: Index): Digest[] {
  if (!leaving.has(name) && !replaced.has(name)) return [];
  const there = [...state.values()].filter(({ repository }) => repository === name);
  return there.map(({ digest }) => digest);
}

/** Digests that lie in the target, in repositories of which a plan has to know the content. */
function targetRoots(repositories: Repositories, index: Index, ways: Ways): Root[] {
  return [...repositories].flatMap(([name, { tags, replaced = [] }]) => {
    const repository = targetRepository(ways, name);
    const digests = [...tags.keys()].map((tag) =>
      named({ repository: name, tag }, repositories, index),
    );
    const all = new Set([...digests, ...replaced, ...mirroredDigests(name, index)]);
    return [...all].flatMap((digest) => (digest ? [{ repository, digest }] : []));
  });
}

/** Everything that lies in the target as far as it was read: its blobs need not move. */
function blobsIn(roots: readonly Root[], nodes: ReadonlyMap<Digest, ContentNode>): Set<Digest> {
  const open = new Set(roots.map(({ digest }) => digest));
  const blobs = new Set<Digest>();
  for (const digest of open) {
    const node = nodes.get(digest);
    for (const child of node?.children ?? []) open.add(child);
    for (const blob of node?.blobs ?? []) blobs.add(blob.digest);
  }
  return blobs;
}

interface SourceRoot extends Root {
  readonly placement: PinnedPlacement;
}

function sourceRoots(missing: readonly PinnedPlacement[], ways: Ways): SourceRoot[] {
  return missing.map((placement) => {
    const { registry, repository } = placement.source;
    const root = {
      placement,
      repository: sourceRepository(ways, `${registry}/${repository}`),
      digest: placement.content.digest,
    };
    const { platforms } = placement;
    return platforms
      ? { ...root, select: (above: ImageIndex) => selectChildren(above, platforms) }
      : root;
  });
}

/**
 * Looks at the target, as far as a plan needs to know it: only reads.
 *
 * One list of tags for each repository in question. Tags are resolved where something may go, or where the state does not
 * prove them. Manifests are read only when something moves or goes: of what is missing from the source, of what is there
 * from the target, all through the cache. With nothing to do, nothing but the lists is asked for.
 * @throws RegistryError when the target does not answer
 */
export async function observe(question: Question, ways: Ways): Promise<Observed> {
  const index = indexOf(question);
  const limit = pLimit(ways.parallel);
  const seen = await Promise.all(
    index.repositories.map((name) =>
      limit(async () => [name, await observeRepository(name, index, ways)] as const),
    ),
  );
  const repositories = new Map(seen);
  const missing = question.wanted.filter(
    (one) =>
      named(one.target, repositories, index) !== one.content.digest ||
      !hasPlatforms(index.state.get(placeKey(one.target)), one),
  );
  const goes = [...index.leaving.values()]
    .flat()
    .some((place) => repositories.get(place.repository)?.tags.has(place.tag));
  const isReplaced = seen.some(([, { replaced }]) => replaced !== undefined);
  const isQuiet = missing.length === 0 && !goes && !isReplaced;
  const inTarget = isQuiet ? [] : targetRoots(repositories, index, ways);
  const there = await readContent(inTarget, ways);
  // A manifest that makes no sense holds what it might share; a target that does not answer ends the run.
  const silent = there.unread.find(({ error }) => error instanceof RegistryError);
  if (silent) throw silent.error;
  const sources = sourceRoots(missing, ways);
  const coming = await readContent(sources, ways);
  return {
    observation: {
      repositories,
      content: new Map([...there.nodes, ...coming.nodes]),
      present: blobsIn(inTarget, there.nodes),
    },
    unread: unreadPlacements(sources, coming),
  };
}

/** Several placements may share a digest, and then its failure. */
function unreadPlacements(sources: readonly SourceRoot[], { unread }: ReadContent) {
  const causes = new Map(unread.map((cause) => [cause.root.digest, cause]));
  return sources.flatMap(({ placement, digest }) => {
    const cause = causes.get(digest);
    return cause ? [{ placement, cause }] : [];
  });
}
