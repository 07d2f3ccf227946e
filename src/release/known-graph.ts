import type { UpdateGraph } from './graph.ts';
import type { GraphRequest } from './graph-source.ts';
import { choose, type Selection, type SelectionQuestion } from './select.ts';
import { parseReleaseVersion } from './version.ts';

/** A graph as a report or a plan keeps it: versions, and updates as pairs of versions. */
export interface KnownGraph {
  readonly channel: string;
  readonly architecture: string;
  readonly versions: readonly string[];
  readonly edges: readonly (readonly [string, string])[];
}

function revive(known: KnownGraph): UpdateGraph {
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

/**
 * Chooses releases from graphs that are already known: the same answer as {@link selectReleases}, without a wire.
 *
 * The payload of a release is its version, since such graphs do not keep payloads. A graph that is not among `graphs`
 * counts as empty.
 */
export function selectFromGraphs(
  question: SelectionQuestion,
  graphs: readonly KnownGraph[],
): Selection {
  const known = new Map(
    graphs.map((graph) => [`${graph.architecture} ${graph.channel}`, revive(graph)]),
  );
  const dialogue = choose(question);
  let step = dialogue.next();
  while (!step.done) {
    const { architecture, channel } = step.value;
    step = dialogue.next(known.get(`${architecture} ${channel}`) ?? { nodes: [], edges: [] });
  }
  return step.value;
}

/** Writes a graph as versions and pairs of versions, both in the graph's order. */
export function describeGraph(request: GraphRequest, graph: UpdateGraph): KnownGraph {
  const versions = graph.nodes.map((node) => node.text);
  const edges = graph.edges.flatMap(([from, to]) => {
    const [left, right] = [versions[from], versions[to]];
    return left === undefined || right === undefined ? [] : [[left, right] as const];
  });
  return { channel: request.channel, architecture: request.architecture, versions, edges };
}
