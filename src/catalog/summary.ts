import { compareBuild, valid } from 'semver';
import { asObject, compareText, textOrEmpty } from '../base/index.ts';
import { type BundleContent, type ChannelContent, readPackageContent } from './filter/index.ts';
import type { PackageBlobs } from './model.ts';

/** One channel of a package. */
export interface ChannelSummary {
  readonly name: string;
  /** The entry that no other replaces or skips, or the reason why there is not exactly one. */
  readonly head: { readonly name: string } | { readonly problem: string };
  /** Versions of its bundles, in the order of the bundles' names. */
  readonly versions: readonly string[];
}

/** One package of a catalog. */
export interface PackageSummary {
  readonly name: string;
  /** Of the bundle with the highest version; may be empty. */
  readonly displayName: string;
  readonly defaultChannel: string;
  /** By name. */
  readonly channels: readonly ChannelSummary[];
}

function property(bundle: BundleContent, type: string, key: string): string {
  const found = bundle.properties.find((one) => one.type === type);
  return textOrEmpty(asObject(found?.value)[key]);
}

function versionOf(bundle: BundleContent): string {
  return property(bundle, 'olm.package', 'version');
}

function byVersion(a: BundleContent, b: BundleContent): number {
  const [first = '', second = ''] = [a, b].map((one) => valid(versionOf(one)) ?? '0.0.0-0');
  return compareBuild(first, second) || compareText(a.name, b.name);
}

function headOf({ entries }: ChannelContent): ChannelSummary['head'] {
  const replaced = new Set(entries.flatMap(({ replaces, skips }) => [replaces, ...skips]));
  const heads = [...new Set(entries.map(({ name }) => name))].filter((name) => !replaced.has(name));
  const [name] = heads;
  if (name === undefined) return { problem: 'no channel head found in graph' };
  if (heads.length === 1) return { name };
  return {
    problem: `multiple channel heads found in graph: ${heads.sort(compareText).join(', ')}`,
  };
}

function summarizeChannel(
  channel: ChannelContent,
  bundles: ReadonlyMap<string, BundleContent>,
): ChannelSummary {
  const found = channel.entries.flatMap(({ name }) => bundles.get(name) ?? []);
  const sorted = [...new Set(found)].sort((a, b) => compareText(a.name, b.name));
  return { name: channel.name, head: headOf(channel), versions: sorted.map(versionOf) };
}

/** Summarizes a package for a list; `undefined` if the catalog has no `olm.package` of that name. */
export function summarizePackage(blobs: PackageBlobs): PackageSummary | undefined {
  const { name, defaultChannels, channels, bundles } = readPackageContent(blobs);
  const [defaultChannel] = defaultChannels;
  if (defaultChannel === undefined) return undefined;
  const byName = new Map(bundles.map((bundle) => [bundle.name, bundle]));
  const highest = [...byName.values()].sort(byVersion).at(-1);
  return {
    name,
    displayName: highest ? property(highest, 'olm.csv.metadata', 'displayName') : '',
    defaultChannel,
    channels: channels
      .map((channel) => summarizeChannel(channel, byName))
      .sort((a, b) => compareText(a.name, b.name)),
  };
}
