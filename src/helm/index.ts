/**
 * Helm charts: where they are found, and which images they name.
 *
 * A chart is a foreign program: its templates make documents out of values. This layer runs none of it. The program `helm`,
 * where the machine has it, renders the templates: without a network, a cluster, a plugin or a secret, in an empty directory,
 * for a bounded time. Without it the chart is read as text: annotations, the usual fields of values, and lines that name an
 * image. Text cannot tell everything, so each part that could not be searched is named.
 *
 * `chart-source` gets archives from repositories and registries, `archive` and `local-chart` read them within limits, `chart`
 * opens them with the charts inside. `program` renders and `rendered` searches the documents; `unrendered` is the other way.
 *
 * Laws: an archive is the one that its index describes; a name in an archive never becomes a path on this machine, and helm
 * gets only archives that were packed here; every failure belongs to one chart.
 *
 * The layer refuses to know image sets, targets and placements: it gives images as charts write them.
 */
export { readChartArchive } from './archive.ts';
export { type LoadedChart, loadChart, missingDependencies } from './chart.ts';
export { parseChartIndex } from './chart-index.ts';
export * from './chart-source.ts';

export { chartLimits } from './limits.ts';
export { readLocalChart, readValuesFile } from './local-chart.ts';
export { type ChartWays, ociScheme } from './oci-chart.ts';
export { findHelm, type HelmOptions, type HelmProgram } from './program.ts';
export {
  type ChartImage,
  type ChartImages,
  findRenderedImages,
  type UnseenPart,
} from './rendered.ts';
export { findUnrenderedImages } from './unrendered.ts';
