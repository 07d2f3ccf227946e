import { compareText } from '../../base/index.ts';
import type { CatalogReader } from '../model.ts';
import { provisionsOf } from './bundle.ts';
import { readPackageContent } from './content.ts';
import { readGraph } from './graph.ts';
import type { PackageOffers } from './result.ts';
import { makeSubject, named, type Subject, versionsOf } from './subject.ts';

/** The content of a catalog, package by package; plain JSON data. */
export interface CatalogOffers {
  readonly packages: Readonly<Record<string, PackageOffers>>;
  /** Versions of all bundles of a package, ascending. */
  readonly versions: Readonly<Record<string, readonly string[]>>;
  /** Names of the packages that provide a kind of resource, by `<group>/<version>/<kind>`. */
  readonly providers: Readonly<Record<string, readonly string[]>>;
}

/** Gives the channels that a catalog offers of one package. */
export function offersOf(subject: Pick<Subject, 'content' | 'versions'>): PackageOffers {
  const { channels, defaultChannels } = subject.content;
  return {
    defaultChannel: defaultChannels.at(-1) ?? '',
    channels: channels.map(({ name, entries }) => {
      const reading = readGraph(entries);
      return 'graph' in reading ? { name, head: named(subject, reading.graph.head) } : { name };
    }),
  };
}

/**
 * Reads a whole catalog and lists its content, mirrored or not; packages that cannot be read are left out.
 *
 * Memory: one package and the result. This reads everything, so keep the result by the catalog's digest.
 */
export async function collectOffers(reader: CatalogReader): Promise<CatalogOffers> {
  const packages = new Map<string, PackageOffers>();
  const versions = new Map<string, readonly string[]>();
  const providers = new Map<string, Set<string>>();
  for (const name of reader.packageNames.filter((one) => one !== '')) {
    const blobs = await reader.read(name).catch(() => undefined);
    if (!blobs) continue;
    const content = readPackageContent(blobs);
    const { subject } = makeSubject(content, { wish: undefined, full: false });
    packages.set(name, offersOf(subject));
    versions.set(name, versionsOf(subject, subject.bundles.keys()));
    for (const gvk of content.bundles.flatMap(provisionsOf)) {
      providers.set(gvk, (providers.get(gvk) ?? new Set()).add(name));
    }
  }
  const sorted = [...providers].map(([gvk, names]) => [gvk, [...names].sort(compareText)]);
  return {
    packages: Object.fromEntries(packages),
    versions: Object.fromEntries(versions),
    providers: Object.fromEntries(sorted),
  };
}
