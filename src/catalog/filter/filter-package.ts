import type { PackageBlobs } from '../model.ts';
import { hasBounds } from './channel-question.ts';
import { type ChannelContent, type PackageContent, readPackageContent } from './content.ts';
import { checkDefaultChannel } from './default-channel.ts';
import { deprecationOf, describeBundles } from './kept-bundles.ts';
import {
  describeChannels,
  emptiedChannels,
  type Selected,
  settleDefaultChannel,
} from './kept-channels.ts';
import { nearestNames } from './nearest.ts';
import { offersOf } from './offers.ts';
import type { ImageParser } from './related-images.ts';
import type { FilterError, FilteredPackage, FilterFinding } from './result.ts';
import { selectChannel } from './select-channel.ts';
import { makeSubject, type Subject } from './subject.ts';
import type { LocatedPackage } from './wish.ts';

/** How a package is filtered. */
export interface PackageFilter {
  /** Absent: no package is asked for by name, and this one is kept like any other. */
  readonly wish?: LocatedPackage;
  readonly full: boolean;
  readonly parseImage: ImageParser;
}

function emptyResult(subject: Subject): FilteredPackage {
  const { content, wish } = subject;
  const offers = offersOf(subject);
  return {
    name: content.name,
    path: wish?.path ?? [],
    asks: {
      channels: wish !== undefined && wish.channels.length > 0,
      range: wish !== undefined && hasBounds(wish),
    },
    channels: [],
    bundles: [],
    isSettled: true,
    defaultChannel: wish?.defaultChannel || offers.defaultChannel,
    ...deprecationOf(subject, 'olm.package', ''),
    offers,
    errors: [],
    findings: [],
  };
}

function unknownChannels({ content, wish }: Subject): readonly FilterFinding[] {
  const known = content.channels.map(({ name }) => name);
  const unknown = (wish?.channels ?? []).filter(({ name }) => !known.includes(name));
  return unknown.map(({ name, path }) => ({
    code: 'unknown-channel',
    path: [...path, 'name'],
    package: content.name,
    channel: name,
    candidates: nearestNames(name, known),
  }));
}

function askedChannels({ content, wish }: Subject): readonly ChannelContent[] {
  const listed = wish?.channels ?? [];
  if (listed.length === 0) return content.channels;
  return content.channels.filter((channel) => listed.some(({ name }) => name === channel.name));
}

function selectAll(
  channels: readonly ChannelContent[],
  subject: Subject,
): { readonly selected: readonly Selected[]; readonly errors: readonly FilterError[] } {
  const outcomes = channels.map((channel) => ({
    channel,
    outcome: selectChannel(channel, subject),
  }));
  return {
    selected: outcomes.flatMap(({ channel, outcome }) =>
      'error' in outcome ? [] : [{ channel, selection: outcome }],
    ),
    errors: outcomes.flatMap(({ outcome }) => ('error' in outcome ? [outcome.error] : [])),
  };
}

/** Tells of entries without a bundle, and of bundles that no channel of the rebuilt catalog has. */
function gaps(result: FilteredPackage, subject: Subject): readonly FilterFinding[] {
  const facts = { path: result.path, package: result.name };
  const outside = result.bundles.filter(({ channels }) => channels.length === 0);
  const missing = result.channels.flatMap(({ name, entries }) =>
    entries
      .filter((entry) => !subject.bundles.has(entry))
      .map((entry) => ({ ...facts, channel: name, bundle: entry })),
  );
  return [
    ...outside.map(
      ({ name }) => ({ ...facts, code: 'bundle-outside-channels', bundle: name }) as const,
    ),
    ...missing.map((one) => ({ ...one, code: 'bundle-missing' }) as const),
  ];
}

function compose(selected: readonly Selected[], subject: Subject, parseImage: ImageParser) {
  const empty = emptyResult(subject);
  const { defaultChannel: asked, offers } = empty;
  const channels = describeChannels(selected, subject, asked);
  const names = new Set(selected.flatMap(({ selection }) => [...selection.names]));
  const isSettled = selected.some(({ selection }) => !subject.full || selection.entries.length > 0);
  // Of bundles of one name oc-mirror takes the first where a channel chooses them, and the last where none has a say.
  const kept = isSettled
    ? [...subject.bundles.values()].filter(({ name }) => names.has(name))
    : lastOfEach(subject.content).bundles;
  const isAsked = selected.some(({ channel }) => channel.name === asked);
  const defaultChannel = isAsked
    ? settleDefaultChannel(channels, asked, offers.defaultChannel)
    : asked;
  const result = {
    ...empty,
    channels,
    bundles: describeBundles(kept, { subject, channels, parseImage }),
    isSettled,
    defaultChannel,
  };
  const moved: FilterFinding = {
    code: 'default-channel-emptied',
    path: result.path,
    package: result.name,
    channel: asked,
    candidates: [defaultChannel],
  };
  const findings = [
    ...selected.flatMap(({ selection }) => selection.finding ?? []),
    ...emptiedChannels(selected, channels, subject),
    ...(defaultChannel === asked ? [] : [moved]),
    ...gaps(result, subject),
  ];
  return { ...result, findings };
}

/**
 * Filters one package as oc-mirror does.
 *
 * Errors leave it without channels and bundles; all that can be told are told. Where oc-mirror would write a package that keeps
 * the catalog from being served (an empty channel, a default channel that went), the package is mended and a finding says so;
 * the images stay the same.
 * @see spec 5.4, 5.5 and 15 (1) to (5)
 */
export function filterPackage(
  blobs: PackageBlobs,
  { wish, full, parseImage }: PackageFilter,
): FilteredPackage {
  const { subject, errors } = makeSubject(readPackageContent(blobs), { wish, full });
  const findings = unknownChannels(subject);
  if (errors.length > 0) return { ...emptyResult(subject), errors, findings };
  const asked = askedChannels(subject);
  const lost = checkDefaultChannel(
    subject,
    asked.map(({ name }) => name),
  );
  if (lost) return { ...emptyResult(subject), errors: [lost], findings };
  const { selected, errors: failures } = selectAll(asked, subject);
  if (failures.length > 0) return { ...emptyResult(subject), errors: failures, findings };
  const result = compose(selected, subject, parseImage);
  return { ...result, findings: [...findings, ...result.findings] };
}

function lastOfEach(content: PackageContent): PackageContent {
  const bundles = [...new Map(content.bundles.map((bundle) => [bundle.name, bundle])).values()];
  return { ...content, bundles };
}

/** Takes a package as it is, for a catalog that is mirrored whole: every bundle, also those of no channel or version. */
export function takePackage(blobs: PackageBlobs, parseImage: ImageParser): FilteredPackage {
  const content = lastOfEach(readPackageContent(blobs));
  const { subject } = makeSubject(content, { wish: undefined, full: true });
  const channels = content.channels.map(({ name, entries }) => ({
    name,
    entries: entries.map((entry) => entry.name),
    stranded: [],
    ...deprecationOf(subject, 'olm.channel', name),
  }));
  const bundles = describeBundles(content.bundles, { subject, channels, parseImage });
  return { ...emptyResult(subject), channels, bundles };
}
