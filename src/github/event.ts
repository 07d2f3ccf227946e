import { asObject } from '../base/index.ts';
import type { Env, Inputs } from './inputs.ts';
import { asCount, asObjects, optionalText } from './json.ts';

/** The command of a run. */
export type ActionCommand = Exclude<Inputs['command'], 'auto'>;

/** A pull request, as its event describes it. */
export interface PullRequest {
  readonly number: number;
  readonly baseSha: string | undefined;
  readonly headSha: string | undefined;
  readonly isMerged: boolean;
}

/** The event that started the run. Facts that the payload lacks are `undefined`. */
export interface Event {
  /** `push`, `pull_request`, …; empty outside of a workflow. */
  readonly name: string;
  /** The commit of the run; for pull requests the test merge. */
  readonly sha: string | undefined;
  /** The branch of the run, where it has one. */
  readonly branch: string | undefined;
  /** The change of the pull request or group: `opened`, `synchronize`, `closed`. */
  readonly action: string | undefined;
  /** `owner/name`. */
  readonly repository: string | undefined;
  readonly pullRequest: PullRequest | undefined;
  /** The commit before a push or a merge group; absent for a new branch. */
  readonly before: string | undefined;
  /** Commits of a push that the payload names, oldest first. */
  readonly commits: readonly string[];
}

const commitPattern = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** Reads a commit; all zeros stand for none. */
function readCommit(value: unknown): string | undefined {
  const isCommit = typeof value === 'string' && commitPattern.test(value) && !/^0+$/.test(value);
  return isCommit ? value : undefined;
}

function readPullRequest(value: unknown): PullRequest | undefined {
  const pull = asObject(value);
  const number = asCount(pull['number']);
  if (number === undefined) return undefined;
  return {
    number,
    baseSha: readCommit(asObject(pull['base'])['sha']),
    headSha: readCommit(asObject(pull['head'])['sha']),
    isMerged: pull['merged'] === true,
  };
}

/**
 * Reads the event that started the run.
 *
 * `payload` is the decoded event file; anything malformed in it counts as absent, because hosts differ.
 */
export function readEvent(env: Env, payload: unknown): Event {
  const facts = asObject(payload);
  return {
    name: env['GITHUB_EVENT_NAME'] ?? '',
    sha: readCommit(env['GITHUB_SHA']),
    branch: /^refs\/heads\/(.+)$/.exec(env['GITHUB_REF'] ?? '')?.[1],
    action: optionalText(facts['action']),
    repository: env['GITHUB_REPOSITORY'] || undefined,
    pullRequest: readPullRequest(facts['pull_request']),
    before: readCommit(facts['before'] ?? asObject(facts['merge_group'])['base_sha']),
    commits: asObjects(facts['commits']).flatMap((commit) => readCommit(commit['id']) ?? []),
  };
}

/** Decides the command: `auto` plans on pull requests, applies on push, verifies on schedule and plans on anything else. */
export function decideCommand(command: Inputs['command'], event: Event): ActionCommand {
  if (command !== 'auto') return command;
  switch (event.name) {
    case 'push':
      return 'apply';
    case 'schedule':
      return 'verify';
    default:
      return 'plan';
  }
}
