import { compareText } from '../../base/index.ts';
import { type ImageParser, provisionsOf, relatedImagesOf, requirementsOf } from './bundle.ts';
import type { BundleContent, ChannelContent, ChannelEntry } from './content.ts';
import { reachHead } from './graph.ts';
import type { FilteredBundle, FilteredChannel, FilterFinding, NamedVersion } from './result.ts';
import type { ChannelSelection } from './select-channel.ts';
import { named, type Subject } from './subject.ts';
import { byNewestHead } from './version.ts';

/** A channel and its kept part. */
export interface Selected {
  readonly channel: ChannelContent;
  readonly selection: ChannelSelection;
}

/** Entries that could update to the head in the catalog and cannot with the kept part. */
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

/** If the only kept bundle is in no kept channel, it becomes the entry of one; else it could not be installed. */
function adopt(all: readonly Selected[], home: string): readonly Selected[] {
  const names = new Set(all.flatMap(({ selection }) => [...selection.names]));
  const [name] = names;
  const adopter = all.find(({ channel }) => channel.name === home) ?? all[0];
  if (names.size !== 1 || name === undefined || !adopter) return [];
  const entry: ChannelEntry = { name, replaces: '', skips: [], skipRange: '' };
  return [{ ...adopter, selection: { ...adopter.selection, entries: [entry] } }];
}

/**
 * Describes the channels of the rebuilt catalog: those that keep an entry. opm refuses an empty channel, and a package without one.
 *
 * `home`: the default channel.
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

/** Finds wanted channels that keep nothing. */
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

/**
 * Gives the default channel of the rebuilt catalog: the asked one, else the catalog's own, else the channel with the newest head.
 *
 * opm refuses the whole catalog if the default channel of one package does not exist.
 */
export function settleDefaultChannel(
  kept: readonly FilteredChannel[],
  asked: string,
  original: string,
): string {
  const has = (name: string) => kept.some((channel) => channel.name === name);
  if (kept.length === 0 || asked === '' || has(asked)) return asked;
  if (has(original)) return original;
  return (
    kept.toSorted((a, b) => byNewestHead(a, b) || compareText(a.name, b.name))[0]?.name ?? asked
  );
}

interface BundleSetting {
  readonly subject: Pick<Subject, 'content' | 'versions'>;
  /** The channels of the rebuilt catalog. */
  readonly channels: readonly FilteredChannel[];
  readonly parseImage: ImageParser;
}

/** Gives the message that deprecates a package, channel or bundle; `{}` when none does. */
export function deprecationOf(
  { content }: Pick<Subject, 'content'>,
  schema: string,
  name: string,
): { readonly deprecated?: string } {
  const found = content.deprecations.find((one) => one.schema === schema && one.name === name);
  return found ? { deprecated: found.message } : {};
}

function channelsByEntry(channels: readonly FilteredChannel[]): ReadonlyMap<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { name, entries } of channels) {
    for (const entry of new Set(entries)) found.set(entry, [...(found.get(entry) ?? []), name]);
  }
  return found;
}

/** Describes kept bundles, in the order of their names. */
export function describeBundles(
  bundles: readonly BundleContent[],
  { subject, channels, parseImage }: BundleSetting,
): readonly FilteredBundle[] {
  const homes = channelsByEntry(channels);
  const described = bundles.map((bundle) => ({
    ...named(subject, bundle.name),
    ...relatedImagesOf(bundle, parseImage),
    channels: homes.get(bundle.name) ?? [],
    requires: requirementsOf(bundle),
    provides: provisionsOf(bundle),
    ...deprecationOf(subject, 'olm.bundle', bundle.name),
  }));
  return described.sort((a, b) => compareText(a.name, b.name));
}
