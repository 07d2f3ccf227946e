import { type ByteCache, readBlob } from '../content/index.ts';
import { ContentError, RegistryError } from '../errors.ts';
import { isDigest, type Manifest, repositoryPattern, splitName } from '../oci/index.ts';
import type { Registries, Repository } from '../registry/index.ts';
import { chooseChartVersion } from './chart-version.ts';
import { chartLimits } from './limits.ts';

/** The scheme of charts that lie in a registry. */
export const ociScheme = 'oci://';

/** A chart as it was published. */
export interface ChartArchive {
  /** For people: the URL or reference that it came from. */
  readonly from: string;
  readonly bytes: Uint8Array;
}

/** The ways to the places of charts. */
export interface ChartWays {
  readonly registries: Pick<Registries, 'get' | 'repository'>;
  readonly cache: ByteCache;
}

/** The types of a layer that is a chart: Helm 3.7 and later, and before. @see helm.sh, "Use OCI-based registries" */
const chartTypes: ReadonlySet<string> = new Set([
  'application/vnd.cncf.helm.chart.content.v1.tar+gzip',
  'application/tar+gzip',
]);

interface ChartReference {
  readonly registry: string;
  readonly repository: string;
  /** A tag or digest that is written behind the name. */
  readonly written: string | undefined;
}

function parseChartReference(text: string): ChartReference {
  const [, registry = '', rest = ''] = /^oci:\/\/([^/]+)\/(.+)$/.exec(text) ?? [];
  const { name, tag, digest } = splitName(rest);
  if (registry === '' || !repositoryPattern.test(name)) {
    throw new ContentError('CHART_INVALID', `${text} is no chart in a registry.`, {
      hint: 'Write oci://host/path/chart, in lower case, and the version beside it.',
    });
  }
  return { registry, repository: name, written: digest ?? tag };
}

async function findTag(repository: Repository, wanted: string): Promise<Manifest | undefined> {
  const isConstraint = wanted === '' || /[\s<>=^~*|,]|(?:^|\.)x\b/i.test(wanted);
  // A tag has no plus sign: Helm writes an underscore for the one before build metadata.
  if (!isConstraint) return await repository.manifests.fetch(wanted.replaceAll('+', '_'));
  const tags = (await repository.tags.list()) ?? [];
  const versions = tags.map((tag) => ({ tag, version: tag.replaceAll('_', '+') }));
  const found = chooseChartVersion(versions, wanted);
  return found && (await repository.manifests.fetch(found.tag));
}

/**
 * Pulls a chart out of a registry. `version` may be a constraint or a digest; it is ignored where the reference has a tag or
 * digest of its own.
 * @throws ContentError `CHART_INVALID` when it is no chart; RegistryError
 */
export async function pullOciChart(
  reference: string,
  version: string,
  { registries, cache }: ChartWays,
): Promise<ChartArchive> {
  const { registry, repository: path, written } = parseChartReference(reference);
  const repository = registries.repository(registry, path);
  const asked = written ?? version;
  const manifest = isDigest(asked)
    ? await repository.manifests.fetch(asked)
    : await findTag(repository, asked);
  const from = `${registry}/${path}${isDigest(asked) ? '@' : ':'}${asked}`;
  if (!manifest) {
    throw new RegistryError('NOT_FOUND', `${from}: not found`, {
      hint: `Check the name and the version of the chart in ${registry}.`,
    });
  }
  const layers = manifest.kind === 'image' ? manifest.layers : [];
  const layer = layers.find(({ mediaType }) => chartTypes.has(mediaType));
  if (!layer) {
    throw new ContentError('CHART_INVALID', `${from} is no chart: it has no layer of that type.`);
  }
  const source = { repository, cache };
  const bytes = await readBlob(layer, source, {
    what: `Chart ${from}`,
    limit: chartLimits.archive,
  });
  return { from, bytes };
}
