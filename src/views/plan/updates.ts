import { compareText } from '../../base/index.ts';
import type { Plan } from '../../plan/index.ts';
import { compareReleaseVersions, parseReleaseVersion } from '../../release/index.ts';

/** A cluster at `from` could reach `to` with what was mirrored, and no longer can. */
export interface BrokenUpdate {
  readonly from: string;
  readonly to: string;
}

type Known = Pick<Plan, 'releases' | 'graphs'>;

function versionsOf(releases: readonly { readonly version: string }[]): Set<string> {
  return new Set(releases.map(({ version }) => version));
}

/** Orders versions as releases do, and other texts by their code units. */
export function compareReleaseTexts(a: string, b: string): number {
  const [left, right] = [parseReleaseVersion(a), parseReleaseVersion(b)];
  return (left && right ? compareReleaseVersions(left, right) : 0) || compareText(a, b);
}

type Updates = ReadonlyMap<string, readonly string[]>;

/** Joins the edges of all channels: from a version to those that an update leads to, as `versions` are ordered. */
function joinEdges(graphs: Known['graphs'], versions: readonly string[]): Updates {
  const positions = new Map(versions.map((version, index) => [version, index]));
  const edges = new Map<string, Set<number>>();
  for (const [from, to] of graphs.flatMap((graph) => graph.edges)) {
    const position = positions.get(to);
    if (position === undefined || !positions.has(from)) continue;
    edges.set(from, (edges.get(from) ?? new Set()).add(position));
  }
  const named = (found: ReadonlySet<number>) =>
    [...found].sort((a, b) => a - b).flatMap((position) => versions[position] ?? []);
  return new Map([...edges].map(([from, found]) => [from, named(found)]));
}

type Reachable = ReadonlyMap<string, ReadonlySet<string>>;

/** Walks the updates from a version; a version of which it is `known` what it reaches is not walked again. */
function reachFrom(
  start: string,
  nextOf: (version: string) => readonly string[],
  known: Reachable,
) {
  const seen = new Set<string>();
  const open = [start];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const next of nextOf(at)) {
      if (seen.has(next)) continue;
      seen.add(next);
      const beyond = known.get(next);
      if (!beyond) open.push(next);
      for (const one of beyond ?? []) seen.add(one);
    }
  }
  return seen;
}

/**
 * Gives the versions that can be reached from each version through others of the same list.
 *
 * Updates mostly lead upwards. So the highest version comes first, and each takes over what the next ones reach.
 */
function findReachable(versions: readonly string[], edges: Updates): Reachable {
  const among = new Set(versions);
  const nextOf = (version: string) => (edges.get(version) ?? []).filter((to) => among.has(to));
  const reachable = new Map<string, ReadonlySet<string>>();
  for (const from of versions.toReversed()) {
    reachable.set(from, reachFrom(from, nextOf, reachable));
  }
  return reachable;
}

/** Lists the versions of a plan's releases, lowest first. */
function orderVersions({ kept, removed, added }: Known['releases']): string[] {
  return [...versionsOf([...kept, ...removed, ...added])].sort(compareReleaseTexts);
}

/**
 * Finds updates between kept releases that lead only through a removed release.
 *
 * Order: by the version that a cluster starts from; for each start its highest lost version.
 */
export function findBrokenUpdates({ releases, graphs }: Known): BrokenUpdate[] {
  const all = orderVersions(releases);
  const edges = joinEdges(graphs, all);
  const kept = versionsOf(releases.kept);
  const [old, now] = [
    versionsOf([...releases.kept, ...releases.removed]),
    versionsOf([...releases.kept, ...releases.added]),
  ];
  const ordered = all.filter((version) => kept.has(version));
  const before = findReachable(
    all.filter((version) => old.has(version)),
    edges,
  );
  const after = findReachable(
    all.filter((version) => now.has(version)),
    edges,
  );
  return ordered.flatMap((from) => {
    const to = ordered.findLast((one) => before.get(from)?.has(one) && !after.get(from)?.has(one));
    return to === undefined ? [] : [{ from, to }];
  });
}

/** The updates of a cluster at a removed release; `undefined` when no graph knows the release. */
export type WayOut = readonly string[] | undefined;

/** Prepares the question to which releases that stay or come a version can be updated at once, lowest first. */
export function wayOutFinder({ releases, graphs }: Known): (version: string) => WayOut {
  const known = new Set(graphs.flatMap(({ versions }) => versions));
  const staying = versionsOf([...releases.kept, ...releases.added]);
  const edges = joinEdges(graphs, orderVersions(releases));
  return (version) =>
    known.has(version) ? (edges.get(version) ?? []).filter((to) => staying.has(to)) : undefined;
}
