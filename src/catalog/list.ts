import { ConfigError } from '../errors.ts';
import type { CatalogReader } from './model.ts';
import type { StoredCatalog } from './store.ts';
import { type PackageSummary, summarizePackage } from './summary.ts';

/** Under which a catalog's summaries are kept; another number makes them be made again. */
const summariesKey = 'summaries-1';

/** Columns of a table are this far apart, in characters. */
const gap = 2;

/** Lays rows out in columns; the last column is as wide as it is. */
function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => [...(row[column] ?? '')].length)),
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

async function summaries(catalog: StoredCatalog): Promise<readonly PackageSummary[]> {
  const kept = await catalog.recall(summariesKey);
  if (kept) return kept as readonly PackageSummary[];
  const made: PackageSummary[] = [];
  for (const name of catalog.packageNames) {
    const blobs = name === '' ? undefined : await catalog.read(name);
    const summary = blobs && summarizePackage(blobs);
    if (summary) made.push(summary);
  }
  await catalog.remember(summariesKey, made);
  return made;
}

async function findPackage(catalog: CatalogReader, name: string): Promise<PackageSummary> {
  const blobs = name === '' ? undefined : await catalog.read(name);
  const summary = blobs && summarizePackage(blobs);
  if (summary) return summary;
  throw new ConfigError('INPUT_INVALID', `operator "${name}" not found in catalog`, {
    hint: 'Without --package all operators of the catalog are listed.',
  });
}

/**
 * Lists the packages of a catalog, as lines: name, display name and default channel, by name.
 *
 * Effects: the first time every package is read once; what was found is kept beside the catalog.
 * @see spec of oc-mirror's behaviour 12
 */
export async function listPackages(catalog: StoredCatalog): Promise<readonly string[]> {
  return table([packageHeader, ...(await summaries(catalog)).map(packageRow)]);
}

/**
 * Lists the channels of a package with their heads, as lines, below the package itself.
 * @throws ConfigError `INPUT_INVALID` when the catalog has no such package.
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
 * @throws ConfigError `INPUT_INVALID` when the catalog has no such package or the package no such channel.
 */
export async function listVersions(
  catalog: CatalogReader,
  packageName: string,
  channelName: string,
): Promise<readonly string[]> {
  const found = await findPackage(catalog, packageName);
  const channel = found.channels.find(({ name }) => name === channelName);
  if (channel) return ['VERSIONS', ...channel.versions];
  const message = `channel "${channelName}" not found for operator "${packageName}"`;
  throw new ConfigError('INPUT_INVALID', message, {
    hint: `Its channels are ${found.channels.map(({ name }) => name).join(', ')}.`,
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

/** Lists catalogs, as lines; those that are not there are said to be invalid. */
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
