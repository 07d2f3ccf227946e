import { messageOf } from '../errors.ts';
import {
  type BoundedChannel,
  chooseInChannel,
  type ReleaseChannel,
  SelectionError,
  type SelectionFinding,
  type VersionFilter,
} from './channel.ts';
import { chooseAcrossChannels } from './cross-channel.ts';
import { type ChannelGraph, type GraphNode, reviveGraph, type UpdateGraph } from './graph.ts';
import type { GraphRequest } from './graph-source.ts';
import { parseReleaseVersion } from './version.ts';

/** A chosen release. */
export interface SelectedRelease {
  readonly version: string;
  readonly architecture: string;
  readonly payload: string;
  /** Indexes of the channels that want it, ascending. */
  readonly channels: readonly number[];
}

/** The choice of one architecture; a payload of several channels is one release. */
class ArchitectureChoice {
  readonly architecture: string;
  readonly #releases = new Map<string, { node: GraphNode; channels: Set<number> }>();
  readonly findings: SelectionFinding[] = [];

  constructor(architecture: string) {
    this.architecture = architecture;
  }

  add(nodes: readonly GraphNode[], channels: readonly number[]): void {
    for (const node of nodes) {
      const key = node.payload || node.text;
      const known = this.#releases.get(key) ?? { node, channels: new Set() };
      for (const channel of channels) known.channels.add(channel);
      this.#releases.set(key, known);
    }
  }

  find(finding: Omit<SelectionFinding, 'architecture'>): void {
    this.findings.push({ ...finding, architecture: this.architecture });
  }

  fail(channel: number, thrown: unknown, prefix = ''): void {
    const known = thrown instanceof SelectionError ? thrown : undefined;
    this.find({
      code: known?.finding ?? 'graph-unavailable',
      severity: 'error',
      channel,
      ...(known?.field && { field: known.field }),
      message: prefix + messageOf(thrown),
      cause: thrown,
    });
  }

  get releases(): readonly SelectedRelease[] {
    return [...this.#releases.values()].map(({ node, channels }) => ({
      version: node.text,
      architecture: this.architecture,
      payload: node.payload,
      channels: [...channels].sort((a, b) => a - b),
    }));
  }
}

export type { FindingCode, ReleaseChannel, SelectionFinding, VersionFilter } from './channel.ts';

/** A choice to be made from update graphs. */
export interface SelectionQuestion {
  readonly channels: readonly ReleaseChannel[];
  /** In order; the default of configurations is `amd64` alone. */
  readonly architectures: readonly string[];
  readonly filter?: VersionFilter;
}

/** The chosen releases, in order of architecture and choice, and the findings. */
export interface Selection {
  readonly releases: readonly SelectedRelease[];
  readonly findings: readonly SelectionFinding[];
}

/** The choice as a dialogue: it yields requests for graphs and receives each graph. */
type Choosing<Answer> = Generator<GraphRequest, Answer, UpdateGraph>;

function warnOfEus(choice: ArchitectureChoice, request: ReleaseChannel, index: number): void {
  const min = parseReleaseVersion(request.minVersion ?? '');
  const max = parseReleaseVersion(request.maxVersion ?? '');
  if (!min || !max || !request.name.includes('eus') || max.minor - min.minor < 2) return;
  choice.find({
    code: 'eus-range',
    severity: 'warning',
    channel: index,
    message: 'Extended Update Support (EUS) channel detected with minor version range >= 2',
  });
}

function* chooseChannels(
  choice: ArchitectureChoice,
  question: SelectionQuestion,
): Choosing<readonly (BoundedChannel | undefined)[]> {
  const { architecture } = choice;
  const bounded: (BoundedChannel | undefined)[] = [];
  for (const [index, request] of question.channels.entries()) {
    try {
      warnOfEus(choice, request, index);
      const graph = yield { channel: request.name, architecture, type: request.type };
      const chosen = chooseInChannel(request, architecture, { graph, filter: question.filter });
      choice.add(chosen.nodes, [index]);
      for (const remark of chosen.remarks) {
        choice.find({ ...remark, severity: 'warning', channel: index });
      }
      bounded.push(chosen.channel);
    } catch (thrown) {
      choice.fail(index, thrown);
      bounded.push(undefined);
    }
  }
  return bounded;
}

function* joinChannels(
  choice: ArchitectureChoice,
  bounded: readonly BoundedChannel[],
  filter?: VersionFilter,
): Choosing<void> {
  try {
    const across = yield* chooseAcrossChannels(bounded, choice.architecture, filter);
    choice.add(across.nodes, across.channels);
    for (const message of across.remarks) {
      const channel = across.channels.at(-1) ?? 0;
      choice.find({ code: 'no-upgrade-path', severity: 'warning', channel, message });
    }
  } catch (thrown) {
    choice.fail(bounded.length - 1, thrown, 'error calculating cross channel upgrades: ');
  }
}

/** Finds versions that the first architecture resolved and a later one lacks. */
function* compareArchitectures(
  choice: ArchitectureChoice,
  written: readonly ReleaseChannel[],
  channels: readonly ReleaseChannel[],
): Choosing<void> {
  const { architecture } = choice;
  for (const [index, channel] of channels.entries()) {
    const inherited = (['minVersion', 'maxVersion'] as const).flatMap((bound) =>
      !written[index]?.[bound] && channel[bound] ? [channel[bound]] : [],
    );
    if (inherited.length === 0) continue;
    const graph = yield { channel: channel.name, architecture, type: channel.type };
    for (const version of new Set(inherited)) {
      if (graph.nodes.some((node) => node.text === version)) continue;
      choice.find({
        code: 'architecture-lacks-release',
        severity: 'warning',
        channel: index,
        message: `${architecture} has no ${version} in the channel "${channel.name}", which another architecture resolved`,
      });
    }
  }
}

/** Chooses releases. {@link selectReleases} and {@link selectFromGraphs} drive it. */
function* choose(question: SelectionQuestion): Choosing<Selection> {
  const releases: SelectedRelease[] = [];
  const findings: SelectionFinding[] = [];
  let channels = question.channels;
  for (const [turn, architecture] of question.architectures.entries()) {
    const choice = new ArchitectureChoice(architecture);
    const found = yield* chooseChannels(choice, { ...question, channels });
    const bounded = found.filter((channel) => channel !== undefined);
    if (channels.length > 1 && bounded.length === channels.length) {
      yield* joinChannels(choice, bounded, question.filter);
    }
    if (turn > 0 && bounded.length === channels.length) {
      yield* compareArchitectures(choice, question.channels, channels);
    }
    // As in oc-mirror, the bounds that the first architecture resolved hold for the next ones.
    channels = channels.map((request, index) => found[index] ?? request);
    releases.push(...choice.releases);
    findings.push(...choice.findings);
  }
  return { releases, findings };
}

/**
 * Chooses the releases of channels and fetches graphs as they are needed.
 *
 * A graph that cannot be fetched is a finding of its channel; the other channels continue.
 * @see oc-mirror v2, release collection
 */
export async function selectReleases(
  question: SelectionQuestion,
  fetch: (request: GraphRequest) => Promise<UpdateGraph>,
): Promise<Selection> {
  const dialogue = choose(question);
  let step = dialogue.next();
  while (!step.done) {
    const request = step.value;
    const graph = await fetch(request).then(
      (value) => ({ value }),
      (thrown: unknown) => ({ thrown }),
    );
    step = 'thrown' in graph ? dialogue.throw(graph.thrown) : dialogue.next(graph.value);
  }
  return step.value;
}

/**
 * Chooses releases from known graphs: the same result as {@link selectReleases} without requests.
 *
 * Such graphs keep no payloads, so the payload of a release is its version. A graph that is missing in `graphs` counts as empty.
 */
export function selectFromGraphs(
  question: SelectionQuestion,
  graphs: readonly ChannelGraph[],
): Selection {
  const known = new Map(
    graphs.map((graph) => [`${graph.architecture} ${graph.channel}`, reviveGraph(graph)]),
  );
  const dialogue = choose(question);
  let step = dialogue.next();
  while (!step.done) {
    const { architecture, channel } = step.value;
    step = dialogue.next(known.get(`${architecture} ${channel}`) ?? { nodes: [], edges: [] });
  }
  return step.value;
}
