import { asObject, type JsonObject } from '../base/index.ts';
import type { ApiClient } from './api-client.ts';
import { asCount, optionalText } from './json.ts';

/** An open issue. */
export interface Issue {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  /** Login of its author. */
  readonly author: string | undefined;
}

/** The text of an issue, or its end. */
export type IssueEdit = Pick<Issue, 'title' | 'body'> | { readonly state: 'closed' };

/** Requests for issues. */
export interface Issues {
  /** Lists open issues, those that were edited last first; `isCut`: older ones are left out. */
  openIssues(): Promise<{ readonly issues: readonly Issue[]; readonly isCut: boolean }>;
  createIssue(text: Pick<Issue, 'title' | 'body'>): Promise<void>;
  editIssue(number: number, edit: IssueEdit): Promise<void>;
}

/** The largest number of pages of issues that are read: 2,000 issues and pull requests. */
const maxIssuePages = 20;

/** Reads an open issue; lists of issues hold pull requests too, and those of some hosts whatever is asked for. */
function readIssue(issue: JsonObject): Issue[] {
  const number = asCount(issue['number']);
  if (number === undefined || (issue['pull_request'] ?? undefined) !== undefined) return [];
  if (issue['state'] === 'closed') return [];
  return [
    {
      number,
      title: optionalText(issue['title']) ?? '',
      body: optionalText(issue['body']) ?? '',
      author: optionalText(asObject(issue['user'])['login']),
    },
  ];
}

/** Opens the issues of a repository. */
export function openIssueRequests({ send, list }: ApiClient, root: string): Issues {
  return {
    async openIssues() {
      const path = `${root}/issues?state=open&sort=updated&direction=desc`;
      const { items, isCut } = await list({ path, maxPages: maxIssuePages });
      // An issue that is edited meanwhile changes its page, and another one then stands on two pages.
      const issues = new Map(items.flatMap(readIssue).map((one) => [one.number, one]));
      return { issues: [...issues.values()], isCut };
    },
    async createIssue(body) {
      await send({ method: 'POST', path: `${root}/issues`, body });
    },
    async editIssue(number, body) {
      await send({ method: 'PATCH', path: `${root}/issues/${number}`, body });
    },
  };
}
