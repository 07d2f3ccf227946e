import { lastOfEach, nearestNames } from '../../base/index.ts';
import type { PackageBlobs } from '../model.ts';
import type { ImageParser } from './bundle.ts';
import { type ChannelContent, type PackageContent, readPackageContent } from './content.ts';
import {
  deprecationOf,
  describeBundles,
  describeChannels,
  emptiedChannels,
  type Selected,
  settleDefaultChannel,
} from './kept.ts';
import { offersOf } from './offers.ts';
import type { FilterError, FilteredPackage, FilterFinding } from './result.ts';
import { hasBounds, selectChannel } from './select-channel.ts';
import { failed, makeSubject, type Subject } from './subject.ts';
import type { LocatedPackage } from './wish.ts';

/** How to filter a package. */
export interface PackageFilter {
  /** Absent: the image set names no package, so each is kept. */
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

function selectAll(channels: readonly ChannelContent[], subject: Subject) {
  const selected: Selected[] = [];
  const errors: FilterError[] = [];
  for (const channel of channels) {
    const outcome = selectChannel(channel, subject);
    if ('error' in outcome) errors.push(outcome.error);
    else selected.push({ channel, selection: outcome });
  }
  return { selected, errors };
}

/** Finds bundles that no channel of the rebuilt catalog has, and entries without a bundle. */
function gaps(result: FilteredPackage, subject: Subject): readonly FilterFinding[] {
  const facts = { path: result.path, package: result.name };
  const outside = result.bundles.filter(({ channels }) => channels.length === 0);
  const missing = result.channels.flatMap(({ name: channel, entries }) =>
    entries
      .filter((entry) => !subject.bundles.has(entry))
      .map((bundle) => ({ ...facts, code: 'bundle-missing', channel, bundle }) as const),
  );
  return [
    ...outside.map(
      ({ name }) => ({ ...facts, code: 'bundle-outside-channels', bundle: name }) as const,
    ),
    ...missing,
  ];
}

function compose(selected: readonly Selected[], subject: Subject, parseImage: ImageParser) {
  const empty = emptyResult(subject);
  const { defaultChannel: asked, offers } = empty;
  const channels = describeChannels(selected, subject, asked);
  const names = new Set(selected.flatMap(({ selection }) => [...selection.names]));
  const isSettled = selected.some(({ selection }) => !subject.full || selection.entries.length > 0);
  // Among bundles of one name oc-mirror takes the first if a channel chooses them, else the last.
  const kept = isSettled
    ? [...subject.bundles.values()].filter(({ name }) => names.has(name))
    : withoutRepeats(subject.content).bundles;
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
 * With errors the result has no channels and bundles; all errors are reported. oc-mirror may write a package that opm refuses to
 * serve (an empty channel, a missing default channel): here the package is repaired and a finding says so. The images are the same.
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

function withoutRepeats(content: PackageContent): PackageContent {
  return { ...content, bundles: lastOfEach(content.bundles, ({ name }) => name) };
}

/** Takes a whole package, for a catalog that is mirrored unchanged: every bundle, also those without channel or version. */
export function takePackage(blobs: PackageBlobs, parseImage: ImageParser): FilteredPackage {
  const content = withoutRepeats(readPackageContent(blobs));
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

/**
 * Checks that the default channel is among the channels that are kept; ranges do not matter yet.
 * @see spec 5.4, (2)
 */
function checkDefaultChannel(
  { content, wish }: Subject,
  kept: readonly string[],
): FilterError | undefined {
  if (!wish) return undefined;
  const chosen = content.defaultChannels.find((original) => {
    const effective = wish.defaultChannel || original;
    return effective !== '' && !kept.includes(effective);
  });
  if (chosen === undefined) return undefined;
  const channel = wish.defaultChannel || chosen;
  const name = JSON.stringify(channel);
  const invalid = `${failed}invalid default channel configuration for package ${JSON.stringify(content.name)}: `;
  const facts = { package: content.name, channel, candidates: kept };
  if (wish.defaultChannel) {
    return {
      ...facts,
      code: 'default-channel-unknown',
      message: `${invalid}specified default channel override ${name} does not exist in the filtered output`,
      path: [...wish.path, 'defaultChannel'],
    };
  }
  return {
    ...facts,
    code: 'default-channel-dropped',
    message: `${invalid}the default channel ${name} was filtered out, a new default channel must be configured for this package`,
    path: wish.path,
  };
}
