import { compareText } from '../../base/index.ts';
import type { ChannelSelection } from './channel-question.ts';
import type { ChannelContent, ChannelEntry } from './content.ts';
import { deprecationOf } from './kept-bundles.ts';
import type { FilteredChannel, FilterFinding, NamedVersion } from './result.ts';
import { named, type Subject } from './subject.ts';
import { reachHead } from './upgrade-path.ts';
import { compareVersions, parseVersion } from './version.ts';

/** A channel and what was chosen of it. */
export interface Selected {
  readonly channel: ChannelContent;
  readonly selection: ChannelSelection;
}

/** The entries from which the catalog leads to a head and what is kept does not. */
function strandedOf({ channel, selection }: Selected, subject: Subject): readonly NamedVersion[] {
  const { head, entries } = selection;
  if (head === undefined || entries.length === channel.entries.length) return [];
  const installed = channel.entries
    .map(({ name }) => named(subject, name))
    .filter(({ version }) => version !== '');
  const before = reachHead(head, channel.entries, installed);
  const after = reachHead(head, entries, installed);
  return installed.filter(({ name }) => before.has(name) && !after.has(name));
}

function describe(selected: Selected, subject: Subject): FilteredChannel {
  const { channel, selection } = selected;
  return {
    name: channel.name,
    entries: selection.entries.map(({ name }) => name),
    ...(selection.head !== undefined && { head: named(subject, selection.head) }),
    stranded: strandedOf(selected, subject),
    ...deprecationOf(subject, 'olm.channel', channel.name),
  };
}

/** The one bundle that is kept when no kept channel has it: it is made an entry of one, or it could not be installed. */
function adopt(all: readonly Selected[], home: string): readonly Selected[] {
  const names = new Set(all.flatMap(({ selection }) => [...selection.names]));
  const [name] = names;
  const adopter = all.find(({ channel }) => channel.name === home) ?? all[0];
  if (names.size !== 1 || name === undefined || !adopter) return [];
  const entry: ChannelEntry = { name, replaces: '', skips: [], skipRange: '' };
  return [{ ...adopter, selection: { ...adopter.selection, entries: [entry] } }];
}

/**
 * Describes the channels of the rebuilt catalog: those of which an entry stays.
 *
 * `home`: the channel of those who choose none. A catalog with an empty channel, or a package without any, is served by nobody.
 */
export function describeChannels(
  all: readonly Selected[],
  subject: Subject,
  home: string,
): readonly FilteredChannel[] {
  const empty = new Set(
    all
      .filter(({ selection }) => selection.entries.length === 0)
      .map(({ channel }) => channel.name),
  );
  const left = all.filter(({ channel }) => !empty.has(channel.name));
  const kept = left.length > 0 ? left : adopt(all, home);
  return kept.map((selected) => describe(selected, subject));
}

/** Tells of channels that are asked for and of which nothing stays. */
export function emptiedChannels(
  all: readonly Selected[],
  kept: readonly FilteredChannel[],
  subject: Subject,
): readonly FilterFinding[] {
  const names = new Set(kept.map(({ name }) => name));
  const path = subject.wish?.path ?? [];
  return all
    .filter(({ channel }) => channel.entries.length > 0 && !names.has(channel.name))
    .map(({ channel }) => ({
      code: 'emptied-channel',
      path: subject.wish?.channels.find(({ name }) => name === channel.name)?.path ?? path,
      package: subject.content.name,
      channel: channel.name,
    }));
}

function compareHeads(a: FilteredChannel, b: FilteredChannel): number {
  const [x, y] = [a, b].map(({ head }) => parseVersion(head?.version ?? ''));
  const order = x && y ? compareVersions(y, x) : Number(Boolean(y)) - Number(Boolean(x));
  return order || compareText(a.name, b.name);
}

/**
 * Gives the default channel of the rebuilt catalog.
 *
 * Where nothing of the asked one stays it is the catalog's own, or else the channel with the newest head: a package whose default
 * channel does not exist would keep the whole catalog from being served.
 */
export function settleDefaultChannel(
  kept: readonly FilteredChannel[],
  asked: string,
  original: string,
): string {
  const has = (name: string) => kept.some((channel) => channel.name === name);
  if (kept.length === 0 || asked === '' || has(asked)) return asked;
  if (has(original)) return original;
  return kept.toSorted(compareHeads)[0]?.name ?? asked;
}
