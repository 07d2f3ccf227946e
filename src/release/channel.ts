import type { SemVer } from 'semver';
import { ContentError, type ErrorDetails } from '../errors.ts';
import { findNode, type GraphNode, shortestPath, type UpdateGraph } from './graph.ts';
import {
  compareReleaseVersions,
  formatVersion,
  isBetween,
  parseReleaseVersion,
} from './version.ts';

/** The possible faults of a channel's choice of versions. */
export type FindingCode =
  | 'graph-unavailable' // the update service gave no graph
  | 'unknown-channel' // the graph of the channel is empty
  | 'invalid-version' // a bound is not a semantic version
  | 'version-not-found' // a bound of a shortest path is in no graph
  | 'impossible-range' // the lower bound is above the upper
  | 'empty-range' // no version lies between the bounds
  | 'no-upgrade-path' // no updates lead from one channel to the other
  | 'architecture-lacks-release' // an architecture lacks the version that the first one resolved
  | 'eus-range'; // an EUS channel over two minors or more

/** One fault that was found while versions were chosen. */
export interface SelectionFinding {
  readonly code: FindingCode;
  /** `error` makes the selection incomplete, as it does in oc-mirror. */
  readonly severity: 'error' | 'warning';
  /** The index of the channel. */
  readonly channel: number;
  readonly architecture: string;
  /** The field of the channel that causes it. */
  readonly field?: 'name' | 'minVersion' | 'maxVersion';
  /** In oc-mirror's words if it has the same message. */
  readonly message: string;
  readonly cause?: unknown;
}

/** Ends the choice within one channel and becomes a finding of it. */
export class SelectionError extends ContentError {
  readonly finding: FindingCode;
  readonly field: SelectionFinding['field'];

  constructor(
    finding: FindingCode,
    message: string,
    details: ErrorDetails & { readonly field?: SelectionFinding['field'] } = {},
  ) {
    super('GRAPH_INVALID', message, details);
    this.finding = finding;
    this.field = details.field;
  }
}

/** One channel of a configuration, `mirror.platform.channels[]`. @see oc-mirror v2, v2alpha1 types */
export interface ReleaseChannel {
  readonly name: string;
  readonly type: 'ocp' | 'okd';
  readonly minVersion?: string;
  readonly maxVersion?: string;
  readonly shortestPath?: boolean;
  readonly full?: boolean;
}

/** A channel whose bounds are known. */
export type BoundedChannel = ReleaseChannel & {
  readonly minVersion: string;
  readonly maxVersion: string;
};

/** The choice within one channel: its bounds, the releases between them, and remarks. */
export interface ChannelChoice {
  readonly channel: BoundedChannel;
  readonly nodes: readonly GraphNode[];
  readonly remarks: readonly Pick<SelectionFinding, 'code' | 'field' | 'message'>[];
}

/** Tells which versions of a graph may become a bound. @see oc-mirror, `VERSION_FILTER` */
export type VersionFilter = (version: string) => boolean;

/** Reads a bound that an author wrote. @throws SelectionError `invalid-version` */
export function readBound(text: string, field: 'minVersion' | 'maxVersion'): SemVer {
  const version = parseReleaseVersion(text);
  if (version) return version;
  const bound = field === 'minVersion' ? 'min' : 'max';
  throw new SelectionError('invalid-version', `${bound} semver parsing "${text}" failed`, {
    field,
    hint: 'Write all three numbers and no "v": 4.16.5.',
  });
}

/**
 * Gives the oldest and newest version of a channel.
 * @throws SelectionError `unknown-channel` when there is none.
 */
export function channelEnds(
  graph: UpdateGraph,
  where: { readonly channel: string; readonly architecture: string },
  filter: VersionFilter = () => true,
): { readonly first: SemVer; readonly latest: SemVer } {
  const versions = graph.nodes
    .filter((node) => filter(node.text))
    .map((node) => node.version)
    .sort(compareReleaseVersions);
  const [first, latest] = [versions[0], versions.at(-1)];
  if (first && latest) return { first, latest };
  throw new SelectionError(
    'unknown-channel',
    `NoVersionsFound: no cluster versions found for "${where.architecture}" in the "${where.channel}" channel`,
    { field: 'name' },
  );
}

/**
 * Gives the releases between two versions of one channel.
 *
 * Shape: `ends` are the two releases; `path` is a shortest chain of updates, empty if there is none.
 * @throws SelectionError `version-not-found`
 */
export function updatesBetween(
  graph: UpdateGraph,
  channel: string,
  [from, to]: readonly [SemVer, SemVer],
): { readonly ends: readonly [GraphNode, GraphNode]; readonly path: readonly GraphNode[] } {
  const nodeAt = (version: SemVer, word: string, field: 'minVersion' | 'maxVersion'): number => {
    const index = findNode(graph, version);
    if (index !== undefined) return index;
    throw new SelectionError(
      'version-not-found',
      `VersionNotFound: ${word} version ${formatVersion(version)} not found in the "${channel}" channel`,
      { field },
    );
  };
  const start = nodeAt(from, 'current', 'minVersion');
  const end = nodeAt(to, 'requested', 'maxVersion');
  const at = (index: number): GraphNode => graph.nodes[index] as GraphNode;
  return { ends: [at(start), at(end)], path: shortestPath(graph, start, end).map(at) };
}

function boundsOf(
  request: ReleaseChannel,
  architecture: string,
  known: { readonly graph: UpdateGraph; readonly filter: VersionFilter | undefined },
): BoundedChannel {
  const { minVersion, maxVersion } = request;
  if (minVersion && maxVersion) return { ...request, minVersion, maxVersion };
  const where = { channel: request.name, architecture };
  const { first, latest } = channelEnds(known.graph, where, known.filter);
  const headsOnly = !minVersion && !maxVersion && !request.full;
  return {
    ...request,
    minVersion: minVersion || formatVersion(headsOnly ? latest : first),
    maxVersion: maxVersion || formatVersion(latest),
  };
}

function emptiness(
  channel: BoundedChannel,
  graph: UpdateGraph,
  architecture: string,
): { code: FindingCode; field?: 'name' | 'minVersion'; message: string } {
  const { name, minVersion, maxVersion } = channel;
  if (graph.nodes.length === 0) {
    return { code: 'unknown-channel', field: 'name', message: `the channel "${name}" is empty` };
  }
  const [min, max] = [parseReleaseVersion(minVersion), parseReleaseVersion(maxVersion)];
  if (min && max && compareReleaseVersions(min, max) > 0) {
    const message = `minVersion ${minVersion} is above maxVersion ${maxVersion}`;
    return { code: 'impossible-range', field: 'minVersion', message };
  }
  const { first, latest } = channelEnds(graph, { channel: name, architecture });
  const known = `it has ${formatVersion(first)} to ${formatVersion(latest)}`;
  const message = `the channel "${name}" has no version between ${minVersion} and ${maxVersion}: ${known}`;
  return { code: 'empty-range', field: 'minVersion', message };
}

/**
 * Chooses the releases of one channel.
 *
 * Without bounds: the latest. A missing bound is the end of the channel; with only an upper bound the choice starts at the
 * first version. A range takes every version between the bounds, joined by updates or not; a shortest path takes one chain of
 * updates and both ends.
 * @throws SelectionError
 * @see oc-mirror v2, release channel selection
 */
export function chooseInChannel(
  request: ReleaseChannel,
  architecture: string,
  known: { readonly graph: UpdateGraph; readonly filter?: VersionFilter | undefined },
): ChannelChoice {
  const { graph } = known;
  const channel = boundsOf(request, architecture, { graph, filter: known.filter });
  const min = readBound(channel.minVersion, 'minVersion');
  const max = readBound(channel.maxVersion, 'maxVersion');
  if (channel.shortestPath) {
    const { ends, path } = updatesBetween(graph, channel.name, [min, max]);
    return { channel, nodes: [...new Set([...path, ...ends])], remarks: [] };
  }
  const nodes = graph.nodes.filter(({ version }) => isBetween(version, min, max));
  return {
    channel,
    nodes,
    remarks: nodes.length === 0 ? [emptiness(channel, graph, architecture)] : [],
  };
}
