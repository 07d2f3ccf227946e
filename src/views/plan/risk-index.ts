import { compareText } from '../../base/index.ts';
import type { ChannelGraph, UpdateRisk } from '../../release/index.ts';

/** Gives each risk once, by name. */
export function uniqueRisks(risks: readonly UpdateRisk[]): readonly UpdateRisk[] {
  const named = new Map(risks.map((risk) => [risk.name, risk]));
  return [...named.values()].sort((a, b) => compareText(a.name, b.name));
}

/** Risks by their places in a list, ascending: there are far more updates, and ways, than risks. */
export type RiskSet = readonly number[];

/** Joins two sets. */
export function uniteRisks(some: RiskSet, others: RiskSet): RiskSet {
  if (some.length === 0) return others;
  return others.length === 0 ? some : [...new Set([...some, ...others])].sort((a, b) => a - b);
}

/** The risks of conditional updates. */
export interface RiskIndex {
  /** By `from to`. */
  readonly sets: ReadonlyMap<string, RiskSet>;
  /** Gives the risks of a set, sorted by name; equal sets have the same list. */
  readonly listOf: (set: RiskSet) => readonly UpdateRisk[];
}

/** Finds the risks of all conditional updates of some graphs. */
export function indexRisks(graphs: readonly Pick<ChannelGraph, 'conditional'>[]): RiskIndex {
  const groups = graphs.flatMap(({ conditional = [] }) => conditional);
  const known = uniqueRisks(groups.flatMap(({ risks }) => risks));
  const places = new Map(known.map(({ name }, index) => [name, index]));
  const found = new Map<string, Set<number>>();
  for (const { edges, risks } of groups) {
    const own = risks.map(({ name }) => places.get(name) ?? 0);
    for (const [from, to] of edges) {
      const key = `${from} ${to}`;
      const set = found.get(key) ?? new Set();
      for (const place of own) set.add(place);
      found.set(key, set);
    }
  }
  // Sorted once at the end: thousands of groups may name one update.
  const sets = new Map([...found].map(([key, set]) => [key, [...set].sort((a, b) => a - b)]));
  const lists = new Map<string, readonly UpdateRisk[]>();
  const listOf = (set: RiskSet) => {
    const list = lists.get(set.join()) ?? set.flatMap((place) => known[place] ?? []);
    lists.set(set.join(), list);
    return list;
  };
  return { sets, listOf };
}

/**
 * Finds the risks of all conditional updates, by `from to`, each list sorted by name.
 *
 * An update that is listed without a condition too is conditional, as a cluster reads it.
 */
export function findUpdateRisks(
  graphs: readonly Pick<ChannelGraph, 'conditional'>[],
): ReadonlyMap<string, readonly UpdateRisk[]> {
  const { sets, listOf } = indexRisks(graphs);
  return new Map([...sets].map(([key, set]) => [key, listOf(set)]));
}
