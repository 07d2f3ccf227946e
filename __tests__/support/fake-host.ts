import type {
  Annotation,
  Api,
  ApiRequest,
  ArtifactService,
  CacheService,
  Host,
} from '../../src/github/host.ts';
import type { Clock } from '../../src/log.ts';

/** A comment in the fake's store. */
export interface FakeComment {
  readonly id: number;
  body: string;
  readonly user: { readonly type: string };
  readonly author_association: string;
}

/** What the fake host is told to have. */
export interface FakeHostOptions {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly payload?: unknown;
  readonly api?: Api;
  readonly artifacts?: ArtifactService;
  readonly cache?: CacheService;
}

/** What the fake host was told by the door. */
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
export function fakeHost(options: FakeHostOptions = {}): { host: Host; recorded: Recorded } {
  const recorded: Recorded = {
    lines: [],
    annotations: [],
    masked: [],
    outputs: new Map(),
    summary: '',
  };
  const host: Host = {
    env: { ...inputEnv(options.inputs ?? {}), ...options.env },
    clock: stillClock,
    payload: options.payload,
    api: options.api,
    artifacts: options.artifacts,
    cache: options.cache,
    print: (line) => recorded.lines.push(line),
    debug: () => {},
    annotate: (annotation) => recorded.annotations.push(annotation),
    startGroup: (title) => recorded.lines.push(`::group::${title}`),
    endGroup: () => recorded.lines.push('::endgroup::'),
    mask: (secret) => recorded.masked.push(secret),
    setOutput: (name, value) => recorded.outputs.set(name, value),
    summarize: async (markdown) => {
      recorded.summary += markdown;
    },
  };
  return { host, recorded };
}

/** A pull request as the fake's REST interface knows it. */
export interface FakePull {
  readonly number: number;
  readonly headSha: string;
  readonly mergedWith: string;
  readonly fork?: boolean;
}

/** The store behind a fake REST interface for the repository `team/mirror`. */
export class FakeApi {
  readonly comments: FakeComment[] = [];
  readonly pulls: FakePull[] = [];
  readonly artifacts: { runId: number; headSha: string; name: string; id: number }[] = [];
  /** Commits along the default branch, oldest first. */
  readonly history: string[] = [];
  readonly requests: ApiRequest[] = [];
  /** Answers every write so, as a token that may only read is answered. */
  writeStatus = 0;
  pageSize = 100;

  readonly api: Api = async (request) => {
    this.requests.push(request);
    if (request.method !== 'GET' && this.writeStatus > 0) {
      return { status: this.writeStatus, body: { message: 'Resource not accessible' } };
    }
    const url = new URL(`http://host${request.path.replace('/repos/team/mirror', '')}`);
    return this.#route(request, url) ?? { status: 404, body: { message: 'Not Found' } };
  };

  #route(request: ApiRequest, url: URL): { status: number; body: unknown } | undefined {
    const [, first = '', second = '', third = ''] = url.pathname.split('/');
    const ok = (body: unknown) => ({ status: 200, body });
    if (first === 'issues' && second === 'comments') return this.#edit(Number(third), request);
    if (first === 'issues')
      return request.method === 'POST' ? this.#create(request) : this.#list(url);
    if (first === 'commits' && third === 'pulls') return ok(this.#pullsOf(second));
    if (first === 'compare') return ok({ commits: this.#compare(second) });
    if (url.pathname === '/actions/runs') return ok(this.#runs(url));
    if (first === 'actions') return ok(this.#artifactsOf(Number(third), url));
    return undefined;
  }

  #list(url: URL): { status: number; body: unknown } {
    const size = Math.min(this.pageSize, Number(url.searchParams.get('per_page')));
    const start = (Number(url.searchParams.get('page')) - 1) * size;
    return { status: 200, body: this.comments.slice(start, start + size) };
  }

  #create(request: ApiRequest): { status: number; body: unknown } {
    const { body } = request.body as { body: string };
    const id = this.comments.length + 1;
    this.comments.push({ id, body, user: { type: 'Bot' }, author_association: 'NONE' });
    return { status: 201, body: { id } };
  }

  #edit(id: number, request: ApiRequest): { status: number; body: unknown } | undefined {
    const comment = this.comments.find((found) => found.id === id);
    if (comment === undefined) return undefined;
    comment.body = (request.body as { body: string }).body;
    return { status: 200, body: comment };
  }

  #pullsOf(commit: string): unknown[] {
    return this.pulls
      .filter((pull) => pull.mergedWith === commit)
      .map((pull) => ({
        number: pull.number,
        merged_at: '2026-01-01T00:00:00Z',
        head: { sha: pull.headSha, repo: { id: pull.fork ? 2 : 1 } },
        base: { repo: { id: 1 } },
      }));
  }

  #compare(range: string): unknown[] {
    const [base = '', head = ''] = range.split('...');
    const line = this.history.slice(this.history.indexOf(base) + 1, this.history.indexOf(head) + 1);
    return line.map((sha) => ({
      sha,
      parents: [{ sha: this.history[this.history.indexOf(sha) - 1] }],
    }));
  }

  #runs(url: URL): unknown {
    const sha = url.searchParams.get('head_sha');
    const runs = this.artifacts.filter((artifact) => artifact.headSha === sha);
    return { workflow_runs: runs.map((artifact) => ({ id: artifact.runId })) };
  }

  #artifactsOf(runId: number, url: URL): unknown {
    const name = url.searchParams.get('name');
    const found = this.artifacts.filter((one) => one.runId === runId && one.name === name);
    return { artifacts: found.map((one) => ({ id: one.id, name: one.name, expired: false })) };
  }
}
