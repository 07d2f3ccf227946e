import { asObject, type JsonObject } from '../base/index.ts';
import type { Api, ApiAnswer, ApiRequest } from './host.ts';
import { asObjects, optionalText } from './json.ts';

/** The REST interface refused a request; callers go on without its answer. */
export class ApiError extends Error {
  readonly status: number;

  constructor(request: ApiRequest, answer: ApiAnswer) {
    const said = optionalText(asObject(answer.body)['message']);
    super(`${request.method} ${request.path}: ${answer.status}${said ? ` ${said}` : ''}`);
    this.name = 'ApiError';
    this.status = answer.status;
  }
}

/** Gives the answer of a request; `undefined` if the host answers 404. */
export async function orAbsent<Answer>(question: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await question;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}

/** The number of items that are asked for in one page; hosts may give fewer. */
const pageSize = 100;

/** Tells whether another page may follow: hosts limit pages to round numbers, so a full page has a round number. */
function mayBeFull(page: readonly JsonObject[]): boolean {
  return page.length > 0 && page.length % 10 === 0;
}

/** Tells whether the list ends: by an empty page, or by the same page again, from a host without pages. */
function isEnd(page: readonly JsonObject[], before: readonly JsonObject[]): boolean {
  return page.length === 0 || (before.length > 0 && sameItem(page[0], before[0]));
}

function sameItem(one: JsonObject | undefined, other: JsonObject | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** A list of the REST interface that is read page by page. */
export interface ListQuery {
  readonly path: string;
  /** The field of the answer that holds the list; absent: the answer is the list. */
  readonly field?: string;
  /** The largest number of pages that are read. */
  readonly maxPages: number;
}

/** The items of a list, and whether later pages were not read. */
export interface ListAnswer {
  readonly items: readonly JsonObject[];
  readonly isCut: boolean;
}

/** Sends requests; every method throws {@link ApiError} unless the answer is a success. */
export interface ApiClient {
  send(request: ApiRequest): Promise<unknown>;
  get(path: string): Promise<unknown>;
  list(query: ListQuery): Promise<ListAnswer>;
}

/** Opens a client of the REST interface. */
export function createApiClient(api: Api): ApiClient {
  const send = async (request: ApiRequest): Promise<unknown> => {
    const answer = await api(request);
    if (answer.status < 200 || answer.status > 299) throw new ApiError(request, answer);
    return answer.body;
  };
  const get = (path: string): Promise<unknown> => send({ method: 'GET', path });
  const getPage = async (
    { path, field }: ListQuery,
    page: number,
  ): Promise<readonly JsonObject[]> => {
    const separator = path.includes('?') ? '&' : '?';
    const body = await get(`${path}${separator}per_page=${pageSize}&page=${page}`);
    return asObjects(field === undefined ? body : asObject(body)[field]);
  };
  return {
    send,
    get,
    async list(query) {
      const items: JsonObject[] = [];
      let before: readonly JsonObject[] = [];
      for (let page = 1; page <= query.maxPages; page += 1) {
        const found = await getPage(query, page);
        if (isEnd(found, before)) return { items, isCut: false };
        for (const item of found) items.push(item);
        if (!mayBeFull(found)) return { items, isCut: false };
        before = found;
      }
      return { items, isCut: true };
    },
  };
}
