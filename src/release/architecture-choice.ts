import { messageOf } from '../errors.ts';
import { SelectionError, type SelectionFinding } from './finding.ts';
import type { GraphNode } from './graph.ts';

/** A release that was chosen. */
export interface SelectedRelease {
  readonly version: string;
  readonly architecture: string;
  readonly payload: string;
  /** Indexes of the channels that asked for it, ascending. */
  readonly channels: readonly number[];
}

/** Collects what one architecture gives; a payload that several channels name is one release. */
export class ArchitectureChoice {
  readonly #architecture: string;
  readonly #releases = new Map<string, { node: GraphNode; channels: Set<number> }>();
  readonly findings: SelectionFinding[] = [];

  constructor(architecture: string) {
    this.#architecture = architecture;
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
    this.findings.push({ ...finding, architecture: this.#architecture });
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
      architecture: this.#architecture,
      payload: node.payload,
      channels: [...channels].sort((a, b) => a - b),
    }));
  }
}
