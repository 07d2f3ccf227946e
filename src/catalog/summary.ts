import { compareBuild, valid } from 'semver';
import { asObject, compareText, type JsonObject, records } from '../base/index.ts';
import type { CatalogBlob, PackageBlobs } from './model.ts';

/** One channel of a package. */
export interface ChannelSummary {
  readonly name: string;
  /** The entry that no other replaces or skips, or why there is not just one. */
  readonly head: { readonly name: string } | { readonly problem: string };
  /** Versions of its bundles, in the order of the bundles' names. */
  readonly versions: readonly string[];
}

/** What a catalog offers of one package. */
export interface PackageSummary {
  readonly name: string;
  /** As the bundle of the highest version has it; empty where it has none. */
  readonly displayName: string;
  readonly defaultChannel: string;
  /** By name. */
  readonly channels: readonly ChannelSummary[];
}

interface Entry {
  readonly name: string;
  readonly replaces: string | undefined;
  readonly skips: readonly string[];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function property(bundle: CatalogBlob, type: string): JsonObject {
  const found = records(bundle.value['properties']).find((one) => one['type'] === type);
  return asObject(found?.['value']);
}

function versionOf(bundle: CatalogBlob): string {
  return textOf(property(bundle, 'olm.package')['version']);
}

function compareVersions(a: CatalogBlob, b: CatalogBlob): number {
  const [first, second] = [versionOf(a), versionOf(b)].map(
    (version) => valid(version) ?? '0.0.0-0',
  );
  return compareBuild(first ?? '', second ?? '') || compareText(a.name ?? '', b.name ?? '');
}

function entriesOf(channel: CatalogBlob): readonly Entry[] {
  return records(channel.value['entries']).map((entry) => ({
    name: textOf(entry['name']),
    replaces: textOf(entry['replaces']) || undefined,
    skips: Array.isArray(entry['skips']) ? entry['skips'].map(textOf) : [],
  }));
}

function headOf(entries: readonly Entry[]): ChannelSummary['head'] {
  const replaced = new Set(entries.flatMap(({ replaces = '', skips }) => [replaces, ...skips]));
  const heads = [...new Set(entries.map(({ name }) => name))].filter((name) => !replaced.has(name));
  const [name] = heads;
  if (name === undefined) return { problem: 'no channel head found in graph' };
  if (heads.length === 1) return { name };
  return {
    problem: `multiple channel heads found in graph: ${heads.sort(compareText).join(', ')}`,
  };
}

function summarizeChannel(
  channel: CatalogBlob,
  bundles: ReadonlyMap<string, CatalogBlob>,
): ChannelSummary {
  const entries = entriesOf(channel);
  const found = entries.flatMap(({ name }) => bundles.get(name) ?? []);
  const versions = [...new Set(found)]
    .sort((a, b) => compareText(a.name ?? '', b.name ?? ''))
    .map(versionOf);
  return { name: channel.name ?? '', head: headOf(entries), versions };
}

/** Tells what a catalog offers of one package, for a list; `undefined` when it has no such package but only blobs of its name. */
export function summarizePackage({ name, blobs }: PackageBlobs): PackageSummary | undefined {
  const own = blobs.find(({ schema }) => schema === 'olm.package');
  if (!own) return undefined;
  const bundles = new Map<string, CatalogBlob>();
  for (const blob of blobs) if (blob.schema === 'olm.bundle') bundles.set(blob.name ?? '', blob);
  const highest = [...bundles.values()].sort(compareVersions).at(-1);
  const channels = blobs.filter(({ schema }) => schema === 'olm.channel');
  return {
    name,
    displayName: highest ? textOf(property(highest, 'olm.csv.metadata')['displayName']) : '',
    defaultChannel: textOf(own.value['defaultChannel']),
    channels: channels
      .map((channel) => summarizeChannel(channel, bundles))
      .sort((a, b) => compareText(a.name, b.name)),
  };
}
