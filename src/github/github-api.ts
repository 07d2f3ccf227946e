import { asObject, type JsonObject } from '../base/index.ts';
import { type ApiClient, ApiError, createApiClient } from './api-client.ts';
import type { Api } from './host.ts';
import type { HostTraits } from './host-kind.ts';
import { type Issues, openIssueRequests } from './issues-api.ts';
import { asCount, optionalText, readTime } from './json.ts';
import { type MergedPull, openPulls, type Pulls } from './pulls-api.ts';
import { openRuns, type Runs } from './runs-api.ts';

/** A comment of a pull request. */
export interface Comment {
  readonly id: number;
  readonly body: string;
  /** Login of its author. */
  readonly author: string | undefined;
  /** When it was written or edited last, in milliseconds since the epoch. */
  readonly editedAt: number | undefined;
}

/** The requests to the REST interface, for one repository. */
export interface HostRepository extends Pulls, Runs, Issues {
  /** Gives the account of the token; `undefined` if the host does not tell. */
  login(): Promise<string | undefined>;
  listComments(pull: number): Promise<readonly Comment[]>;
  /** Writes a comment to a pull request, or to an issue. */
  createComment(pull: number, body: string): Promise<void>;
  editComment(id: number, body: string): Promise<void>;
  /** Tells whether a commit is the same as another or its ancestor; `undefined` if the host does not tell. */
  isAncestor(older: string, newer: string): Promise<boolean | undefined>;
}

/** The largest number of pages of comments that are read for one pull request: 2,000 comments. */
const maxCommentPages = 20;

/** The account whose token the host gives to every job; a token of an installed app cannot ask for its user. */
const actionsLogin = 'github-actions[bot]';

function readComment(comment: JsonObject): Comment[] {
  const id = asCount(comment['id']);
  if (id === undefined) return [];
  const author = optionalText(asObject(comment['user'])['login']);
  const editedAt = readTime(comment['updated_at'] ?? comment['created_at']);
  return [{ id, body: optionalText(comment['body']) ?? '', author, editedAt }];
}

/**
 * Asks for the account of the token.
 *
 * `GET /user` answers for people's tokens, and for the tokens of jobs on Gitea and Forgejo. GitHub
 * refuses the token of an app there, as each job has one; GraphQL answers for it.
 */
async function askLogin({ get, send }: ApiClient): Promise<string | undefined> {
  try {
    return optionalText(asObject(await get('/user'))['login']);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status === 404) return undefined;
    const question = { query: 'query { viewer { login } }' };
    const answer = await send({ method: 'POST', path: '/graphql', body: question }).catch(
      () => ({}),
    );
    const viewer = asObject(asObject(asObject(answer)['data'])['viewer']);
    return optionalText(viewer['login']) ?? (error.status === 403 ? actionsLogin : undefined);
  }
}

/** Opens a repository, `owner/name`. Every method throws {@link ApiError} if the request fails. */
export function openHostRepository(
  api: Api,
  fullName: string,
  { pages }: Pick<HostTraits, 'pages'> = { pages: 'github' },
): HostRepository {
  const client = createApiClient(api);
  const root = `/repos/${fullName}`;
  let login: Promise<string | undefined> | undefined;
  return {
    ...openPulls(client, root, pages),
    ...openRuns(client, root),
    ...openIssueRequests(client, root),
    login() {
      login ??= askLogin(client);
      return login;
    },
    async listComments(pull) {
      const path = `${root}/issues/${pull}/comments`;
      const { items } = await client.list({ path, maxPages: maxCommentPages });
      return items.flatMap(readComment);
    },
    async isAncestor(older, newer) {
      const answer = await client.get(`${root}/compare/${older}...${newer}`).catch(() => ({}));
      const status = optionalText(asObject(answer)['status']);
      return status === undefined ? undefined : status === 'ahead' || status === 'identical';
    },
    async createComment(pull, body) {
      await client.send({
        method: 'POST',
        path: `${root}/issues/${pull}/comments`,
        body: { body },
      });
    },
    async editComment(id, body) {
      await client.send({ method: 'PATCH', path: `${root}/issues/comments/${id}`, body: { body } });
    },
  };
}

export type { MergedPull };
