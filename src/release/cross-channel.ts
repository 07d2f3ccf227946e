import type { SemVer } from 'semver';
import { RegistryError } from '../errors.ts';
import {
  type BoundedChannel,
  channelEnds,
  readBound,
  SelectionError,
  updatesBetween,
  type VersionFilter,
} from './channel.ts';
import { findNode, type GraphNode, shortestPath, type UpdateGraph, uniteGraphs } from './graph.ts';
import type { GraphRequest } from './graph-source.ts';
import { compareReleaseVersions, formatVersion, isBetween } from './version.ts';

/** One end of an upgrade over several channels. */
interface UpgradeEnd {
  readonly index: number;
  readonly channel: string;
  readonly version: SemVer;
}

/** The minor that a channel's name ends in: `stable-4.16`. */
interface ChannelMinor {
  readonly prefix: string;
  readonly major: number;
  readonly minor: number;
}

/** The releases that connect several channels. */
export interface CrossChannelChoice {
  readonly nodes: readonly GraphNode[];
  /** Indexes of the channels at both ends. */
  readonly channels: readonly number[];
  readonly remarks: readonly string[];
}

function readChannelName(name: string): ChannelMinor {
  const [, prefix, major, minor] = /^(.*)-(0|[1-9]\d*)\.(0|[1-9]\d*)$/.exec(name) ?? [];
  if (prefix === undefined || major === undefined || minor === undefined) {
    throw new SelectionError('no-upgrade-path', `invalid channel name ${name}`, { field: 'name' });
  }
  return { prefix, major: Number(major), minor: Number(minor) };
}

function extremes(channels: readonly BoundedChannel[]): readonly [UpgradeEnd, UpgradeEnd] {
  const ends = channels.flatMap((channel, index) => {
    if (channel.type !== 'ocp') return [];
    const min = readBound(channel.minVersion, 'minVersion');
    const max = readBound(channel.maxVersion, 'maxVersion');
    return [{ index, channel: channel.name, min, max }];
  });
  const [one] = ends;
  if (!one) throw new SelectionError('no-upgrade-path', 'no previous release downloads detected');
  // Among equals the first in the file wins, so the same file always means the same releases.
  const lowest = ends.reduce((a, b) => (compareReleaseVersions(b.min, a.min) < 0 ? b : a), one);
  const highest = ends.reduce((a, b) => (compareReleaseVersions(b.max, a.max) > 0 ? b : a), one);
  return [
    { index: lowest.index, channel: lowest.channel, version: lowest.min },
    { index: highest.index, channel: highest.channel, version: highest.max },
  ];
}

/** The settings of requests for graphs. */
interface Asker {
  readonly architecture: string;
  readonly filter: VersionFilter | undefined;
}

function* graphOf(
  channel: string,
  asker: Asker,
): Generator<GraphRequest, UpdateGraph, UpdateGraph> {
  return yield { channel, architecture: asker.architecture, type: 'ocp' };
}

function* graphIfAny(
  channel: string,
  asker: Asker,
): Generator<GraphRequest, UpdateGraph | undefined, UpdateGraph> {
  try {
    const graph = yield* graphOf(channel, asker);
    return graph.nodes.length === 0 ? undefined : graph;
  } catch (thrown) {
    // Some minors have no channel of this prefix: there is no eus-4.15.
    if (thrown instanceof RegistryError && thrown.status === 404) return;
    throw thrown;
  }
}

function blocked(version: SemVer, channel: string): string {
  return `No upgrade path for ${formatVersion(version)} in target channel ${channel}`;
}

interface Way {
  readonly asker: Asker;
  readonly to: UpgradeEnd;
  readonly nodes: GraphNode[];
  readonly remarks: string[];
}

/** Adds the updates of one more channel up to `to`; gives whether the way continues after it. */
function* hop(
  way: Way,
  through: { readonly channel: string; readonly graph: UpdateGraph },
  [from, to]: readonly [SemVer, SemVer],
): Generator<GraphRequest, boolean, UpdateGraph> {
  const { channel, graph } = through;
  if (findNode(graph, from) !== undefined) {
    way.nodes.push(...updatesBetween(graph, channel, [from, to]).path);
    return true;
  }
  way.remarks.push(blocked(from, way.to.channel));
  const last = yield* graphOf(way.to.channel, way.asker);
  way.nodes.push(updatesBetween(last, way.to.channel, [to, to]).ends[1]);
  return false;
}

function* walkMinors(
  from: UpgradeEnd,
  way: Way,
  [source, target]: readonly [ChannelMinor, ChannelMinor],
): Generator<GraphRequest, void, UpdateGraph> {
  const { asker, to } = way;
  const latestOf = (graph: UpdateGraph, channel: string): SemVer =>
    channelEnds(graph, { channel, architecture: asker.architecture }, asker.filter).latest;
  const first = yield* graphOf(from.channel, asker);
  let reached = latestOf(first, from.channel);
  const start = updatesBetween(first, from.channel, [from.version, reached]);
  way.nodes.push(start.ends[0], ...start.path);
  for (let minor = source.minor + 1; minor < target.minor; minor += 1) {
    const channel = `${source.prefix}-${source.major}.${minor}`;
    const graph = yield* graphIfAny(channel, asker);
    if (!graph) continue;
    const latest = latestOf(graph, channel);
    if (!(yield* hop(way, { channel, graph }, [reached, latest]))) return;
    reached = latest;
  }
  const last = yield* graphOf(to.channel, asker);
  way.nodes.push(updatesBetween(last, to.channel, [to.version, to.version]).ends[1]);
  yield* hop(way, { channel: to.channel, graph: last }, [reached, to.version]);
}

/** After so many missing minors in a row no more minors of this major are requested; EUS channels skip one. */
const missingMinors = 2;

/** So many minors are requested on either side of a new major; OpenShift never supported more at once. */
const mostMinors = 20;

/** Fetches the existing graphs of the channels between two majors. */
function* graphsBetween(
  asker: Asker,
  [source, target]: readonly [ChannelMinor, ChannelMinor],
): Generator<GraphRequest, readonly UpdateGraph[], UpdateGraph> {
  const graphs: UpdateGraph[] = [];
  let missing = 0;
  for (let step = 1; step <= mostMinors && missing < missingMinors; step += 1) {
    const minor = source.minor + step;
    const graph = yield* graphIfAny(`${source.prefix}-${source.major}.${minor}`, asker);
    if (graph) graphs.push(graph);
    missing = graph ? 0 : missing + 1;
  }
  for (let minor = Math.max(0, target.minor - mostMinors); minor < target.minor; minor += 1) {
    const graph = yield* graphIfAny(`${target.prefix}-${target.major}.${minor}`, asker);
    if (graph) graphs.push(graph);
  }
  return graphs;
}

/** Gives a shortest chain of updates; a bound that is no release stands for the nearest release inside. */
function pathThrough(
  graph: UpdateGraph,
  [from, to]: readonly [UpgradeEnd, UpgradeEnd],
): readonly GraphNode[] {
  const between = graph.nodes
    .filter(({ version }) => isBetween(version, from.version, to.version))
    .sort((a, b) => compareReleaseVersions(a.version, b.version));
  const [first, last] = [between[0], between.at(-1)];
  if (!first || !last || first === last) return [];
  const path = shortestPath(graph, graph.nodes.indexOf(first), graph.nodes.indexOf(last));
  return path.flatMap((index) => graph.nodes[index] ?? []);
}

/** Leaves out the updates of releases that no channel wants. */
function amongAsked(
  graph: UpdateGraph,
  channels: readonly BoundedChannel[],
  graphs: readonly UpdateGraph[],
): UpdateGraph {
  const asked = new Set(
    channels.flatMap(({ minVersion, maxVersion }, index) => {
      const min = readBound(minVersion, 'minVersion');
      const max = readBound(maxVersion, 'maxVersion');
      return (graphs[index]?.nodes ?? [])
        .filter(({ version }) => isBetween(version, min, max))
        .map(({ version }) => version.version);
    }),
  );
  const isAsked = (node: number) => asked.has(graph.nodes[node]?.version.version ?? '');
  return { ...graph, edges: graph.edges.filter(([from, to]) => isAsked(from) && isAsked(to)) };
}

/**
 * Joins channels of two majors by a chain of updates: through wanted releases, else through any releases of the channels, else
 * also through the channels between them. Without a chain every channel keeps its own choice.
 */
function* joinMajors(
  ends: readonly [UpgradeEnd, UpgradeEnd],
  channels: readonly BoundedChannel[],
  asker: Asker,
): Generator<GraphRequest, Pick<CrossChannelChoice, 'nodes' | 'remarks'>, UpdateGraph> {
  const [from, to] = ends;
  const joined = channels.filter(({ type }) => type === 'ocp');
  const graphs: UpdateGraph[] = [];
  for (const { name } of joined) graphs.push(yield* graphOf(name, asker));
  const all = uniteGraphs(graphs);
  const asked = pathThrough(amongAsked(all, joined, graphs), ends);
  const direct = asked.length > 0 ? asked : pathThrough(all, ends);
  if (direct.length > 0) return { nodes: direct, remarks: [] };
  const minors = [readChannelName(from.channel), readChannelName(to.channel)] as const;
  const between = yield* graphsBetween(asker, minors);
  const path = pathThrough(uniteGraphs([...graphs, ...between]), ends);
  if (path.length > 0) return { nodes: path, remarks: [] };
  const [first, last] = [formatVersion(from.version), formatVersion(to.version)];
  const remark = `No updates lead from ${first} (${from.channel}) to ${last} (${to.channel}); each channel is mirrored by itself`;
  return { nodes: [], remarks: [remark] };
}

/**
 * Finds the releases by which a cluster updates from the lowest version of all channels to the highest.
 *
 * Within one minor it is a shortest path in the last channel. Over several minors it leads through the latest version of each
 * minor's channel; if the next channel lacks that version, it ends there and the highest version is added. Between two majors it
 * is a shortest path through all channels, if there is one.
 * @throws SelectionError
 * @see oc-mirror v2, cross-channel upgrades
 */
export function* chooseAcrossChannels(
  channels: readonly BoundedChannel[],
  architecture: string,
  filter?: VersionFilter,
): Generator<GraphRequest, CrossChannelChoice, UpdateGraph> {
  if (channels.every(({ type }) => type === 'okd')) return { nodes: [], channels: [], remarks: [] };
  const asker = { architecture, filter };
  const [from, to] = extremes(channels);
  const answer = (nodes: readonly GraphNode[], remarks: readonly string[] = []) => ({
    nodes: [...new Set(nodes)],
    channels: [...new Set([from.index, to.index])],
    remarks,
  });
  if (from.channel !== to.channel) {
    const minors = [readChannelName(from.channel), readChannelName(to.channel)] as const;
    if (minors[0].major !== minors[1].major) {
      const { nodes, remarks } = yield* joinMajors([from, to], channels, asker);
      return answer(nodes, remarks);
    }
    if (minors[0].minor > minors[1].minor) {
      throw new SelectionError(
        'no-upgrade-path',
        `no channels lead from ${from.channel} to ${to.channel}`,
      );
    }
    if (minors[0].minor < minors[1].minor) {
      const way: Way = { asker, to, nodes: [], remarks: [] };
      yield* walkMinors(from, way, minors);
      return answer(way.nodes, way.remarks);
    }
  }
  const graph = yield* graphOf(to.channel, asker);
  const known = from.channel === to.channel || findNode(graph, from.version) !== undefined;
  const start = known ? from.version : to.version;
  const { ends, path } = updatesBetween(graph, to.channel, [start, to.version]);
  return answer([...path, ...ends], known ? [] : [blocked(from.version, to.channel)]);
}
