import { Range } from 'semver';
import type { ChannelEntry } from './content.ts';
import type { NamedVersion } from './result.ts';

function readSkipRange(text: string): Range | undefined {
  try {
    return text ? new Range(text, { includePrerelease: true }) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Gives those of the installed bundles that the entries of a channel lead to its head, the head among them.
 *
 * One step leads to an entry from what it replaces, from what it skips, and from any version in its `skipRange`.
 * @see OLM, "How OLM upgrades operators"
 */
export function reachHead(
  head: string,
  entries: readonly ChannelEntry[],
  installed: readonly NamedVersion[],
): ReadonlySet<string> {
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  const reached = new Set([head]);
  let rest = installed.filter(({ name }) => name !== head);
  for (const name of reached) {
    const entry = byName.get(name);
    if (!entry) continue;
    const range = readSkipRange(entry.skipRange);
    const direct = new Set([entry.replaces, ...entry.skips]);
    const leads = (one: NamedVersion): boolean =>
      direct.has(one.name) || (one.version !== '' && range?.test(one.version) === true);
    for (const one of rest) if (leads(one)) reached.add(one.name);
    rest = rest.filter((one) => !reached.has(one.name));
  }
  return reached;
}
