import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Outcome, Result } from '../../src/apply/index.ts';
import { runCommandLine, type UseCases, type World } from '../../src/cli/index.ts';
import { digestOf } from '../../src/oci/index.ts';
import type { Action, Change } from '../../src/plan/index.ts';
import type { MirrorReport, PlanResult } from '../../src/run/index.ts';
import { fateOf } from '../support/plans.ts';

/** The exit code and the output of a command line. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A world with a directory of its own and a clock that stands still. */
export interface TestWorld extends Disposable {
  /** An absolute directory that is removed at the end. */
  readonly directory: string;
  /** Names of the jobs that were called, with what they were called with. */
  readonly calls: readonly { readonly job: keyof UseCases; readonly words: readonly unknown[] }[];
  run(...argv: string[]): Promise<Ran>;
  /** Writes a file below the directory and gives its path. */
  write(name: string, text: string): string;
  read(name: string): string;
  list(name: string): string[];
}

export const traffic = { requests: 3, writes: 1, retries: 0, bytesReceived: 10, bytesSent: 20 };

/** A mirror report of a run in which nothing went wrong: one release image. */
export const goodReport: MirrorReport = {
  diagnostics: [],
  failures: [],
  counts: [{ kind: 'release', collected: 1, copied: 1 }],
  imageFailures: [],
  mapping: [{ source: 'docker://quay.io/a/b:1', destination: 'docker://reg:5000/a/b:1' }],
  clusterResources: new Map([
    ['idms-oc-mirror.yaml', '---\n'],
    ['itms-oc-mirror.yaml', '---\n'],
  ]),
  pinned: [],
  traffic,
  notes: [],
};

/** The text of an image set of which nothing is wrong. */
export const imageSetText = `apiVersion: mirror.openshift.io/v2alpha1
kind: ImageSetConfiguration
mirror:
  additionalImages:
  - name: quay.io/a/b:1
`;

/** A change of one release component. */
export function change(action: Action, tag: string): Change {
  return {
    ...fateOf(action),
    kind: 'ocpReleaseContent',
    repository: 'openshift/release',
    tag,
    digest: digestOf(Buffer.from(tag)),
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    origin: `quay.io/ocp/art:${tag}`,
    causes: [],
    size: 100,
    bytes: 100,
  };
}

/** The result of a plan of no further interest. */
export function result(outcomes: readonly Outcome[], outcome: Result['status']): Result {
  const totals = {
    ...{ mirror: 2, retag: 1, keep: 4, delete: 5, untag: 6, hold: 7 },
    ...{ bytesToMirror: 1500, bytesToFree: 2_000_000, bytesKept: 0, bytesAreExact: true },
  };
  return {
    formatVersion: '1.0',
    planDigest: 'sha256:abc',
    plan: {
      formatVersion: '1.1',
      digest: 'sha256:abc',
      tool: 'imageset-mirror/0.0.0',
      target: { registry: 'reg:5000', prefix: 'ns' },
      base: { from: 'none' },
      head: { from: 'files' },
      options: { prune: 'removed', maxDelete: { share: 0.5 }, protect: [] },
      imageSets: [],
      speaksFor: [],
      edits: [],
      changes: [],
      releases: { added: [], removed: [], kept: [] },
      graphs: [],
      diagnostics: [],
      totals,
    },
    status: outcome,
    outcomes,
    startedAt: '2026-08-21T10:00:00Z',
    endedAt: '2026-08-21T10:00:01Z',
    traffic,
    verified: 0,
    notes: [],
  };
}

function refuse(job: string): never {
  throw new Error(`${job} is not expected here`);
}

const noJobs: UseCases = {
  mirror: () => refuse('mirror'),
  plan: () => refuse('plan'),
  retire: () => refuse('retire'),
  listState: () => refuse('listState'),
  apply: () => refuse('apply'),
  deleteGenerate: () => refuse('deleteGenerate'),
  deleteExecute: () => refuse('deleteExecute'),
  pruneCached: () => refuse('pruneCached'),
  verify: () => refuse('verify'),
  restore: () => refuse('restore'),
  history: () => refuse('history'),
  probe: () => refuse('probe'),
  listOperators: () => refuse('listOperators'),
  listReleases: () => refuse('listReleases'),
  lint: () => refuse('lint'),
  demo: () => refuse('demo'),
};

/** The things that a test makes different. */
export interface WorldChanges {
  readonly jobs?: Partial<UseCases>;
  readonly env?: World['env'];
  /** The current directory; absent: that of the process. */
  readonly from?: string;
  readonly isTerminal?: boolean;
  /** The words that start the program; absent: `imageset-mirror`. */
  readonly program?: string;
  /** Height of the screen. */
  readonly rows?: number;
  readonly signal?: AbortSignal;
  /** Milliseconds by which the clock moves on each time it is read. */
  readonly tickMs?: number;
}

/** Remembers every call of every job. */
function record(
  jobs: UseCases,
  calls: { job: keyof UseCases; words: readonly unknown[] }[],
): UseCases {
  const recorded = Object.entries(jobs).map(([job, act]) => [
    job,
    (...words: unknown[]) => {
      calls.push({ job: job as keyof UseCases, words });
      return (act as (...all: unknown[]) => unknown)(...words);
    },
  ]);
  return Object.fromEntries(recorded) as UseCases;
}

/** Makes a world; `using` removes its directory. */
export function createWorld(changes: WorldChanges = {}): TestWorld {
  const directory = mkdtempSync(join(tmpdir(), 'imageset-mirror-cli-'));
  const calls: { job: keyof UseCases; words: readonly unknown[] }[] = [];
  let now = Date.UTC(2026, 7, 21, 10, 0, 0);
  const clock = {
    now() {
      now += changes.tickMs ?? 0;
      return now;
    },
    sleep: async () => {},
    random: () => 0.5,
  };
  const jobs = record({ ...noJobs, ...changes.jobs }, calls);
  return {
    directory,
    calls,
    async run(...argv) {
      const texts = { out: '', err: '' };
      const screen = (stream: 'out' | 'err') => ({
        isTerminal: changes.isTerminal ?? false,
        columns: 100,
        rows: changes.rows ?? 24,
        write(text: string) {
          texts[stream] += text;
        },
      });
      const world = {
        ...{ jobs, clock, env: changes.env ?? {}, version: '1.2.3' },
        program: changes.program ?? 'imageset-mirror',
        ...(changes.signal && { signal: changes.signal }),
        ...{
          directory: changes.from ?? process.cwd(),
          stdout: screen('out'),
          stderr: screen('err'),
        },
      };
      return { code: await runCommandLine(argv, world), ...texts };
    },
    write(name, text) {
      const path = join(directory, name);
      writeFileSync(path, text);
      return path;
    },
    read: (name) => readFileSync(join(directory, name), 'utf8'),
    list: (name) => readdirSync(join(directory, name)).sort(),
    [Symbol.dispose]() {
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** A plan without changes, and its files. */
export function emptyPlan(
  ...files: readonly (readonly [name: string, text: string])[]
): PlanResult {
  return {
    plan: result([], 'nothing').plan,
    collections: [],
    failures: [],
    diagnostics: [],
    files: new Map([['plan.json', '{}'], ['delete-images.yaml', 'list'], ...files]),
  };
}
