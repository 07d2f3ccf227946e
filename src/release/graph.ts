import type { SemVer } from 'semver';
import { checkLimit, decodeObject, isRecord, type JsonObject } from '../base/index.ts';
import { ContentError } from '../errors.ts';
import { type ConditionalUpdates, readConditionalEdges } from './conditional.ts';
import { graphJson, releaseLimits } from './limits.ts';
import { compareReleaseVersions, parseReleaseVersion } from './version.ts';

/** One release of an update graph. */
export interface GraphNode {
  readonly version: SemVer;
  /** The version as the graph writes it. */
  readonly text: string;
  /** Reference of the payload; may be empty. */
  readonly payload: string;
  /** Names of all channels that have it, if the graph says so. */
  readonly channels?: readonly string[];
}

/** The releases of one channel and architecture, and the updates between them as pairs of indexes. */
export interface UpdateGraph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly (readonly [number, number])[];
  /** Nothing is chosen by them; absent: none. One may be among `edges` too, and is conditional all the same. */
  readonly conditional?: readonly ConditionalUpdates[];
}

function invalid(why: string, cause?: unknown): ContentError {
  return new ContentError('GRAPH_INVALID', `ResponseInvalid: failed to load graph data: ${why}`, {
    cause,
    hint: 'Check UPDATE_URL_OVERRIDE and any proxy: the answer is not an update graph.',
  });
}

function decode(body: Uint8Array): JsonObject {
  if (body.byteLength === 0) throw invalid('the answer is empty');
  return decodeObject(body, {
    what: 'The update graph',
    limits: graphJson,
    invalid: (why, cause) => invalid(`the answer ${why}`, cause),
  });
}

function listAt(value: unknown, name: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw invalid(`"${name}" is not a list`);
  return value;
}

/** The metadata of a node that lists its channels, with commas between. */
const channelsKey = 'io.openshift.upgrades.graph.release.channels';

function readChannels(metadata: unknown): Pick<GraphNode, 'channels'> {
  const text = isRecord(metadata) ? metadata[channelsKey] : undefined;
  return typeof text === 'string' ? { channels: text.split(',') } : {};
}

function readNode(value: unknown, index: number): GraphNode {
  if (!isRecord(value) || typeof value['version'] !== 'string') {
    throw invalid(`nodes[${index}] has no version`);
  }
  const text = value['version'];
  const version = parseReleaseVersion(text);
  if (!version) throw invalid(`nodes[${index}] has the version "${text.slice(0, 80)}"`);
  const payload = value['payload'];
  const channels = readChannels(value['metadata']);
  return { version, text, payload: typeof payload === 'string' ? payload : '', ...channels };
}

function readEdge(value: unknown, index: number, count: number): readonly [number, number] {
  const known = (step: unknown): step is number =>
    typeof step === 'number' && Number.isInteger(step) && step >= 0 && step < count;
  const [from, to] = Array.isArray(value) && value.length === 2 ? (value as unknown[]) : [];
  if (!known(from) || !known(to)) throw invalid(`edges[${index}] does not join two nodes`);
  return [from, to];
}

/**
 * Reads the answer of an update service.
 *
 * Shape: `nodes[]{version, payload, metadata}`, `edges[]` as pairs of indexes, `conditionalEdges[]` where they can be read;
 * everything else is ignored.
 * @throws ContentError `GRAPH_INVALID` for other content: an empty answer, HTML, an edge to a missing node;
 *   `TOO_LARGE` past the limits of this layer.
 * @see Cincinnati, "Graph API"
 */
export function parseGraph(body: Uint8Array): UpdateGraph {
  const json = decode(body);
  const [nodeValues, edgeValues] = [listAt(json['nodes'], 'nodes'), listAt(json['edges'], 'edges')];
  checkLimit('The update graph', nodeValues.length, releaseLimits.graphNodes);
  checkLimit('The update graph', edgeValues.length, releaseLimits.graphEdges);
  const nodes = nodeValues.map(readNode);
  const edges = edgeValues.map((edge, index) => readEdge(edge, index, nodes.length));
  const texts = new Set(nodes.map(({ text }) => text));
  const conditional = readConditionalEdges(json['conditionalEdges'], texts);
  return { nodes, edges, ...(conditional.length > 0 && { conditional }) };
}

/** Finds a version in a graph; build metadata does not count. */
export function findNode(graph: UpdateGraph, version: SemVer): number | undefined {
  const index = graph.nodes.findIndex(
    (node) => compareReleaseVersions(node.version, version) === 0,
  );
  return index < 0 ? undefined : index;
}

/** Joins graphs: a release of several graphs becomes one node with the updates of all. */
export function uniteGraphs(graphs: readonly UpdateGraph[]): UpdateGraph {
  const indexes = new Map<string, number>();
  const nodes: GraphNode[] = [];
  const place = (node: GraphNode): number => {
    const known = indexes.get(node.version.version);
    if (known !== undefined) return known;
    indexes.set(node.version.version, nodes.length);
    return nodes.push(node) - 1;
  };
  const edges = graphs.flatMap((graph) => {
    const at = graph.nodes.map(place);
    return graph.edges.map(([from, to]) => [at[from] ?? 0, at[to] ?? 0] as const);
  });
  return { nodes, edges };
}

/**
 * Finds a shortest chain of updates, both ends included; empty if there is none.
 *
 * Among equal chains newer versions win, so the same graph always gives the same chain.
 */
export function shortestPath(graph: UpdateGraph, start: number, end: number): readonly number[] {
  const successors = neighbours(graph);
  const before = new Map<number, number>([[start, -1]]);
  const queue = [start];
  for (const node of queue) {
    if (node === end) break;
    for (const next of successors.get(node) ?? []) {
      if (before.has(next)) continue;
      before.set(next, node);
      queue.push(next);
    }
  }
  if (!before.has(end)) return [];
  const path: number[] = [];
  for (let node = end; node >= 0; node = before.get(node) ?? -1) path.unshift(node);
  return path;
}

/** Gives the updates of each node, those to the newest versions first. */
function neighbours({ nodes, edges }: UpdateGraph): ReadonlyMap<number, readonly number[]> {
  const newestFirst = (a: number, b: number): number => {
    const [left, right] = [nodes[a]?.version, nodes[b]?.version];
    return left && right ? compareReleaseVersions(right, left) : 0;
  };
  const groups = [...Map.groupBy(edges, ([from]) => from)];
  return new Map(groups.map(([from, all]) => [from, all.map(([, to]) => to).sort(newestFirst)]));
}

/** The update graph of one channel as reports and plans keep it. */
export interface ChannelGraph {
  readonly channel: string;
  readonly architecture: string;
  readonly versions: readonly string[];
  /** Pairs of versions: an update leads from the first to the second. */
  readonly edges: readonly (readonly [string, string])[];
  /** Edges that depend on the cluster; absent: none. */
  readonly conditional?: readonly ConditionalUpdates[];
}

/** Reads a known graph; the payload of a release is its version. */
export function reviveGraph(known: ChannelGraph): UpdateGraph {
  const nodes = known.versions.flatMap((text) => {
    const version = parseReleaseVersion(text);
    return version ? [{ version, text, payload: text }] : [];
  });
  const indexes = new Map(nodes.map((node, index) => [node.text, index]));
  const edges = known.edges.flatMap(([from, to]) => {
    const [left, right] = [indexes.get(from), indexes.get(to)];
    return left === undefined || right === undefined ? [] : [[left, right] as const];
  });
  return { nodes, edges };
}

/** Writes a graph as versions and pairs of versions, both in the graph's order. */
export function describeGraph(
  request: Pick<ChannelGraph, 'channel' | 'architecture'>,
  graph: UpdateGraph,
): ChannelGraph {
  const versions = graph.nodes.map((node) => node.text);
  const edges = graph.edges.flatMap(([from, to]) => {
    const [left, right] = [versions[from], versions[to]];
    return left === undefined || right === undefined ? [] : [[left, right] as const];
  });
  const { channel, architecture } = request;
  const { conditional } = graph;
  return { channel, architecture, versions, edges, ...(conditional && { conditional }) };
}
