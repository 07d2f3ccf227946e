import { asObject, type JsonObject } from '../base/index.ts';
import { type ApiClient, orAbsent } from './api-client.ts';
import type { HostTraits } from './host-kind.ts';
import { asCount, asObjects, optionalText, readTime } from './json.ts';

/** A pull request that was merged. */
export interface MergedPull {
  readonly number: number;
  readonly headSha: string;
  readonly headRef: string | undefined;
  readonly baseRef: string | undefined;
  /** Id of the repository that it was merged into. */
  readonly repository: number | undefined;
  /** The head is in the repository itself, so only accounts with write access could publish its plans. */
  readonly ownHead: boolean;
  /** Milliseconds since the epoch. */
  readonly mergedAt: number;
  /** The commit of the merge. */
  readonly mergeCommit: string | undefined;
}

/** The commits between two, newest first, along first parents; `isCut`: older ones are left out. */
export interface CommitLine {
  readonly commits: readonly string[];
  readonly isCut: boolean;
}

/** Requests for commits and their pull requests. */
export interface Pulls {
  /** Lists the merged pull requests of a commit. */
  mergedPulls(commit: string): Promise<readonly MergedPull[]>;
  /** Lists the commits after `base` up to `head`, newest first, along first parents. */
  commitsBetween(base: string, head: string): Promise<CommitLine>;
}

/** The largest number of pages of a comparison that are read: 10,000 commits. */
const maxComparedPages = 100;

/** The largest number of pages of pull requests that are read for one commit. */
const maxPullPages = 10;

function readMergedPull(pull: JsonObject): MergedPull[] {
  const number = asCount(pull['number']);
  const [head, base] = [asObject(pull['head']), asObject(pull['base'])];
  const headSha = optionalText(head['sha']);
  const mergedAt = readTime(pull['merged_at']);
  if (number === undefined || headSha === undefined || mergedAt === undefined) return [];
  const repository = asCount(asObject(base['repo'])['id']);
  return [
    {
      number,
      headSha,
      headRef: optionalText(head['ref']),
      baseRef: optionalText(base['ref']),
      repository,
      ownHead: repository !== undefined && asObject(head['repo'])['id'] === repository,
      mergedAt,
      mergeCommit: optionalText(pull['merge_commit_sha']),
    },
  ];
}

/** Follows first parents from `head` through the commits of a comparison. */
function firstParents(commits: readonly JsonObject[], head: string): string[] {
  const parents = new Map(
    commits.map((commit) => [
      optionalText(commit['sha']) ?? '',
      optionalText(asObjects(commit['parents'])[0]?.['sha']),
    ]),
  );
  const line: string[] = [];
  for (let at: string | undefined = head; at && parents.has(at); at = parents.get(at)) {
    line.push(at);
    // Use each commit once, so that a circle of parents ends.
    parents.delete(line.at(-2) ?? '');
  }
  return line;
}

/**
 * Opens the requests for commits and pull requests, below `/repos/owner/name`.
 * @see Gitea and Forgejo, `GET /repos/{owner}/{repo}/commits/{sha}/pull`
 */
export function openPulls(client: ApiClient, root: string, pages: HostTraits['pages']): Pulls {
  return {
    async mergedPulls(commit) {
      if (pages === 'gitea') {
        const found = await orAbsent(client.get(`${root}/commits/${commit}/pull`));
        return readMergedPull(asObject(found));
      }
      const path = `${root}/commits/${commit}/pulls`;
      const { items } = await client.list({ path, maxPages: maxPullPages });
      return items.flatMap(readMergedPull);
    },
    async commitsBetween(base, head) {
      const path = `${root}/compare/${base}...${head}`;
      const query = { path, field: 'commits', maxPages: maxComparedPages };
      const { items, isCut } = await client.list(query);
      return { commits: firstParents(items, head), isCut };
    },
  };
}
