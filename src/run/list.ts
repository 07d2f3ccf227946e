import { MirrorError, messageOf } from '../errors.ts';
import { listCatalogs } from '../operators/index.ts';
import type { Registries } from '../registry/index.ts';
import {
  compareReleaseVersions,
  formatVersion,
  type GraphSource,
  openGraphSource,
  type UpdateGraph,
  type Workspace,
} from '../release/index.ts';
import { openUpstream } from './connect/index.ts';
import { catalogDirectory, createId, openContent } from './session.ts';
import type { Listing, ListOperatorsRequest, Settings } from './types.ts';

/** A request to list releases; `versions`: the versions of OpenShift that have any. */
export type ListReleasesRequest =
  | { readonly what: 'versions' }
  | { readonly what: 'channels'; readonly version: string; readonly channel: string }
  | {
      readonly what: 'releases';
      readonly version: string;
      readonly channel: string;
      readonly architectures: readonly string[];
    };

type Request<What extends ListReleasesRequest['what']> = Extract<
  ListReleasesRequest,
  { readonly what: What }
>;

/** The published releases of OpenShift. */
const releases = { registry: 'quay.io', repository: 'openshift-release-dev/ocp-release' };

/** A workspace for reads that write nothing into one. */
export const noWorkspace: Workspace = {
  read: async () => undefined,
  write: async () => undefined,
  list: async () => [],
};

function compareNumbers(a: readonly number[], b: readonly number[]): number {
  return (a[0] ?? 0) - (b[0] ?? 0) || (a[1] ?? 0) - (b[1] ?? 0);
}

/** Finds `X.Y` in tags as `4.16.5-x86_64`, each once and in the order of numbers. */
function minorVersions(tags: readonly string[]): readonly string[] {
  const found = tags
    .filter((tag) => !tag.endsWith('.sig'))
    .flatMap((tag) => {
      const [, major, minor] = /(\d+)\.(\d+)/.exec(tag) ?? [];
      return major === undefined || minor === undefined ? [] : [[Number(major), Number(minor)]];
    });
  return [...new Set(found.sort(compareNumbers).map((numbers) => numbers.join('.')))];
}

/** Lists the versions of OpenShift of which releases are published. */
export async function listMinors(registries: Pick<Registries, 'repository'>): Promise<Listing> {
  const { registry, repository } = releases;
  const failed = (reason: string, hint?: string): Listing => ({
    lines: [],
    failures: [{ message: `failed get release tags: ${reason}`, hint }],
  });
  try {
    const tags = await registries.repository(registry, repository).tags.list();
    if (!tags) return failed(`${registry} has no repository ${repository}`);
    const lines = minorVersions(tags).map((version) => `  ${version}`);
    return {
      lines: ['Available OpenShift Container Platform release versions:', ...lines],
      failures: [],
    };
  } catch (thrown) {
    if (!(thrown instanceof MirrorError)) throw thrown;
    return failed(messageOf(thrown), thrown.hint);
  }
}

/** A graph, or why there is none. */
async function fetchGraph(
  graphs: GraphSource,
  channel: string,
  architecture: string,
): Promise<UpdateGraph | Listing['failures'][number]> {
  try {
    return await graphs.fetch({ channel, architecture, type: 'ocp' });
  } catch (thrown) {
    if (!(thrown instanceof MirrorError)) throw thrown;
    // The source says in the words of a mirror run what failed; here there is a sentence of its own around it.
    const reason = messageOf(thrown.cause ?? thrown);
    const message = `channel "${channel}": failed to get graph data: ${reason}`;
    return { message, hint: thrown.hint };
  }
}

async function listChannelNames(
  graphs: GraphSource,
  { version, channel }: Request<'channels'>,
): Promise<Listing> {
  // The channels of a version are the same on all architectures.
  const graph = await fetchGraph(graphs, channel, 'amd64');
  if ('message' in graph) return { lines: [], failures: [graph] };
  const names = new Set(graph.nodes.flatMap(({ channels = [] }) => channels));
  return {
    lines: [`Listing channels for version ${version}:`, '', ...[...names].sort()],
    failures: [],
  };
}

async function listArchitecture(
  graphs: GraphSource,
  channel: string,
  architecture: string,
): Promise<Listing> {
  const graph = await fetchGraph(graphs, channel, architecture);
  if ('message' in graph) return { lines: [], failures: [graph] };
  if (graph.nodes.length === 0) {
    const message = `channel "${channel}": no versions found`;
    return { lines: [], failures: [{ message }] };
  }
  const versions = graph.nodes.map(({ version }) => version).sort(compareReleaseVersions);
  return {
    lines: [`Channel: ${channel}`, `Architecture: ${architecture}`, ...versions.map(formatVersion)],
    failures: [],
  };
}

async function listVersions(graphs: GraphSource, request: Request<'releases'>): Promise<Listing> {
  const { channel, version, architectures } = request;
  const hints = [
    'Listing stable channels. Use --channel=<name> to filter.',
    `Use oc-mirror --v2 list releases --channels --version=${version} to discover other channels.`,
    '',
  ];
  const lists = await Promise.all(
    architectures.map((architecture) => listArchitecture(graphs, channel, architecture)),
  );
  return {
    lines: [...(channel.startsWith('stable') ? hints : []), ...lists.flatMap(({ lines }) => lines)],
    failures: lists.flatMap(({ failures }) => failures),
  };
}

/**
 * Lists versions of OpenShift, the channels of one, or the releases of a channel; it asks upstream and keeps nothing.
 *
 * Architectures fail one by one: what there is is listed.
 * @see oc-mirror v2, `list releases`
 */
export async function listReleases(
  settings: Settings,
  request: ListReleasesRequest,
): Promise<Listing> {
  const { clock, env } = settings;
  const registries = await openUpstream(settings);
  try {
    if (request.what === 'versions') return await listMinors(registries);
    const newId = () => createId(() => clock.random());
    const graphs = openGraphSource({ get: registries.get, workspace: noWorkspace, newId, env });
    return request.what === 'channels'
      ? await listChannelNames(graphs, request)
      : await listVersions(graphs, request);
  } finally {
    await registries.close();
  }
}

/** Lists the offers of an operator catalog, or the published catalogs; see {@link listCatalogs}. */
export async function listOperators(
  settings: Settings,
  request: ListOperatorsRequest,
): Promise<Listing> {
  const registries = await openUpstream(settings);
  const cache = openContent(settings);
  const directory = catalogDirectory(settings);
  // Close at the end: a damaged catalog is downloaded again while it is read.
  try {
    return await listCatalogs(request, { registries, cache, directory, log: settings.log });
  } finally {
    await registries.close();
  }
}
