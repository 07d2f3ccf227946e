import { compareText, sortedUnique } from '../../base/index.ts';
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

/** Joins the edges of all channels: from a version to those that an update leads to. */
function joinEdges(graphs: Known['graphs'], among: ReadonlySet<string>): Map<string, Set<string>> {
  const edges = new Map<string, Set<string>>();
  for (const [from, to] of graphs.flatMap((graph) => graph.edges)) {
    if (!among.has(from) || !among.has(to)) continue;
    edges.set(from, (edges.get(from) ?? new Set()).add(to));
  }
  return edges;
}

function reachableFrom(start: string, edges: ReadonlyMap<string, ReadonlySet<string>>) {
  const seen = new Set<string>();
  const open = [start];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const next of edges.get(at) ?? []) {
      if (seen.has(next)) continue;
      seen.add(next);
      open.push(next);
    }
  }
  return seen;
}

/**
 * Finds updates between kept releases that lead only through a removed release.
 *
 * Order: by the version that a cluster starts from; for each start its highest lost version.
 */
export function findBrokenUpdates({ releases, graphs }: Known): BrokenUpdate[] {
  const kept = versionsOf(releases.kept);
  const before = joinEdges(graphs, new Set([...kept, ...versionsOf(releases.removed)]));
  const after = joinEdges(graphs, new Set([...kept, ...versionsOf(releases.added)]));
  return [...kept].sort(compareReleaseTexts).flatMap((from) => {
    const still = reachableFrom(from, after);
    const lost = [...reachableFrom(from, before)].filter((to) => kept.has(to) && !still.has(to));
    const to = lost.sort(compareReleaseTexts).at(-1);
    return to === undefined ? [] : [{ from, to }];
  });
}

/** The updates of a cluster at a removed release; `undefined` when no graph knows the release. */
export type WayOut = readonly string[] | undefined;

/** Finds the releases that stay or come and to which a version can be updated at once, lowest first. */
export function findWayOut(version: string, { releases, graphs }: Known): WayOut {
  if (!graphs.some((graph) => graph.versions.includes(version))) return undefined;
  const staying = versionsOf([...releases.kept, ...releases.added]);
  const edges = joinEdges(graphs, new Set([...staying, version]));
  return sortedUnique(edges.get(version) ?? []).sort(compareReleaseTexts);
}
