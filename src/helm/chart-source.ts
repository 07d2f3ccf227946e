import { createOnce } from '../base/index.ts';
import { ContentError, RegistryError } from '../errors.ts';
import { digestOf, hexOf, isDigest, splitName } from '../oci/index.ts';
import { type ChartIndex, type ChartVersion, parseChartIndex } from './chart-index.ts';
import { canonicalVersion, chooseChartVersion } from './chart-version.ts';
import { chartLimits } from './limits.ts';
import { type ChartArchive, type ChartWays, ociScheme, pullOciChart } from './oci-chart.ts';

/** Files that are kept between runs, by their path in the workspace. They may be lost or damaged. */
export interface ChartShelf {
  read(path: string): Promise<Uint8Array | undefined>;
  /** Never throws. */
  write(path: string, bytes: Uint8Array): Promise<void>;
}

/** A chart of a repository. */
export interface ChartRequest {
  /** Of the repository: `https://…`, `http://…`, or `oci://host/path`. */
  readonly url: string;
  readonly name: string;
  /** A version, a constraint, or a digest in a registry; empty: the highest that is no pre-release. */
  readonly version: string;
}

/** Reads a chart in a registry, `oci://host/path/app:1.2.3`; `version` counts where the text has neither tag nor digest. */
export function ociRequest(text: string, version: string): ChartRequest {
  const { name, tag, digest } = splitName(text);
  const slash = name.lastIndexOf('/');
  return {
    url: name.slice(0, slash),
    name: name.slice(slash + 1),
    version: digest ?? tag ?? version,
  };
}

/** Gives charts of repositories. */
export interface ChartSource {
  /** Lists all versions of all charts of a repository, libraries left out. */
  list(url: string): Promise<readonly Omit<ChartRequest, 'url'>[]>;
  /** Gives an archive, which is saved in the workspace. */
  pull(request: ChartRequest): Promise<ChartArchive>;
}

/** The means to get charts. */
export interface ChartSourceOptions extends ChartWays {
  readonly shelf: ChartShelf;
  /** `saved`: files of an earlier run come first, for deletes have to work without a connection; `archive`: there is no other. */
  readonly prefer: 'fresh' | 'saved' | 'archive';
}

/** Gives the address of a repository's index: a URL that ends with it is taken too. */
function indexUrl(url: string): string {
  const parsed = URL.parse(url);
  if (!parsed || !/^https?:$/.test(parsed.protocol)) {
    throw new ContentError('CHART_INVALID', `could not find protocol handler for: ${url}`, {
      hint: 'Write the URL of the repository: https://, http:// or oci://.',
    });
  }
  if (!parsed.pathname.endsWith('/index.yaml')) {
    parsed.pathname = `${parsed.pathname.replace(/\/+$/, '')}/index.yaml`;
  }
  return parsed.href;
}

/** Shows a URL without the parts that may be secret: user, password and query. */
function shown(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}

async function download(url: string, options: ChartSourceOptions, most: number) {
  if (options.prefer === 'archive') {
    const message = `The archive has no copy of ${shown(url)}, and neither has the workspace`;
    throw new ContentError('ARCHIVE_INCOMPLETE', message, {
      hint: 'Load the archives before this one first, or check the name and version of the chart.',
    });
  }
  const answer = await options.registries.get(url, { maxBytes: most });
  if (answer.status === 200) return answer.body;
  const code = answer.status === 404 ? 'NOT_FOUND' : 'UNEXPECTED_STATUS';
  throw new RegistryError(code, `failed to fetch ${shown(url)} : ${answer.status}`, {
    method: 'GET',
    url: shown(url),
    status: answer.status,
    hint: 'Check the URL of the chart repository, and that it can be read without a login.',
  });
}

function savedIndex(url: string): string {
  const { host, pathname } = new URL(url);
  return `helm/indexes/${host}${pathname}`;
}

/** Makes a safe file name of any text that a repository gives. */
function fileName(name: string): string {
  return name.replaceAll(/[^\w.+-]/g, '_').replace(/^\.+/, '_');
}

function chartFile(name: string, version: string): string {
  return `helm/charts/${fileName(`${name}-${version}.tgz`)}`;
}

function savedChart(url: string, { name, version }: ChartVersion): string {
  const last = URL.parse(url)?.pathname.split('/').at(-1) ?? '';
  const isPlain = /^\w[\w.+-]*\.(?:tgz|tar\.gz)$/.test(last);
  return isPlain ? `helm/charts/${last}` : chartFile(name, version);
}

/** Gives the version by which a chart is saved before it is known to exist; a constraint has none. */
function fixedVersion(version: string): string | undefined {
  return isDigest(version) ? version : canonicalVersion(version);
}

function sha256(bytes: Uint8Array): string {
  return hexOf(digestOf(bytes));
}

async function readIndex(url: string, options: ChartSourceOptions): Promise<ChartIndex> {
  const path = savedIndex(url);
  const parse = (bytes: Uint8Array) =>
    parseChartIndex(Buffer.from(bytes).toString('utf8'), `The index ${shown(url)}`);
  const saved = options.prefer !== 'fresh' ? await options.shelf.read(path) : undefined;
  if (saved) return parse(saved);
  const bytes = await download(url, options, chartLimits.index.most);
  const index = parse(bytes);
  await options.shelf.write(path, bytes);
  return index;
}

/** Tells whether an archive is the one that the index describes; an index without a digest takes any. */
function isDescribed(bytes: Uint8Array, { digest }: ChartVersion): boolean {
  return digest === undefined || sha256(bytes) === digest.toLowerCase();
}

async function fetchVersion(
  found: ChartVersion,
  index: string,
  options: ChartSourceOptions,
): Promise<ChartArchive> {
  const [address] = found.urls;
  const url = address === undefined ? undefined : URL.parse(address, index)?.href;
  if (address === undefined || url === undefined) {
    const message = `chart "${found.name}" has no downloadable URLs`;
    throw new ContentError('CHART_INVALID', message);
  }
  if (address.startsWith(ociScheme)) {
    const pulled = await pullOciChart(address, found.version, options);
    await options.shelf.write(chartFile(found.name, found.version), pulled.bytes);
    return pulled;
  }
  const path = savedChart(url, found);
  const mayRecall = found.digest !== undefined || options.prefer !== 'fresh';
  const saved = mayRecall ? await options.shelf.read(path) : undefined;
  if (saved && isDescribed(saved, found)) return { from: shown(url), bytes: saved };
  const bytes = await download(url, options, chartLimits.archive.most);
  if (!isDescribed(bytes, found)) {
    const message = `The chart ${shown(url)} is not the one that the index of its repository describes.`;
    throw new ContentError('DIGEST_MISMATCH', message, {
      expected: found.digest,
      actual: sha256(bytes),
      hint: 'The publisher has to write the index again, or something on the way changed the archive.',
    });
  }
  await options.shelf.write(path, bytes);
  return { from: shown(url), bytes };
}

/** Gives an archive that an earlier run, or oc-mirror, left in the workspace. */
async function recall(
  { name, version }: ChartRequest,
  { shelf, prefer }: ChartSourceOptions,
): Promise<ChartArchive | undefined> {
  const fixed = fixedVersion(version);
  if (prefer === 'fresh' || fixed === undefined) return undefined;
  for (const written of [fixed, `v${fixed}`]) {
    const from = chartFile(name, written);
    const bytes = await shelf.read(from);
    if (bytes) return { from, bytes };
  }
  return undefined;
}

async function pullFromIndex(
  request: ChartRequest,
  index: ChartIndex,
  options: ChartSourceOptions,
): Promise<ChartArchive> {
  const versions = index.versionsOf(request.name);
  const found = chooseChartVersion(versions, request.version);
  if (found) {
    const saved = await recall({ ...request, version: found.version }, options);
    return saved ?? (await fetchVersion(found, indexUrl(request.url), options));
  }
  const wanted = request.version === '' ? '' : ` version "${request.version}"`;
  const known = versions.slice(0, 5).map(({ version }) => version);
  const hint =
    known.length > 0
      ? `Its first versions are ${known.join(', ')}.`
      : 'The repository has no chart of this name.';
  const message = `chart "${request.name}"${wanted} not found in ${request.url} repository`;
  throw new ContentError('CHART_INVALID', message, { hint });
}

/**
 * Opens a source of charts. An index is read once, an archive that the workspace has by digest is not fetched again.
 *
 * Its calls throw RegistryError where nothing can be fetched, ContentError `CHART_INVALID` for a chart that is broken or not
 * listed, `DIGEST_MISMATCH` for an archive that its index does not describe, `TOO_LARGE` past a limit.
 */
export function createChartSource(options: ChartSourceOptions): ChartSource {
  const indexes = createOnce<ChartIndex>();
  const openIndex = async (repository: string): Promise<ChartIndex> => {
    const url = indexUrl(repository);
    return await indexes.run(url, () => readIndex(url, options));
  };
  return {
    async list(repository) {
      if (repository.startsWith(ociScheme)) {
        throw new ContentError('CHART_INVALID', `${repository} has no list of its charts.`, {
          hint: 'A registry does not tell which charts it has: name them below "charts".',
        });
      }
      const index = await openIndex(repository);
      return index.names
        .flatMap((name) => index.versionsOf(name))
        .filter(({ isLibrary }) => !isLibrary)
        .map(({ name, version }) => ({ name, version }));
    },
    async pull(request) {
      const saved = await recall(request, options);
      if (saved) return saved;
      const { url, name, version } = request;
      if (!url.startsWith(ociScheme)) {
        return await pullFromIndex(request, await openIndex(url), options);
      }
      const chart = await pullOciChart(`${url.replace(/\/+$/, '')}/${name}`, version, options);
      const fixed = fixedVersion(version);
      // A run without a connection finds it by this name.
      if (fixed !== undefined) await options.shelf.write(chartFile(name, fixed), chart.bytes);
      return chart;
    },
  };
}
