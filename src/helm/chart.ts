import { checkLimit, type JsonObject, records, textOrEmpty } from '../base/index.ts';
import { ContentError } from '../errors.ts';
import { type ChartFiles, readChartArchive } from './archive.ts';
import { chartLimits } from './limits.ts';
import { parseYamlObject, versionText } from './yaml-object.ts';

/** A chart that another one declares. */
export interface ChartDependency {
  readonly name: string;
  /** The key of its values in the other chart: its alias, else its name. */
  readonly key: string;
  /** Paths of values that switch it on or off, the first that is set counts. */
  readonly conditions: readonly string[];
}

/** A chart that was read: its description, its files, and the charts inside it. */
export interface LoadedChart {
  readonly name: string;
  readonly version: string;
  readonly appVersion: string;
  readonly isLibrary: boolean;
  /** `Chart.yaml` as it stands. */
  readonly metadata: JsonObject;
  readonly dependencies: readonly ChartDependency[];
  readonly files: ChartFiles;
  readonly subcharts: readonly LoadedChart[];
}

/** The bytes that one chart has used up, those of the charts inside it too, and how deep reading is. */
interface Usage {
  readonly spent: { bytes: number };
  readonly depth: number;
}

/** Reads a text file of a chart, empty when there is none. */
export function chartText(files: ChartFiles, path: string): string {
  const bytes = files.get(path);
  return bytes === undefined
    ? ''
    : Buffer.from(bytes)
        .toString('utf8')
        .replace(/^\ufeff/, '');
}

function dependencyOf(entry: JsonObject): ChartDependency {
  const name = textOrEmpty(entry['name']);
  const conditions = textOrEmpty(entry['condition'])
    .split(',')
    .map((path) => path.trim())
    .filter((path) => path !== '');
  return { name, key: textOrEmpty(entry['alias']) || name, conditions };
}

/**
 * Gives the file that declares the dependencies of a chart, and its fields: charts of the first version of the format have one
 * of their own.
 */
export function readDeclaration(
  { metadata, files }: Pick<LoadedChart, 'metadata' | 'files'>,
  what: string,
): { readonly file: string; readonly fields: JsonObject } {
  const file = 'requirements.yaml';
  if (metadata['apiVersion'] !== 'v1' || !files.has(file)) {
    return { file: 'Chart.yaml', fields: metadata };
  }
  return { file, fields: parseYamlObject(chartText(files, file), `${what}: ${file}`) };
}

/** Groups the files below `charts/` by their first name: a directory, or an archive. */
function subchartParts(files: ChartFiles): ReadonlyMap<string, Map<string, Uint8Array>> {
  const parts = new Map<string, Map<string, Uint8Array>>();
  for (const [path, bytes] of files) {
    const [top, name = '', ...rest] = path.split('/');
    // Helm passes over names that begin so.
    if (top !== 'charts' || /^[._]/.test(name)) continue;
    const isArchive = rest.length === 0 && name.endsWith('.tgz');
    if (rest.length === 0 && !isArchive) continue;
    const part = parts.get(name) ?? new Map<string, Uint8Array>();
    part.set(rest.join('/'), bytes);
    parts.set(name, part);
  }
  return parts;
}

async function loadSubcharts(files: ChartFiles, usage: Usage): Promise<readonly LoadedChart[]> {
  const charts: LoadedChart[] = [];
  for (const [name, part] of subchartParts(files)) {
    const archive = part.get('');
    const inner = archive ? await readChartArchive(archive, `charts/${name}`) : part;
    if (!inner.has('Chart.yaml')) continue;
    usage.spent.bytes += archive ? sizeOf(inner) : 0;
    checkLimit('The chart', usage.spent.bytes, chartLimits.unpacked);
    charts.push(await load(inner, `charts/${name}`, { ...usage, depth: usage.depth + 1 }));
  }
  return charts;
}

function sizeOf(files: ChartFiles): number {
  return [...files.values()].reduce((sum, { byteLength }) => sum + byteLength, 0);
}

async function load(files: ChartFiles, what: string, usage: Usage): Promise<LoadedChart> {
  checkLimit(what, usage.depth, chartLimits.nesting);
  if (!files.has('Chart.yaml')) {
    throw new ContentError('CHART_INVALID', `${what} is no chart: it has no Chart.yaml.`);
  }
  const metadata = parseYamlObject(chartText(files, 'Chart.yaml'), `${what}: Chart.yaml`);
  const { fields } = readDeclaration({ metadata, files }, what);
  return {
    name: textOrEmpty(metadata['name']),
    version: textOrEmpty(metadata['version']),
    appVersion: versionText(metadata['appVersion']),
    isLibrary: metadata['type'] === 'library',
    metadata,
    dependencies: records(fields['dependencies']).map(dependencyOf),
    files,
    subcharts: await loadSubcharts(files, usage),
  };
}

/**
 * Reads a chart out of its files, and the charts below `charts/`, which are directories or archives.
 * @throws ContentError `CHART_INVALID`, naming `what`; `TOO_LARGE` past a limit
 */
export async function loadChart(files: ChartFiles, what: string): Promise<LoadedChart> {
  return await load(files, what, { spent: { bytes: sizeOf(files) }, depth: 0 });
}

/** Names the charts that a chart declares and does not have. */
export function missingDependencies({ dependencies, subcharts }: LoadedChart): readonly string[] {
  const present = new Set(subcharts.map(({ name }) => name));
  return dependencies.map(({ name }) => name).filter((name) => !present.has(name));
}
