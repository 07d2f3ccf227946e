import type { Api, ApiAnswer, ApiRequest } from './host.ts';
import { asCount, asObject, asObjects, asText, type Json } from './json.ts';

/** The REST interface did not do what was asked; callers go on without. */
export class ApiError extends Error {
  readonly status: number;

  constructor(request: ApiRequest, answer: ApiAnswer) {
    const said = asText(asObject(answer.body)['message']);
    super(`${request.method} ${request.path}: ${answer.status}${said ? ` ${said}` : ''}`);
    this.name = 'ApiError';
    this.status = answer.status;
  }
}

/** A comment of a pull request. */
export interface Comment {
  readonly id: number;
  readonly body: string;
  /** Whether its author may be believed: an app of the host, or someone with a right to the repository. */
  readonly trusted: boolean;
}

/** A pull request that was merged. */
export interface MergedPull {
  readonly number: number;
  readonly headSha: string;
  /** The head lies in the repository itself, so that only those who may write to it could publish its plans. */
  readonly ownHead: boolean;
}

/** The few questions that this door asks of the REST interface, for one repository. */
export interface Repository {
  listComments(pull: number): Promise<readonly Comment[]>;
  createComment(pull: number, body: string): Promise<void>;
  editComment(id: number, body: string): Promise<void>;
  /** Lists the merged pull requests that a commit came with. */
  mergedPulls(commit: string): Promise<readonly MergedPull[]>;
  /** Lists the commits after `base` up to `head`, newest first, along first parents. */
  commitsBetween(base: string, head: string): Promise<readonly string[]>;
  /** Lists what pull-request runs of a commit uploaded under a name. */
  planArtifacts(
    commit: string,
    name: string,
  ): Promise<readonly { readonly id: number; readonly runId: number }[]>;
}

/** A page of a list; the interface gives no more. */
const pageSize = 100;

/** Comments of one pull request that are looked through: 2,000. */
const maxPages = 20;

const trustedAssociations = new Set(['OWNER', 'MEMBER', 'COLLABORATOR']);

function readComment(comment: Json): Comment[] {
  const id = asCount(comment['id']);
  if (id === undefined) return [];
  const isApp = asObject(comment['user'])['type'] === 'Bot';
  const association = asText(comment['author_association']) ?? '';
  const trusted = isApp || trustedAssociations.has(association);
  return [{ id, body: asText(comment['body']) ?? '', trusted }];
}

function readMergedPull(pull: Json): MergedPull[] {
  const number = asCount(pull['number']);
  const head = asObject(pull['head']);
  const headSha = asText(head['sha']);
  if (number === undefined || headSha === undefined || !asText(pull['merged_at'])) return [];
  const own = asObject(asObject(pull['base'])['repo'])['id'];
  const ownHead = own !== undefined && asObject(head['repo'])['id'] === own;
  return [{ number, headSha, ownHead }];
}

/** Follows first parents from `head` through the commits of a comparison. */
function firstParents(commits: readonly Json[], head: string): string[] {
  const parents = new Map(
    commits.map((commit) => [
      asText(commit['sha']) ?? '',
      asText(asObjects(commit['parents'])[0]?.['sha']),
    ]),
  );
  const line: string[] = [];
  for (let at: string | undefined = head; at && parents.has(at); at = parents.get(at)) {
    line.push(at);
  }
  return line;
}

/** Opens a repository, `owner/name`. Every method throws {@link ApiError} unless the answer is a success. */
export function openRepository(api: Api, fullName: string): Repository {
  const root = `/repos/${fullName}`;
  const send = async (request: ApiRequest): Promise<unknown> => {
    const answer = await api(request);
    if (answer.status < 200 || answer.status > 299) throw new ApiError(request, answer);
    return answer.body;
  };
  const get = (path: string): Promise<unknown> => send({ method: 'GET', path: `${root}${path}` });
  return {
    async listComments(pull) {
      const comments: Comment[] = [];
      for (let page = 1; page <= maxPages; page += 1) {
        const query = `per_page=${pageSize}&page=${page}`;
        const found = asObjects(await get(`/issues/${pull}/comments?${query}`));
        comments.push(...found.flatMap(readComment));
        if (found.length < pageSize) break;
      }
      return comments;
    },
    async createComment(pull, body) {
      await send({ method: 'POST', path: `${root}/issues/${pull}/comments`, body: { body } });
    },
    async editComment(id, body) {
      await send({ method: 'PATCH', path: `${root}/issues/comments/${id}`, body: { body } });
    },
    async mergedPulls(commit) {
      return asObjects(await get(`/commits/${commit}/pulls`)).flatMap(readMergedPull);
    },
    async commitsBetween(base, head) {
      const answer = asObject(await get(`/compare/${base}...${head}`));
      return firstParents(asObjects(answer['commits']), head);
    },
    async planArtifacts(commit, name) {
      const query = `head_sha=${commit}&event=pull_request&per_page=${pageSize}`;
      const runs = asObjects(asObject(await get(`/actions/runs?${query}`))['workflow_runs']);
      const ids = runs.flatMap((run) => asCount(run['id']) ?? []);
      const lists = await Promise.all(ids.map((id) => listArtifacts(get, id, name)));
      return lists.flat();
    },
  };
}

async function listArtifacts(
  get: (path: string) => Promise<unknown>,
  runId: number,
  name: string,
): Promise<{ id: number; runId: number }[]> {
  const answer = await get(`/actions/runs/${runId}/artifacts?name=${encodeURIComponent(name)}`);
  return asObjects(asObject(answer)['artifacts'])
    .filter((artifact) => artifact['name'] === name && artifact['expired'] !== true)
    .flatMap((artifact) => asCount(artifact['id']) ?? [])
    .map((id) => ({ id, runId }));
}
