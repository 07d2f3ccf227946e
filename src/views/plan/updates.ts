import { compareReleaseTexts, type Plan } from '../../plan/index.ts';
import type { UpdateRisk } from '../../release/index.ts';
import { indexRisks, type RiskIndex, type RiskSet, uniteRisks } from './risk-index.ts';

/** A cluster at `from` could reach `to` with what was mirrored, and no longer can. */
export interface BrokenUpdate {
  readonly from: string;
  readonly to: string;
}

/** A cluster at `from` reaches `to` only by an update that is recommended where none of the risks applies. */
export interface ConditionalUpdate extends BrokenUpdate {
  readonly risks: readonly UpdateRisk[];
}

type Known = Pick<Plan, 'releases' | 'graphs' | 'running'>;

function versionsOf(releases: readonly { readonly version: string }[]): Set<string> {
  return new Set(releases.map(({ version }) => version));
}

type Updates = ReadonlyMap<string, readonly string[]>;

/** The updates of all channels: from a version to those that an update leads to, lowest first. */
interface Ways extends RiskIndex {
  readonly all: Updates;
  /** Those without a condition. */
  readonly open: Updates;
}

/** Joins the edges of all channels, in the order of `versions`. */
function joinEdges(graphs: Known['graphs'], versions: readonly string[]): Ways {
  const positions = new Map(versions.map((version, index) => [version, index]));
  const edges = new Map<string, Set<number>>();
  const listed = graphs.flatMap(({ edges: some, conditional = [] }) => [
    ...some,
    ...conditional.flatMap((one) => one.edges),
  ]);
  for (const [from, to] of listed) {
    const position = positions.get(to);
    if (position === undefined || !positions.has(from)) continue;
    edges.set(from, (edges.get(from) ?? new Set()).add(position));
  }
  const named = (found: ReadonlySet<number>) =>
    [...found].sort((a, b) => a - b).flatMap((position) => versions[position] ?? []);
  const all = [...edges].map(([from, found]) => [from, named(found)] as const);
  const risks = indexRisks(graphs);
  const open = all.map(
    ([from, found]) => [from, found.filter((to) => !risks.sets.has(`${from} ${to}`))] as const,
  );
  return { ...risks, all: new Map(all), open: new Map(open) };
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
 * Prepares the question which versions a version reaches through those of a list, of which it need not be one.
 *
 * Updates mostly lead upwards. So the highest version comes first, and each takes over what the next ones reach.
 */
function reachThrough(versions: readonly string[], edges: Updates) {
  const among = new Set(versions);
  const nextOf = (version: string) => (edges.get(version) ?? []).filter((to) => among.has(to));
  const known = new Map<string, ReadonlySet<string>>();
  for (const from of versions.toReversed()) known.set(from, reachFrom(from, nextOf, known));
  return (start: string): ReadonlySet<string> =>
    known.get(start) ?? reachFrom(start, nextOf, known);
}

/** Lists the versions of a plan's releases and of its clusters, lowest first. */
function orderVersions({ releases: { kept, removed, added }, running }: Known): string[] {
  const all = [...versionsOf([...kept, ...removed, ...added]), ...(running?.releases ?? [])];
  return [...new Set(all)].sort(compareReleaseTexts);
}

/** Lists the versions at which clusters are, lowest first: those that are named as running, else all kept releases. */
function startsOf({ releases, running }: Known): string[] {
  const told = running?.releases ?? [];
  const starts = told.length > 0 ? told : versionsOf(releases.kept);
  return [...new Set(starts)].sort(compareReleaseTexts);
}

/**
 * Finds updates to kept releases that lead only through a removed release.
 *
 * Order: by the version that a cluster starts from; for each start its highest lost version. A removed release from which
 * nothing is left is no start.
 */
export function findBrokenUpdates(plan: Known): BrokenUpdate[] {
  const { kept, removed, added } = plan.releases;
  const all = orderVersions(plan);
  const edges = joinEdges(plan.graphs, all).all;
  const through = (releases: Known['releases']['kept']) => {
    const among = versionsOf(releases);
    return reachThrough(
      all.filter((version) => among.has(version)),
      edges,
    );
  };
  const [before, after] = [through([...kept, ...removed]), through([...kept, ...added])];
  const [gone, targets] = [versionsOf(removed), [...versionsOf(kept)].sort(compareReleaseTexts)];
  return startsOf(plan).flatMap((from) => {
    const [was, is] = [before(from), after(from)];
    if (gone.has(from) && is.size === 0) return [];
    const to = targets.findLast((one) => was.has(one) && !is.has(one));
    return to === undefined ? [] : [{ from, to }];
  });
}

/** The risks on the way to each version that can be reached; none where a way without a condition leads there. */
type Costs = ReadonlyMap<string, RiskSet>;

/** Walks from a version to others of a set, on ways with as few conditional updates as can be. */
function walkFrom(start: string, { all, open, sets }: Ways, among: ReadonlySet<string>): Costs {
  const costs = new Map<string, RiskSet>([[start, []]]);
  const nextOf = (at: string, updates: Updates) =>
    (updates.get(at) ?? []).filter((to) => among.has(to) && !costs.has(to));
  let level = [start];
  while (level.length > 0) {
    for (const at of level) {
      const found = nextOf(at, open);
      for (const to of found) costs.set(to, costs.get(at) ?? []);
      level.push(...found);
    }
    const further = level
      .flatMap((at) => nextOf(at, all).map((to) => [at, to] as const))
      .map(([at, to]) => {
        const own = sets.get(`${at} ${to}`) ?? [];
        return [to, uniteRisks(costs.get(at) ?? [], own)] as const;
      })
      .sort(([, a], [, b]) => b.length - a.length);
    // The last one of a version stays: that with the fewest risks.
    for (const [to, cost] of further) costs.set(to, cost);
    level = [...new Set(further.map(([to]) => to))];
  }
  return costs;
}

/**
 * Finds updates to kept releases for which only a conditional way is left, because a release of the other ways goes.
 *
 * Order: by the version that a cluster starts from; for each start its highest such version.
 */
export function findWeakenedUpdates(plan: Known): ConditionalUpdate[] {
  const { kept, removed, added } = plan.releases;
  const ways = joinEdges(plan.graphs, orderVersions(plan));
  if (ways.sets.size === 0 || removed.length === 0) return [];
  const targets = [...versionsOf(kept)].sort(compareReleaseTexts);
  const [old, now] = [versionsOf([...kept, ...removed]), versionsOf([...kept, ...added])];
  return startsOf(plan).flatMap((from) => {
    const [before, after] = [walkFrom(from, ways, old), walkFrom(from, ways, now)];
    const to = targets.findLast(
      (one) => before.get(one)?.length === 0 && (after.get(one)?.length ?? 0) > 0,
    );
    return to === undefined ? [] : [{ from, to, risks: ways.listOf(after.get(to) ?? []) }];
  });
}

/** `4.16` of `4.16.5` */
function minorOf(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}

/** Lists releases with risks on the way, highest first, but for those below a release of the same minor that has none. */
function costlyReleases(ordered: readonly string[], costs: Costs): string[] {
  const free = new Set<string>();
  return ordered.toReversed().filter((version) => {
    const risks = costs.get(version);
    if (risks?.length === 0) free.add(minorOf(version));
    return risks !== undefined && !free.has(minorOf(version));
  });
}

/**
 * Finds new releases that a cluster reaches only on a conditional way. Those below a release of the same minor without a condition do not matter.
 *
 * Order: by the version that a cluster starts from, then by the new one.
 */
export function findConditionalArrivals(plan: Known): ConditionalUpdate[] {
  const { kept, added } = plan.releases;
  const ways = joinEdges(plan.graphs, orderVersions(plan));
  if (ways.sets.size === 0 || added.length === 0) return [];
  const [now, arrivals] = [versionsOf([...kept, ...added]), versionsOf(added)];
  const ordered = [...now].sort(compareReleaseTexts);
  return startsOf(plan).flatMap((from) => {
    const costs = walkFrom(from, ways, now);
    const found = costlyReleases(ordered, costs).filter((to) => arrivals.has(to));
    return found.toReversed().map((to) => ({ from, to, risks: ways.listOf(costs.get(to) ?? []) }));
  });
}

/** The updates of a cluster at a removed release, and the risks of the best of them; `undefined` when no graph knows it. */
export type WayOut =
  | { readonly to: readonly string[]; readonly risks: readonly UpdateRisk[] }
  | undefined;

/**
 * Prepares the question to which releases that stay or come a version can be updated at once, lowest first: without a
 * condition, else with the fewest risks, of equally many to the highest version.
 */
export function wayOutFinder(plan: Known): (version: string) => WayOut {
  const { releases, graphs } = plan;
  const known = new Set(graphs.flatMap(({ versions }) => versions));
  const staying = versionsOf([...releases.kept, ...releases.added]);
  const { all, sets, listOf } = joinEdges(graphs, orderVersions(plan));
  return (version) => {
    if (!known.has(version)) return undefined;
    const ways = (all.get(version) ?? []).filter((to) => staying.has(to));
    const risksTo = (to: string) => listOf(sets.get(`${version} ${to}`) ?? []);
    const fewest = Math.min(...ways.map((to) => risksTo(to).length));
    const best = risksTo(ways.findLast((to) => risksTo(to).length === fewest) ?? '');
    return { to: ways.filter((to) => risksTo(to) === best), risks: best };
  };
}
