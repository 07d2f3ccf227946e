import { sortedUnique } from '../../base/index.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import { MirrorError, messageOf } from '../../errors.ts';
import type { FindingCode, SelectionFinding } from '../../release/index.ts';
import { meantChannel } from '../channel-name.ts';
import { type CollectionFailure, collectionFailure, withHint } from '../collector.ts';
import type { ImageSet } from '../config.ts';
import { causeAt } from '../entries.ts';
import type { Cause } from '../placement.ts';
import type { PlacedRelease } from './release-placements.ts';

const summaries: Readonly<Record<FindingCode, string>> = {
  'graph-unavailable': 'The update graph of this channel cannot be had.',
  'unknown-channel': 'The update service knows no release of this channel.',
  'invalid-version': 'This is not a version.',
  'version-not-found': 'The channel does not have this version.',
  'impossible-range': 'The range is empty: its lower bound is above its upper bound.',
  'empty-range': 'No release of the channel lies in this range.',
  'no-upgrade-path': 'No updates lead through all of these channels.',
  'architecture-lacks-release': 'An architecture lacks a release that another one has.',
  'eus-range': 'The shortest way through an EUS channel is better planned by hand.',
};

function fixOf(finding: SelectionFinding, imageSet: ImageSet): string | undefined {
  const channel = imageSet.mirror.platform?.channels?.[finding.channel];
  if (!channel) return undefined;
  if (finding.code === 'unknown-channel') {
    const meant = meantChannel(channel.name);
    return meant && `name: ${meant}`;
  }
  if (finding.code === 'impossible-range') {
    return `minVersion: ${channel.maxVersion}\nmaxVersion: ${channel.minVersion}`;
  }
  return undefined;
}

/** Names the command that lists possible values; empty where the fix or the message says enough. */
function whereToLook({ code }: SelectionFinding, channel: string): string {
  if (code === 'empty-range' || code === 'version-not-found') {
    return ` List its releases by: imageset-mirror list releases --channel ${channel}`;
  }
  const [minor] = /\d+\.\d+/.exec(channel) ?? [];
  return code === 'unknown-channel' && minor !== undefined
    ? ` List the channels by: imageset-mirror list releases --channels --version ${minor}`
    : '';
}

/** Gives a finding of the selection as a diagnostic on the line of the channel's field. */
export function diagnoseFinding(finding: SelectionFinding, imageSet: ImageSet): Diagnostic {
  const channel = imageSet.mirror.platform?.channels?.[finding.channel];
  const path = ['platform', 'channels', finding.channel] as const;
  const field = finding.field && channel?.[finding.field] ? finding.field : 'name';
  const { at } = causeAt(imageSet, ...path, field);
  const fix = fixOf(finding, imageSet);
  return {
    severity: finding.severity,
    code: finding.code,
    summary: summaries[finding.code],
    detail: `${withHint(`For ${finding.architecture}: ${finding.message}`, finding.cause)}${whereToLook(finding, channel?.name ?? '')}`,
    text: channel?.[field] ?? channel?.name,
    at,
    ...(fix && { fix }),
  };
}

/**
 * Gives the findings that keep the selection from being complete, as failures in oc-mirror's words.
 *
 * When nothing at all was found every finding is one, and oc-mirror's message is followed by the reason it leaves out.
 */
export function releaseFailures(
  findings: readonly SelectionFinding[],
  imageSet: ImageSet,
  found: 'something' | 'nothing',
): CollectionFailure[] {
  return findings.flatMap((finding) => {
    if (found === 'something' && finding.severity !== 'error') return [];
    const message =
      found === 'nothing'
        ? `no release images found: ${finding.message}`
        : `error list [${finding.message}]`;
    const { severity: _, ...said } = diagnoseFinding(finding, imageSet);
    return [
      collectionFailure({ kind: 'release', stage: 'select', message, cause: finding.cause }, said),
    ];
  });
}

/** Gives the failure of one release that was chosen and could not be read or verified. */
export function releaseFailure(release: string, cause: Cause, thrown: unknown): CollectionFailure {
  const signature = thrown instanceof MirrorError && thrown.code.startsWith('SIGNATURE_');
  const finding = {
    code: signature ? 'release-unverified' : 'release-unreadable',
    summary: signature ? 'The signature of a release does not hold.' : 'A release cannot be read.',
    detail: withHint(`${release}: ${messageOf(thrown)}`, thrown),
    at: cause.at,
  };
  const stage = signature ? 'verify' : 'read';
  return collectionFailure(
    { kind: 'release', stage, message: messageOf(thrown), cause: thrown },
    finding,
  );
}

/** Says, once for each architecture, which releases have no KubeVirt image for it. */
export function diagnoseKubeVirt(
  releases: readonly Pick<PlacedRelease, 'id' | 'withoutKubeVirt'>[],
  imageSet: ImageSet,
): Diagnostic[] {
  const lacking = releases.flatMap(({ id: { version }, withoutKubeVirt }) =>
    withoutKubeVirt.map((architecture) => ({ architecture, version })),
  );
  const { at } = causeAt(imageSet, 'platform', 'kubeVirtContainer');
  return [...Map.groupBy(lacking, ({ architecture }) => architecture)].map(
    ([architecture, all]): Diagnostic => ({
      severity: 'warning',
      code: 'kubevirt-missing',
      summary: 'A release has no KubeVirt image for an architecture.',
      detail: `No KubeVirt image for ${architecture} is in ${sortedUnique(all.map(({ version }) => version)).join(', ')}; the releases are mirrored without it.`,
      text: 'kubeVirtContainer',
      at,
    }),
  );
}
