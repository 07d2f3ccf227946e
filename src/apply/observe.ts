import { mapParallel } from '../base/index.ts';
import { RegistryError } from '../errors.ts';
import { type PinnedPlacement, placeKey, type TargetPlace } from '../imageset/index.ts';
import type { Digest } from '../oci/index.ts';
import {
  type ContentNode,
  hasPlatforms,
  type Observation,
  type ObservedRepository,
} from '../plan/index.ts';
import { type ReadContent, type Root, readContent, type Unread } from './content-nodes.ts';
import { type Endpoints, sourceRepository, targetRepository } from './endpoints.ts';
import { leaveOutHalves } from './half-images.ts';
import { type Index, indexOf, type Question } from './observe-index.ts';
import { observeRepository } from './observe-repository.ts';

/** An observation, and the images of the sources that could not be read. */
export interface Observed {
  readonly observation: Observation;
  readonly unread: readonly { readonly placement: PinnedPlacement; readonly cause: Unread }[];
}

type Repositories = ReadonlyMap<string, ObservedRepository>;

/** Gives what a place names: what was seen, or what the state proves of a tag that is listed. */
function named(place: TargetPlace, repositories: Repositories, index: Index): Digest | undefined {
  const tags = repositories.get(place.repository)?.tags;
  if (!tags?.has(place.tag)) return undefined;
  return tags.get(place.tag) ?? index.state.get(placeKey(place))?.digest;
}

/** Gives the digests that were mirrored to a repository that loses something: they may count as kept, whatever tags name now. */
function mirroredDigests(name: string, { leaving, replaced, state }: Index): Digest[] {
  if (!leaving.has(name) && !replaced.has(name)) return [];
  const there = [...state.values()].filter(({ repository }) => repository === name);
  return there.map(({ digest }) => digest);
}

/** Tells whether anything lies in a repository that may go. */
function mayLose(name: string, { tags, replaced }: ObservedRepository, index: Index): boolean {
  const isLeft = (digest: Digest | undefined) => digest !== undefined && replaced?.has(digest);
  const leaving = index.leaving.get(name) ?? [];
  return (
    leaving.some((one) => tags.has(one.tag) || isLeft(index.state.get(placeKey(one))?.digest)) ||
    [...(index.replaced.get(name) ?? [])].some(isLeft)
  );
}

/** Digests that lie in the target, in repositories of which a plan has to know the content. */
function targetRoots(repositories: Repositories, index: Index, endpoints: Endpoints): Root[] {
  return [...repositories].flatMap(([name, { tags, replaced = [] }]) => {
    const repository = targetRepository(endpoints, name);
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

function sourceRoots(missing: readonly PinnedPlacement[], endpoints: Endpoints): SourceRoot[] {
  return missing.map((placement) => {
    const { source, platforms, content } = placement;
    const repository = sourceRepository(endpoints, `${source.registry}/${source.repository}`);
    return { placement, repository, digest: content.digest, platforms };
  });
}

/**
 * Looks at the target, as far as a plan needs to know it: only reads.
 *
 * One list of tags for each repository in question. Tags are resolved where something may go, or where the state does not
 * prove them. Manifests are read only when something moves or goes: of what is missing from the source, of what is there
 * from the target, all through the cache. With nothing to do, nothing but the lists is asked for. An index whose tag proves
 * nothing of its children is looked into, and is not there when it lacks one.
 * @throws RegistryError when the target does not answer
 */
export async function observe(question: Question, endpoints: Endpoints): Promise<Observed> {
  const index = indexOf(question);
  const look = async (name: string) =>
    [name, await observeRepository(name, index, endpoints)] as const;
  const seen = await mapParallel(index.repositories, endpoints.parallel, look);
  const repositories = await leaveOutHalves(new Map(seen), question, { index, endpoints });
  const missing = question.wanted.filter(
    (one) =>
      named(one.target, repositories, index) !== one.content.digest ||
      !hasPlatforms(index.state.get(placeKey(one.target)), one),
  );
  const isQuiet =
    missing.length === 0 && !seen.some(([name, found]) => mayLose(name, found, index));
  const inTarget = targetRoots(repositories, index, endpoints);
  const there = await readContent(inTarget, isQuiet ? fromMemory(endpoints) : endpoints);
  // A manifest that makes no sense holds what it might share; a target that does not answer ends the run.
  const silent = there.unread.find(({ error }) => error instanceof RegistryError);
  if (silent) throw silent.error;
  const sources = sourceRoots(missing, endpoints);
  const coming = await readContent(sources, endpoints);
  return {
    observation: {
      repositories,
      content: new Map([...there.nodes, ...coming.nodes]),
      present: blobsIn(inTarget, there.nodes),
    },
    unread: unreadPlacements(sources, coming),
  };
}

/** Reads only cached manifests: enough to count bytes if nothing is mirrored or removed. */
function fromMemory({ manifests, ...endpoints }: Endpoints): Endpoints {
  const read = (_: unknown, digest: Digest) => manifests.known(digest);
  return { ...endpoints, manifests: { ...manifests, read } };
}

/** Several placements may share a digest, and then its failure. */
function unreadPlacements(sources: readonly SourceRoot[], { unread }: ReadContent) {
  const causes = new Map(unread.map((cause) => [cause.root.digest, cause]));
  return sources.flatMap(({ placement, digest }) => {
    const cause = causes.get(digest);
    return cause ? [{ placement, cause }] : [];
  });
}
