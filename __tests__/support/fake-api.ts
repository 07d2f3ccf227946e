import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { type Listening, listen } from '../../src/fake-registry/index.ts';
import type { Api, ApiAnswer, ApiRequest } from '../../src/github/host.ts';

/** A moment of the fake's day, `14:05`. */
export function at(time: string): string {
  return `2026-01-01T${time}:00Z`;
}

/** A comment in the fake's store. */
export interface FakeComment {
  readonly id: number;
  readonly pull: number;
  body: string;
  readonly user: { readonly login: string };
  readonly created_at: string;
  updated_at: string;
}

/** An issue in the fake's store. */
export interface FakeIssue {
  readonly number: number;
  title: string;
  body: string;
  state: 'open' | 'closed';
  readonly user: { readonly login: string };
  /** Lists of issues hold pull requests too; Gitea has `null` for an issue. */
  readonly pull_request?: object | null;
}

/** A pull request as the fake's REST interface knows it: from `feature` into `main`, merged at 12:00. */
export interface FakePull {
  readonly number: number;
  readonly headSha: string;
  readonly mergedWith: string;
  readonly mergedAt?: string;
  readonly fork?: boolean;
  readonly base?: string;
  readonly mergeCommit?: string;
}

/** An artifact of a fake run. */
export interface FakeArtifact {
  readonly id: number;
  readonly name: string;
  readonly created_at: string;
  readonly expired?: boolean;
}

/** A run of the fake: by default one of `mirror.yml` for a pull request that ended well at 11:00. */
export interface FakeRun {
  readonly id: number;
  readonly headSha: string;
  readonly path?: string;
  readonly event?: string;
  readonly conclusion?: string | null;
  readonly updatedAt?: string;
  readonly jobsEnd?: string;
  readonly attempt?: number;
  readonly headRepository?: number;
  readonly headBranch?: string;
  readonly pulls?: readonly number[];
  readonly artifacts?: readonly FakeArtifact[];
  /** The same run at its earlier attempts, the first one first. */
  readonly earlier?: readonly Omit<FakeRun, 'id' | 'headSha'>[];
}

const workflow = '.github/workflows/mirror.yml';

function describeRun(run: FakeRun): Record<string, unknown> {
  return {
    id: run.id,
    run_attempt: run.attempt ?? 1,
    path: `${run.path ?? workflow}@refs/pull/7/merge`,
    event: run.event ?? 'pull_request',
    head_sha: run.headSha,
    head_branch: run.headBranch ?? 'feature',
    head_repository: { id: run.headRepository ?? 1 },
    conclusion: run.conclusion === undefined ? 'success' : run.conclusion,
    updated_at: run.updatedAt ?? at('11:00'),
    pull_requests: (run.pulls ?? []).map((number) => ({ number })),
  };
}

/** The store behind a fake REST interface for the repository `team/mirror`, whose id is 1. */
export class FakeApi {
  readonly comments: FakeComment[] = [];
  readonly issues: FakeIssue[] = [];
  readonly pulls: FakePull[] = [];
  readonly runs: FakeRun[] = [];
  /** Commits along the default branch, oldest first. */
  readonly history: string[] = [];
  readonly requests: ApiRequest[] = [];
  /** Answers every write so, as a token that may only read is answered. */
  writeStatus = 0;
  /** Answers questions for runs so, as a token without `actions: read` is answered. */
  runStatus = 0;
  pageSize = 100;
  /** Whether the list of runs honours what is asked for; a host may give all of them. */
  filtersRuns = true;
  /** Whose the token is. */
  login = 'github-actions[bot]';
  /** How the host tells: people ask `GET /user`, apps GraphQL; some hosts tell nobody. */
  tells: 'user' | 'graphql' | 'nobody' = 'graphql';
  now = at('11:00');
  /** Gitea lists no runs, and gives one merged pull request of a commit. */
  pages: 'github' | 'gitea' = 'github';

  readonly api: Api = async (request) => {
    this.requests.push(request);
    if (request.path === '/user' || request.path === '/graphql') return this.#whose(request.path);
    if (request.method !== 'GET' && this.writeStatus > 0) {
      return { status: this.writeStatus, body: { message: 'Resource not accessible' } };
    }
    const url = new URL(`http://host${request.path.replace('/repos/team/mirror', '')}`);
    return this.#route(request, url) ?? { status: 404, body: { message: 'Not Found' } };
  };

  /** Writes a comment as somebody else. */
  say(body: string, login: string, time = this.now, pull = 7): void {
    const id = this.comments.length + 1;
    this.comments.push({ id, pull, body, user: { login }, created_at: time, updated_at: time });
  }

  #whose(path: string): ApiAnswer {
    if (this.tells === 'user' && path === '/user')
      return { status: 200, body: { login: this.login } };
    if (this.tells === 'graphql' && path === '/graphql') {
      return { status: 200, body: { data: { viewer: { login: this.login } } } };
    }
    return { status: this.tells === 'graphql' ? 403 : 404, body: {} };
  }

  #route(request: ApiRequest, url: URL): ApiAnswer | undefined {
    const [, first = '', second = '', third = ''] = url.pathname.split('/');
    const ok = (body: unknown) => ({ status: 200, body });
    if (first === 'issues' && third === '') return this.#issues(request, second, url);
    if (first === 'issues') return this.#discuss(request, url);
    if (this.pages === 'gitea' && /^(?:commits|actions)$/.test(first)) {
      return third === 'pull' ? this.#mergedPull(second) : undefined;
    }
    if (first === 'commits' && third === 'pulls') return ok(this.#page(this.#pullsOf(second), url));
    if (first === 'compare') return ok({ commits: this.#page(this.#compare(second), url) });
    if (first === 'actions' && this.runStatus > 0) return { status: this.runStatus, body: {} };
    return first === 'actions' ? this.#actions(url) : undefined;
  }

  #discuss(request: ApiRequest, url: URL): ApiAnswer | undefined {
    const [, , second = '', third = ''] = url.pathname.split('/');
    if (second === 'comments') return this.#edit(Number(third), request);
    if (request.method === 'POST') return this.#create(request, second);
    const found = this.comments.filter(({ pull }) => String(pull) === second);
    return { status: 200, body: this.#page(found, url) };
  }

  #page<Item>(items: readonly Item[], url: URL): readonly Item[] {
    const size = Math.min(this.pageSize, Number(url.searchParams.get('per_page')));
    const start = (Number(url.searchParams.get('page')) - 1) * size;
    return items.slice(start, start + size);
  }

  #issues({ method, body }: ApiRequest, number: string, url: URL): ApiAnswer | undefined {
    if (method === 'GET') {
      const open = this.issues.filter(({ state }) => state === url.searchParams.get('state'));
      return { status: 200, body: this.#page(open, url) };
    }
    if (method === 'POST') {
      const issue = { ...(body as FakeIssue), number: 100 + this.issues.length };
      this.issues.push({ ...issue, state: 'open', user: { login: this.login } });
      return { status: 201, body: { number: issue.number } };
    }
    const found = this.issues.find((issue) => String(issue.number) === number);
    if (found) Object.assign(found, body);
    return found && { status: 200, body: found };
  }

  #create(request: ApiRequest, pull: string): ApiAnswer {
    const { body } = request.body as { body: string };
    this.say(body, this.login, this.now, Number(pull));
    return { status: 201, body: { id: this.comments.length } };
  }

  #edit(id: number, request: ApiRequest): ApiAnswer | undefined {
    const comment = this.comments.find((found) => found.id === id);
    if (comment === undefined) return undefined;
    if (comment.user.login !== this.login) return { status: 403, body: {} };
    comment.body = (request.body as { body: string }).body;
    comment.updated_at = this.now;
    return { status: 200, body: comment };
  }

  #mergedPull(commit: string): ApiAnswer | undefined {
    const [body] = this.#pullsOf(commit);
    return body === undefined ? undefined : { status: 200, body };
  }

  #pullsOf(commit: string): unknown[] {
    return this.pulls
      .filter((pull) => pull.mergedWith === commit)
      .map((pull) => ({
        number: pull.number,
        merged_at: pull.mergedAt ?? at('12:00'),
        merge_commit_sha: pull.mergeCommit ?? commit,
        head: { sha: pull.headSha, ref: 'feature', repo: { id: pull.fork ? 2 : 1 } },
        base: { ref: pull.base ?? 'main', repo: { id: 1 } },
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

  #actions(url: URL): ApiAnswer | undefined {
    const [, , , id = '', what = '', number = '', jobs = ''] = url.pathname.split('/');
    const ok = (body: unknown) => ({ status: 200, body });
    if (id === '') {
      const sha = url.searchParams.get('head_sha');
      const isAsked = ({ headSha }: FakeRun) => !this.filtersRuns || headSha === sha;
      const runs = this.runs.filter(isAsked).map(describeRun);
      return ok({ workflow_runs: this.#page(runs, url) });
    }
    const run = this.runs.find((found) => String(found.id) === id);
    if (run === undefined) return undefined;
    if (what === 'artifacts') return ok({ artifacts: this.#page(run.artifacts ?? [], url) });
    if (what !== 'attempts') return ok(describeRun(run));
    const attempt = Number(number);
    const facts = { ...run, ...run.earlier?.[attempt - 1] };
    if (jobs === 'jobs') return ok({ jobs: [{ completed_at: facts.jobsEnd ?? facts.updatedAt }] });
    return ok(describeRun({ ...facts, attempt }));
  }
}

/** Serves a fake REST interface at `/api` of its address. */
export async function serveApi(fake: FakeApi): Promise<Listening> {
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const answer = await fake.api({
      method: request.method as ApiRequest['method'],
      path: (request.url ?? '').replace(/^\/api/, ''),
      ...(body !== '' && { body: JSON.parse(body) }),
    });
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer.body));
  });
  return await listen(server);
}
