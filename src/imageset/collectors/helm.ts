import { createOnce, type JsonPath, mapParallel, parseJsonPath } from '../../base/index.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import { messageOf } from '../../errors.ts';
import {
  type ChartImages,
  type ChartShelf,
  type ChartSource,
  type ChartWays,
  createChartSource,
  findHelm,
  findRenderedImages,
  findUnrenderedImages,
  type HelmOptions,
  type HelmProgram,
  type LoadedChart,
  loadChart,
  missingDependencies,
  ociRequest,
  ociScheme,
  readChartArchive,
  readLocalChart,
  readValuesFile,
} from '../../helm/index.ts';
import type { Logger } from '../../log.ts';
import {
  type CollectedPart,
  type CollectionFailure,
  type Collector,
  emptyPart,
} from '../collector.ts';
import type { ImageSet } from '../config.ts';
import { causeAt } from '../entries.ts';
import type { Placement } from '../placement.ts';
import {
  type ChartEntry,
  chartCause,
  chartEntries,
  chartFailure,
  chartName,
  chartPlatformFailure,
  framed,
} from './helm-entry.ts';
import { placeChartImages } from './helm-placements.ts';
import { joinImages } from './operator-placements.ts';

/** Charts that are worked on at once: each may hold a hundred megabytes of files. */
const parallelCharts = 3;

/** A values file for the charts of one name. */
export interface ChartValues {
  readonly chart: string;
  readonly path: string;
}

/** The means to collect charts. */
export interface HelmCollectorOptions extends ChartWays, HelmOptions {
  readonly shelf: ChartShelf;
  /** The last one of a chart wins. */
  readonly values: readonly ChartValues[];
  readonly log: Logger;
  /** `archive`: no network is used, so charts of an earlier run count. */
  readonly sources?: 'archive' | undefined;
}

/** The means to collect the charts of one image set. */
interface Collecting {
  readonly options: HelmCollectorOptions;
  readonly source: ChartSource;
  readonly helm: HelmProgram | undefined;
  readonly prefix: string;
}

/** The result of one entry. */
interface Collected {
  readonly entry: ChartEntry;
  /** The names by which values files may name the chart. */
  readonly names?: readonly string[];
  readonly placements?: readonly Placement[];
  readonly diagnostics?: readonly Diagnostic[];
  readonly failure?: CollectionFailure;
}

/** Ends the collection of one entry. */
class EntryFailure extends Error {
  readonly failure: CollectionFailure;
  constructor(failure: CollectionFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** Runs a step of an entry; `message` words its failure. */
async function step<Result>(
  entry: ChartEntry,
  message: (thrown: unknown) => string,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (thrown) {
    throw new EntryFailure(chartFailure(entry, thrown, { message: message(thrown) }));
  }
}

async function openChart(entry: ChartEntry, { source }: Collecting): Promise<LoadedChart> {
  const { chart = { name: '' }, url, imageSet } = entry;
  const name = chartName(entry);
  const load = (thrown: unknown) => framed(`failed to load ${chart.path ?? name}`, thrown);
  if (url === undefined && !chart.path?.startsWith(ociScheme)) {
    return await step(entry, load, async () =>
      loadChart(await readLocalChart(chart.path ?? '', imageSet.name), `The chart ${name}`),
    );
  }
  const pulling = (thrown: unknown) => framed(`error pulling chart ${name}`, thrown);
  const { from, bytes } = await step(entry, pulling, async () =>
    url === undefined
      ? source.pull(ociRequest(chart.path ?? '', chart.version ?? ''))
      : source.pull({ url, name: chart.name ?? '', version: chart.version ?? '' }),
  );
  return await step(entry, load, async () => loadChart(await readChartArchive(bytes, from), from));
}

function parsePaths(entry: ChartEntry): readonly JsonPath[] {
  return (entry.chart?.imagePaths ?? []).map((text, index) => {
    try {
      return parseJsonPath(text);
    } catch (thrown) {
      const field = ['imagePaths', index];
      throw new EntryFailure(chartFailure(entry, thrown, { message: messageOf(thrown), field }));
    }
  });
}

/** Gives the names by which values files may name a chart. */
function namesOf(entry: ChartEntry, chart: LoadedChart): string[] {
  return [chart.name, ...(entry.chart?.name ? [entry.chart.name] : [])];
}

async function readValues(
  entry: ChartEntry,
  chart: LoadedChart,
  { values }: HelmCollectorOptions,
): Promise<readonly string[]> {
  const names = namesOf(entry, chart);
  const wanted = values.filter((one) => names.includes(one.chart));
  return await Promise.all(
    wanted.map(async ({ path }) =>
      step(
        entry,
        (thrown) => framed(`failed to load the values file ${path}`, thrown),
        async () => readValuesFile(path),
      ),
    ),
  );
}

async function findImages(
  entry: ChartEntry,
  chart: LoadedChart,
  { helm, options }: Collecting,
): Promise<ChartImages> {
  const paths = parsePaths(entry);
  const values = await readValues(entry, chart, options);
  const failed = (thrown: unknown) => framed(`failed to get template ${chart.name}`, thrown);
  if (!helm) {
    const found = await step(entry, failed, async () => findUnrenderedImages(chart, values));
    const unseen = (entry.chart?.imagePaths ?? []).map((path) => ({
      template: chart.name,
      what: `imagePaths ${path} needs rendered templates`,
    }));
    return { ...found, unseen: [...found.unseen, ...unseen] };
  }
  if (chart.isLibrary) return { images: [], unseen: [] };
  return await step(entry, failed, async () =>
    findRenderedImages(await helm.render(chart, values), paths),
  );
}

/** Warns of charts that a chart declares and does not have: their images are not known. */
function missingFindings(entry: ChartEntry, chart: LoadedChart): Diagnostic[] {
  return missingDependencies(chart).map((name) => ({
    severity: 'warning',
    code: 'chart-dependency-missing',
    summary: 'A chart lacks a chart that it depends on.',
    detail: `The chart "${chart.name}" declares "${name}" and does not have it below charts/, so the images of "${name}" are not mirrored with it. Run "helm dependency update" on a local chart; of a published chart name "${name}" as a chart of its own.`,
    text: name,
    at: chartCause(entry).at,
  }));
}

async function collectChart(entry: ChartEntry, collecting: Collecting): Promise<Collected> {
  try {
    const unfit = chartPlatformFailure(entry);
    if (unfit) return { entry, failure: unfit };
    const chart = await openChart(entry, collecting);
    const found = await findImages(entry, chart, collecting);
    const { placements, diagnostics } = placeChartImages(found, entry, collecting.prefix);
    const all = [...missingFindings(entry, chart), ...diagnostics];
    return { entry, names: namesOf(entry, chart), placements, diagnostics: all };
  } catch (thrown) {
    if (thrown instanceof EntryFailure) return { entry, failure: thrown.failure };
    throw thrown;
  }
}

/** Gives an entry for each chart: for a repository whose charts are all wanted, one for each version of each. */
async function expand(
  entry: ChartEntry,
  { source }: Collecting,
): Promise<readonly (ChartEntry | Collected)[]> {
  const { url = '', chart } = entry;
  if (chart) return [entry];
  try {
    const charts = await source.list(url);
    return charts.map((one) => ({ ...entry, chart: one }));
  } catch (thrown) {
    const message = framed(`invalid chart repository "${url}"`, thrown);
    return [{ entry, failure: chartFailure(entry, thrown, { message, field: ['url'] }) }];
  }
}

/** Says once for an image set that its charts were not rendered. */
function notRendered(imageSet: ImageSet): Diagnostic {
  return {
    severity: 'warning',
    code: 'helm-not-found',
    summary: 'Charts are read as text, because helm is not on PATH.',
    detail:
      'Images are taken from annotations, from the usual fields of values, and from lines of templates that name them; parts that are switched off by default count too. Each part that could not be searched is named. Install helm 3 or 4 for the images that the charts really use.',
    at: causeAt(imageSet, 'helm').at,
  };
}

function assemble(imageSet: ImageSet, collected: readonly Collected[]): CollectedPart {
  const failures = collected.flatMap(({ failure }) => failure ?? []);
  // A file for deleting counts as a whole or not at all: one chart that fails leaves its meaning open.
  const isSound = imageSet.kind === 'ImageSetConfiguration' || failures.length === 0;
  const placements = collected.flatMap((one) => one.placements ?? []);
  return {
    ...emptyPart,
    placements: isSound ? joinImages(placements) : [],
    charts: collected.flatMap(({ names = [] }) => names),
    diagnostics: collected.flatMap(({ diagnostics = [] }) => diagnostics),
    failures,
    gaps: collected.flatMap(({ entry, failure }) => (failure ? [chartCause(entry)] : [])),
  };
}

/**
 * Gives the collector of charts: the images of every chart that an image set asks for.
 *
 * helm renders them where it is on `PATH`; otherwise they are read as text, with a warning. A chart fails alone, and its images
 * stay as they are. In a file for deleting one that fails leaves out the images of all, as with oc-mirror. All image sets share
 * indexes and archives.
 * @see oc-mirror v2, helm collection
 */
export function createChartCollector(options: HelmCollectorOptions): Collector {
  const fresh = createChartSource({ ...options, prefer: 'fresh' });
  const saved = createChartSource({ ...options, prefer: options.sources ?? 'saved' });
  const programs = createOnce<HelmProgram | undefined>();
  const find = async () => {
    const helm = await findHelm(options);
    if (helm) options.log.log('info', `Charts are rendered by helm ${helm.version}.`);
    return helm;
  };
  return {
    kind: 'helm',
    async collect(imageSet, prefix): Promise<CollectedPart> {
      const helm = await programs.run('helm', find);
      const isSaved = options.sources === 'archive' || imageSet.kind !== 'ImageSetConfiguration';
      const source = isSaved ? saved : fresh;
      const collecting = { options, source, helm, prefix };
      const entries = chartEntries(imageSet).map((one) => expand(one, collecting));
      const expanded = (await Promise.all(entries)).flat();
      const collected = await mapParallel(expanded, parallelCharts, async (one) =>
        'entry' in one ? one : collectChart(one, collecting),
      );
      const part = assemble(imageSet, collected);
      if (helm) return part;
      return { ...part, diagnostics: [notRendered(imageSet), ...part.diagnostics] };
    },
  };
}
