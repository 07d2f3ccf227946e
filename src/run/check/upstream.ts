import { listNames, mapParallel } from '../../base/index.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import { MirrorError, messageOf } from '../../errors.ts';
import type { ConfigFile, ImageSet, MirroredPlacement } from '../../imageset/index.ts';
import { defaultParallel, openUpstream } from '../connect/index.ts';
import { loadFiles } from '../load.ts';
import type { Settings } from '../types.ts';
import { catalogEntries, imageEntries } from './new-content.ts';
import { releaseEntries } from './new-releases.ts';
import type { UpstreamEntry, UpstreamWorld } from './upstream-entry.ts';

/** Content that sources have and the mirror lacks, and what could not be looked at. */
export interface News {
  /** Suggestions at lines of the configuration. */
  readonly news: readonly Diagnostic[];
  readonly notes: readonly string[];
}

/** Entries that are looked up at most: hundreds of requests, one for each. */
const mostEntries = 300;

/** Milliseconds that a source may stay silent: a check waits for no suggestion. */
const patienceMs = 10_000;

/** Names and reasons that a note gives at most. */
const mostNamed = 5;

function entriesOf(imageSet: ImageSet): UpstreamEntry[] {
  return [...releaseEntries(imageSet), ...catalogEntries(imageSet), ...imageEntries(imageSet)];
}

/** Says why something was not looked at; entries of one reason share a note. */
function sayFailed(failures: readonly { readonly name: string; readonly why: string }[]): string[] {
  const byReason = [...Map.groupBy(failures, ({ why }) => why)];
  return byReason
    .slice(0, mostNamed)
    .map(
      ([why, all]) =>
        `New upstream of ${listNames([...new Set(all.map(({ name }) => name))])} is unknown: ${why}`,
    );
}

function sayNotAtHand(names: readonly string[]): string[] {
  if (names.length === 0) return [];
  return [
    `Newer operators of ${listNames([...new Set(names)])} were not looked for: the workspace does not have the catalog as it is now.`,
  ];
}

function sayUnread(files: readonly string[]): string[] {
  if (files.length === 0) return [];
  return [
    `New upstream of ${listNames(files)} was not looked for: no image set can be read there, and "lint" says why.`,
  ];
}

/** The result of one look, or the reason why there is none. */
type Looked = readonly Diagnostic[] | 'not-at-hand' | { readonly why: string };

/** Reasons by the hosts that stayed silent. */
type Silent = Map<string, string>;

async function tryToLook(
  entry: UpstreamEntry,
  world: UpstreamWorld,
  silent: Silent,
): Promise<Looked> {
  const known = silent.get(entry.host);
  if (known !== undefined) return { why: known };
  try {
    return await entry.look(world);
  } catch (thrown) {
    if (!(thrown instanceof MirrorError) || thrown.code === 'CANCELLED') throw thrown;
    // The cause is the same for all entries of a host that does not answer.
    const why = messageOf(thrown.cause ?? thrown);
    if (thrown.code === 'TIMEOUT') silent.set(entry.host, why);
    return { why };
  }
}

async function lookAt(entries: readonly UpstreamEntry[], world: UpstreamWorld): Promise<News> {
  const { parallel = defaultParallel } = world.settings;
  const silent: Silent = new Map();
  const looked = await mapParallel(entries, parallel, async (entry) => ({
    name: entry.name,
    found: await tryToLook(entry, world, silent),
  }));
  const failures = looked.flatMap(({ name, found }) =>
    typeof found === 'object' && 'why' in found ? [{ name, why: found.why }] : [],
  );
  const unread = looked.flatMap(({ name, found }) => (found === 'not-at-hand' ? [name] : []));
  return {
    news: looked.flatMap(({ found }) =>
      typeof found === 'object' && !('why' in found) ? found : [],
    ),
    notes: [...sayFailed(failures), ...sayNotAtHand(unread)],
  };
}

/**
 * Looks for content that sources have by now and the mirror lacks: newer releases and operators above a `maxVersion`, and tags
 * that moved since they were mirrored.
 *
 * Effects: reads only; one request for each entry, tried once. Nothing of it fails: a source that does not answer is a note.
 */
export async function findNews(
  files: readonly ConfigFile[],
  placements: readonly MirroredPlacement[],
  settings: Settings,
): Promise<News> {
  const loaded = files.map((file) => ({ file, ...loadFiles([file]) }));
  const all = loaded.flatMap(({ imageSets }) => imageSets.flatMap(entriesOf));
  const entries = all.slice(0, mostEntries);
  const unread = loaded.filter(({ imageSets }) => imageSets.length === 0);
  const rest = [
    ...(all.length > mostEntries
      ? [`New upstream was looked for in the first ${mostEntries} of ${all.length} entries alone.`]
      : []),
    ...sayUnread(unread.map(({ file }) => file.name)),
  ];
  const once = { ...settings, retryTimes: 0, sourceIdleMs: patienceMs };
  const registries = await openUpstream(once);
  try {
    const { news, notes } = await lookAt(entries, { registries, placements, settings: once });
    return { news, notes: [...notes, ...rest] };
  } finally {
    await registries.close();
  }
}
