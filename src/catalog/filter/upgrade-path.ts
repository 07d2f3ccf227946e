import { parse, Range } from 'semver';
import type { ChannelEntry } from './content.ts';
import type { NamedVersion } from './result.ts';

function readSkipRange(text: string): Range | undefined {
  try {
    return text ? new Range(text, { includePrerelease: true }) : undefined;
  } catch {
    return undefined;
  }
}

/** Adds to `reached` all that its entries replace or skip, directly and over further entries; gives the entries of `reached`. */
function follow(
  reached: Set<string>,
  byName: ReadonlyMap<string, readonly ChannelEntry[]>,
): ChannelEntry[] {
  const entries: ChannelEntry[] = [];
  for (const name of reached) {
    for (const entry of byName.get(name) ?? []) {
      entries.push(entry);
      for (const next of [entry.replaces, ...entry.skips]) if (next) reached.add(next);
    }
  }
  return entries;
}

/**
 * Gives the names from which the entries of a channel lead to its head, itself among them.
 *
 * One step leads to an entry from what it replaces, from what it skips, and from any installed version in its `skipRange`.
 * @see OLM, "How OLM upgrades operators"
 */
export function reachHead(
  head: string,
  entries: readonly ChannelEntry[],
  installed: readonly NamedVersion[],
): ReadonlySet<string> {
  // A broken channel may list a bundle twice; a cluster goes by both.
  const byName = Map.groupBy(entries, ({ name }) => name);
  const reached = new Set([head]);
  const applied = new Set<string>(['']);
  const versions = installed.map(({ name, version }) => ({ name, version: parse(version) }));
  // Ranges are slow to apply, so they wait until nothing else leads further.
  for (let isDone = false; !isDone; ) {
    const fresh = follow(reached, byName).filter(({ skipRange }) => !applied.has(skipRange));
    const rest = versions.filter(({ name }) => !reached.has(name));
    for (const { skipRange } of rest.length > 0 ? fresh : []) {
      applied.add(skipRange);
      const range = readSkipRange(skipRange);
      for (const { name, version } of rest) if (version && range?.test(version)) reached.add(name);
    }
    isDone = fresh.length === 0 || rest.length === 0;
  }
  return reached;
}
