import { nearestNames } from '../base/index.ts';
import { ConfigError, ContentError } from '../errors.ts';
import type { CatalogReader } from './model.ts';
import type { StoredCatalog } from './store.ts';
import { type PackageSummary, summarizePackage } from './summary.ts';

/** The key of kept summaries; with another number they are made again. */
const summariesKey = 'summaries-1';

/** Characters between columns. */
const gap = 2;

/** Lays rows out in columns; the last column is not padded. */
function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    rows.reduce((most, row) => Math.max(most, [...(row[column] ?? '')].length), 0),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const missing = (widths[column] ?? 0) - [...cell].length;
        return column === row.length - 1 ? cell : cell + ' '.repeat(missing + gap);
      })
      .join(''),
  );
}

const packageHeader = ['NAME', 'DISPLAY NAME', 'DEFAULT CHANNEL'];

function packageRow({ name, displayName, defaultChannel }: PackageSummary): readonly string[] {
  return [name, displayName, defaultChannel];
}

interface Summaries {
  readonly packages: readonly PackageSummary[];
  readonly unreadable: readonly ContentError[];
}

async function summarize(
  catalog: CatalogReader,
  name: string,
): Promise<PackageSummary | ContentError | undefined> {
  try {
    const blobs = await catalog.read(name);
    return blobs && summarizePackage(blobs);
  } catch (thrown) {
    if (thrown instanceof ContentError) return thrown;
    throw thrown;
  }
}

async function summaries(catalog: StoredCatalog): Promise<Summaries> {
  const kept = await catalog.recall(summariesKey);
  if (kept) return { packages: kept as readonly PackageSummary[], unreadable: [] };
  const packages: PackageSummary[] = [];
  const unreadable: ContentError[] = [];
  for (const name of catalog.packageNames.filter((one) => one !== '')) {
    const found = await summarize(catalog, name);
    if (found instanceof ContentError) unreadable.push(found);
    else if (found) packages.push(found);
  }
  if (unreadable.length === 0) await catalog.remember(summariesKey, packages);
  return { packages, unreadable };
}

function meant(name: string, known: readonly string[]): string {
  const nearest = nearestNames(name, known);
  return nearest.length > 0 ? `Did you mean ${nearest.join(', ')}? ` : '';
}

async function findPackage(catalog: CatalogReader, name: string): Promise<PackageSummary> {
  const blobs = name === '' ? undefined : await catalog.read(name);
  const summary = blobs && summarizePackage(blobs);
  if (summary) return summary;
  throw new ConfigError('INPUT_INVALID', `operator "${name}" not found in catalog`, {
    hint: `${meant(name, catalog.packageNames)}Without --package all operators of the catalog are listed.`,
  });
}

/** The readable packages of a catalog as lines, and the errors of the others. */
export interface PackageList {
  readonly lines: readonly string[];
  /** One error for each broken package. */
  readonly unreadable: readonly ContentError[];
}

/**
 * Lists the packages of a catalog, as lines: name, display name and default channel, by name.
 *
 * Effects: the first call reads every package and keeps the summaries beside the catalog.
 * @see spec of oc-mirror's behaviour 12
 */
export async function listPackages(catalog: StoredCatalog): Promise<PackageList> {
  const { packages, unreadable } = await summaries(catalog);
  return { lines: table([packageHeader, ...packages.map(packageRow)]), unreadable };
}

/**
 * Lists the channels of a package with their heads, as lines, below the package itself.
 * @throws ConfigError `INPUT_INVALID` if the catalog has no such package.
 */
export async function listChannels(
  catalog: CatalogReader,
  packageName: string,
): Promise<readonly string[]> {
  const found = await findPackage(catalog, packageName);
  const rows = found.channels.map(({ name, head }) => [
    found.name,
    name,
    'name' in head ? head.name : `ERROR: ${head.problem}`,
  ]);
  const own = found.defaultChannel ? [...table([packageHeader, packageRow(found)]), ''] : [];
  return [...own, ...table([['PACKAGE', 'CHANNEL', 'HEAD'], ...rows])];
}

/**
 * Lists the versions in a channel, as lines, in the order of their bundles' names.
 * @throws ConfigError `INPUT_INVALID` if the package or the channel does not exist.
 */
export async function listVersions(
  catalog: CatalogReader,
  packageName: string,
  channelName: string,
): Promise<readonly string[]> {
  const found = await findPackage(catalog, packageName);
  const channel = found.channels.find(({ name }) => name === channelName);
  if (channel) return ['VERSIONS', ...channel.versions];
  const channels = found.channels.map(({ name }) => name);
  const message = `channel "${channelName}" not found for operator "${packageName}"`;
  throw new ConfigError('INPUT_INVALID', message, {
    hint: `${meant(channelName, channels)}Its channels are ${channels.join(', ')}.`,
  });
}

/** The last minor version of OpenShift 4 that has a marketplace catalog. */
const lastMarketplaceMinor = 21;

/** Names the catalogs that Red Hat publishes for a version such as `4.18`, as references. */
export function publishedCatalogs(version: string): readonly string[] {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const hasMarketplace = major < 4 || (major === 4 && minor <= lastMarketplaceMinor);
  const kinds = ['redhat-operator', 'certified-operator', 'community-operator'];
  return [...kinds, ...(hasMarketplace ? ['redhat-marketplace'] : [])].map(
    (kind) => `registry.redhat.io/redhat/${kind}-index:v${version}`,
  );
}

/** Lists catalogs as lines; missing ones are marked as invalid. */
export function formatCatalogs(
  version: string,
  catalogs: readonly { readonly reference: string; readonly exists: boolean }[],
): readonly string[] {
  return [
    'Available OpenShift OperatorHub catalogs:',
    `OpenShift ${version}:`,
    ...catalogs.map(({ reference, exists }) =>
      exists ? reference : `Invalid catalog reference "${reference}", please check version`,
    ),
  ];
}
