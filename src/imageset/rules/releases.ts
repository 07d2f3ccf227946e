import semver from 'semver';
import type { ReleaseChannel } from '../../release/index.ts';
import { meantChannel } from '../channel-name.ts';
import type { YamlPath } from '../config.ts';
import {
  below,
  checkCharacters,
  duplicates,
  emptyRange,
  type Finding,
  type Located,
  type Rule,
} from './finding.ts';

const strictVersion =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*)(?:\.(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*))*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;

const architectures = ['amd64', 'arm64', 'ppc64le', 's390x', 'multi'];

const otherNames: ReadonlyMap<string, string> = new Map([
  ['x86_64', 'amd64'],
  ['x86', 'amd64'],
  ['aarch64', 'arm64'],
  ['arm', 'arm64'],
  ['ppc64', 'ppc64le'],
]);

function checkBound(
  channel: ReleaseChannel,
  key: 'minVersion' | 'maxVersion',
  path: YamlPath,
): Finding[] {
  const text = channel[key];
  if (text === undefined || strictVersion.test(text)) return [];
  const [, minor] = /^v?(\d+\.\d+)(?:\.[xX*])?$/.exec(text) ?? [];
  const isOpen = minor !== undefined && key === 'maxVersion';
  const parsed = /\d+\.\d+/.test(text) ? semver.coerce(text, { includePrerelease: true }) : null;
  const open = isOpen ? ` For the newest ${minor} of the channel delete ${key}.` : '';
  return [
    {
      severity: 'error',
      code: 'release-version',
      summary: 'A version bound of a release channel is not a release.',
      detail: `"${text}" is not a full version. Write all three numbers, without "v": oc-mirror accepts the file and fails while collecting.${open}`,
      ...(parsed && !isOpen && { fix: `${key}: ${parsed.version}` }),
      text,
      path: [...path, key],
    },
  ];
}

function checkOrder(channel: ReleaseChannel, path: YamlPath): Finding[] {
  const { minVersion, maxVersion } = channel;
  if (!minVersion || !maxVersion) return [];
  if (![minVersion, maxVersion].every((text) => strictVersion.test(text))) return [];
  if (semver.compare(minVersion, maxVersion) <= 0) return [];
  const none = `release of channel "${channel.name}"`;
  const summary = 'The version range of a release channel is empty.';
  return [emptyRange(channel, { summary, none }, path)];
}

/** Tells whether a name has the form of a channel, and is not nearly that of a known one. */
function isUsual(name: string): boolean {
  return /^[a-z]+(?:-[a-z]+)*-\d+\.\d+$/.test(name) && meantChannel(name) === undefined;
}

function checkName(channel: ReleaseChannel, path: YamlPath): Finding[] {
  const odd = checkCharacters(channel.name, [...path, 'name']);
  if (odd.length > 0) return odd;
  if (isUsual(channel.name) || channel.type === 'okd') return [];
  const meant = meantChannel(channel.name);
  return [
    {
      severity: channel.name ? 'warning' : 'error',
      code: 'channel-name',
      summary: 'The name of a release channel is unusual.',
      detail: channel.name
        ? `Channels are named like stable-4.16; for "${channel.name}" the update service most likely knows no release.`
        : 'The channel has no name. Channels are named like stable-4.16.',
      ...(meant && { fix: `name: ${meant}` }),
      text: channel.name,
      path: [...path, 'name'],
    },
  ];
}

/** Finds a bound beyond its channel: `stable-4.16` has releases of 4.16 and of what comes before. */
function checkReach(channel: ReleaseChannel, path: YamlPath): Finding[] {
  const [, stream, last] = /^([a-z-]+-4)\.(\d+)$/.exec(channel.name) ?? [];
  if (stream === undefined || channel.type === 'okd') return [];
  return (['minVersion', 'maxVersion'] as const).flatMap((key) => {
    const minor = /^4\.(\d+)\./.exec(channel[key] ?? '')?.[1];
    if (minor === undefined || Number(minor) <= Number(last)) return [];
    return {
      severity: 'warning',
      code: 'channel-reach',
      summary: 'A channel does not reach a version that is asked for.',
      detail: `Channel "${channel.name}" has no release newer than 4.${last}, and ${key} is ${channel[key]}.`,
      fix: `name: ${stream}.${minor}`,
      text: channel[key],
      path: [...path, key],
    };
  });
}

function checkArchitectures(imageSet: Located): Finding[] {
  return (imageSet.mirror.platform?.architectures ?? []).flatMap((name, index) => {
    if (architectures.includes(name)) return [];
    const meant = otherNames.get(name.toLowerCase());
    return [
      {
        severity: 'error',
        code: 'unknown-architecture',
        summary: 'There are no releases for this architecture.',
        detail: `"${name}" is not one of ${architectures.join(', ')}.`,
        ...(meant && { fix: `- ${meant}` }),
        text: name,
        path: below(imageSet, 'platform', 'architectures', index),
      },
    ];
  });
}

/**
 * Finds a field that oc-mirror deprecates, where `platforms` can say the same: for one architecture it would mirror the
 * multi-architecture payload instead of a smaller one. A file with both fields is refused anyway, and a file for deleting
 * names releases as they were mirrored.
 */
function deprecatedArchitectures(imageSet: Located): Finding[] {
  if (imageSet.kind === 'DeleteImageSetConfiguration') return [];
  const { architectures = [], platforms = [] } = imageSet.mirror.platform ?? {};
  const isMulti = architectures.length > 1 || architectures[0] === 'multi';
  if (!isMulti || platforms.length > 0) return [];
  return [
    {
      severity: 'notice',
      code: 'deprecated-architectures',
      summary: 'platform.architectures is deprecated.',
      detail:
        'It still works. From OpenShift 5 on use platform.platforms: it mirrors the multi-architecture payload for the platforms that you list, and needs a target that accepts an index without some of its images.',
      text: 'architectures',
      path: below(imageSet, 'platform', 'architectures'),
    },
  ];
}

function ignoredChannels(imageSet: Located): Finding[] {
  return [
    {
      severity: 'warning',
      code: 'ignored-channels',
      summary: 'The release channels are ignored.',
      detail:
        'platform.release names one release, and then no channel is looked at. Delete one of the two.',
      text: 'channels',
      path: below(imageSet, 'platform', 'channels'),
    },
  ];
}

/**
 * Finds what makes the releases of an image set impossible or surprising; oc-mirror fails on it while collecting.
 * @see oc-mirror v2, §1.5 "Not validated" and §4
 */
export const checkReleases: Rule = (imageSet) => {
  const { channels = [], release } = imageSet.mirror.platform ?? {};
  if (release) return channels.length > 0 ? ignoredChannels(imageSet) : [];
  const found = channels.flatMap((channel, index) => {
    const path = below(imageSet, 'platform', 'channels', index);
    return [
      ...checkName(channel, path),
      ...checkBound(channel, 'minVersion', path),
      ...checkBound(channel, 'maxVersion', path),
      ...checkOrder(channel, path),
      ...checkReach(channel, path),
    ];
  });
  const unknown = checkArchitectures(imageSet);
  return [...found, ...(unknown.length > 0 ? unknown : deprecatedArchitectures(imageSet))];
};

/** Finds release channels that are listed twice. oc-mirror tells the first of them. */
export const checkChannelNames: Rule = (imageSet) =>
  duplicates(imageSet.mirror.platform?.channels, (channel) => channel.name).map(
    ({ item: { name }, index }, number) => ({
      severity: 'error',
      code: 'duplicate-release-channel',
      message:
        number === 0
          ? `release channel ${JSON.stringify(name)}: duplicate found in configuration`
          : undefined,
      summary: 'A release channel is listed twice.',
      detail: `The channel "${name}" is listed twice. Keep one entry whose minVersion and maxVersion span both ranges.`,
      text: name,
      path: below(imageSet, 'platform', 'channels', index, 'name'),
    }),
  );

/** Finds releases that are chosen in two ways at once. */
export const checkReleasePlatforms: Rule = (imageSet) => {
  const { platforms = [], architectures = [] } = imageSet.mirror.platform ?? {};
  if (imageSet.kind === 'DeleteImageSetConfiguration') return [];
  if (platforms.length === 0 || architectures.length === 0) return [];
  return [
    {
      severity: 'error',
      code: 'platforms-and-architectures',
      message:
        'platform.platforms and platform.architectures cannot be used together; use platform.platforms for sparse manifest filtering (requires disabling manifest list blob checks on container registry side), or platform.architectures (deprecated) for OCP multi payload or single arch payloads',
      summary: 'Releases are chosen both by platforms and by architectures.',
      detail:
        'platform.platforms filters the multi-architecture payload, platform.architectures chooses payloads: use one of the two. Without need for a filter, delete platforms.',
      text: 'architectures',
      path: below(imageSet, 'platform', 'architectures'),
    },
  ];
};
