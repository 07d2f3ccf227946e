import { ArchitectureChoice, type SelectedRelease } from './architecture-choice.ts';
import {
  type BoundedChannel,
  type ChannelRequest,
  chooseInChannel,
  type VersionFilter,
} from './channel.ts';
import { chooseAcrossChannels } from './cross-channel.ts';
import type { SelectionFinding } from './finding.ts';
import type { UpdateGraph } from './graph.ts';
import type { GraphRequest } from './graph-source.ts';
import { parseReleaseVersion } from './version.ts';

export type { SelectedRelease } from './architecture-choice.ts';
export type { ChannelRequest, VersionFilter } from './channel.ts';
export type { FindingCode, SelectionFinding } from './finding.ts';

/** What is asked of the update graphs. */
export interface SelectionQuestion {
  readonly channels: readonly ChannelRequest[];
  /** In the order in which they are asked; `amd64` alone is the default of configurations. */
  readonly architectures: readonly string[];
  readonly filter?: VersionFilter;
}

/** The answer: releases in order of architecture and choice, and what was found on the way. */
export interface Selection {
  readonly releases: readonly SelectedRelease[];
  readonly findings: readonly SelectionFinding[];
}

/** The choice as a dialogue: it yields the graphs that it needs and is handed each of them. */
export type Choosing<Answer> = Generator<GraphRequest, Answer, UpdateGraph>;

function warnOfEus(choice: ArchitectureChoice, request: ChannelRequest, index: number): void {
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
  architecture: string,
): Choosing<readonly (BoundedChannel | undefined)[]> {
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
  question: SelectionQuestion,
  place: { readonly architecture: string; readonly bounded: readonly BoundedChannel[] },
): Choosing<void> {
  try {
    const across = yield* chooseAcrossChannels(place.bounded, place.architecture, question.filter);
    choice.add(across.nodes, across.channels);
    for (const message of across.remarks) {
      const channel = across.channels.at(-1) ?? 0;
      choice.find({ code: 'no-upgrade-path', severity: 'warning', channel, message });
    }
  } catch (thrown) {
    const last = question.channels.length - 1;
    choice.fail(last, thrown, 'error calculating cross channel upgrades: ');
  }
}

/** Says which version a later architecture lacks: it is asked for what the first one resolved. */
function* compareArchitectures(
  choice: ArchitectureChoice,
  written: readonly ChannelRequest[],
  place: { readonly architecture: string; readonly channels: readonly ChannelRequest[] },
): Choosing<void> {
  for (const [index, channel] of place.channels.entries()) {
    const { architecture } = place;
    const inherited = (['minVersion', 'maxVersion'] as const).flatMap((bound) =>
      !written[index]?.[bound] && channel[bound] ? [channel[bound]] : [],
    );
    if (inherited.length === 0) continue;
    const graph = yield { channel: channel.name, architecture, type: channel.type };
    for (const version of new Set(inherited)) {
      if (graph.nodes.some((node) => node.text === version)) continue;
      const message = `${architecture} has no ${version} in the channel "${channel.name}", which another architecture resolved`;
      choice.find({
        code: 'architecture-lacks-release',
        severity: 'warning',
        channel: index,
        message,
      });
    }
  }
}

/** Chooses releases; see {@link selectReleases} for what drives it. */
export function* choose(question: SelectionQuestion): Choosing<Selection> {
  const releases: SelectedRelease[] = [];
  const findings: SelectionFinding[] = [];
  let channels = question.channels;
  for (const [turn, architecture] of question.architectures.entries()) {
    const choice = new ArchitectureChoice(architecture);
    const found = yield* chooseChannels(choice, { ...question, channels }, architecture);
    const bounded = found.filter((channel) => channel !== undefined);
    if (channels.length > 1 && bounded.length === channels.length) {
      yield* joinChannels(choice, question, { architecture, bounded });
    }
    if (turn > 0 && bounded.length === channels.length) {
      yield* compareArchitectures(choice, question.channels, { architecture, channels });
    }
    // As in oc-mirror, the bounds that the first architecture resolved hold for the next ones.
    channels = channels.map((request, index) => found[index] ?? request);
    releases.push(...choice.releases);
    findings.push(...choice.findings);
  }
  return { releases, findings };
}

/**
 * Chooses the releases that channels ask for, graphs being fetched as they are needed.
 *
 * A graph that cannot be had is a finding of its channel; the other channels go on.
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
