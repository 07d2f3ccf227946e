import type {
  ActionsHost,
  Annotation,
  Api,
  ArtifactService,
  CacheService,
} from '../../src/github/host.ts';
import type { Clock } from '../../src/log.ts';

/** The things that the fake host is told to have. */
export interface FakeHostOptions {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly payload?: unknown;
  readonly api?: Api;
  readonly artifacts?: ArtifactService;
  readonly cache?: CacheService;
  readonly gaps?: ActionsHost['gaps'];
  /** The deeds that fail by a throw, as on a full or read-only disk. */
  readonly broken?: readonly ('summary' | 'outputs')[];
}

/** The messages that the fake host got from the door. */
export interface Recorded {
  readonly lines: string[];
  readonly annotations: Annotation[];
  readonly masked: string[];
  readonly outputs: Map<string, string>;
  summary: string;
}

/** A clock that stands still; nothing in the door may wait. */
export const stillClock: Clock = {
  now: () => Date.UTC(2026, 0, 2, 14, 1, 2),
  sleep: () => Promise.reject(new Error('the door does not wait')),
  random: () => 0.5,
};

/** Spells inputs as the runner passes them. */
export function inputEnv(inputs: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, text]) => [`INPUT_${name.toUpperCase()}`, text]),
  );
}

/** A host without a runner: everything that the door says is kept. */
export function fakeHost(options: FakeHostOptions = {}): { host: ActionsHost; recorded: Recorded } {
  const recorded: Recorded = {
    lines: [],
    annotations: [],
    masked: [],
    outputs: new Map(),
    summary: '',
  };
  const host: ActionsHost = {
    env: { ...inputEnv(options.inputs ?? {}), ...options.env },
    clock: stillClock,
    payload: options.payload,
    ...(options.gaps && { gaps: options.gaps }),
    api: options.api,
    artifacts: options.artifacts,
    cache: options.cache,
    print: (line) => recorded.lines.push(line),
    debug: () => {},
    annotate: (annotation) => {
      recorded.annotations.push(annotation);
      recorded.lines.push(`::${annotation.severity} ${annotation.title}`);
    },
    startGroup: (title) => recorded.lines.push(`::group::${title}`),
    endGroup: () => recorded.lines.push('::endgroup::'),
    mask: (secret) => recorded.masked.push(secret),
    setOutput: (name, value) => {
      if (options.broken?.includes('outputs')) throw new Error('ENOENT: GITHUB_OUTPUT');
      recorded.outputs.set(name, value);
    },
    summarize: async (markdown) => {
      if (options.broken?.includes('summary')) throw new Error('EROFS: summary');
      recorded.summary += markdown;
    },
  };
  return { host, recorded };
}
