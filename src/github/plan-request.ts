import { realpath } from 'node:fs/promises';
import { posix } from 'node:path';
import {
  type ConfigSource,
  findAge,
  findBase,
  type Git,
  isInCommit,
  openCheckout,
  readGlobs,
  readNow,
} from '../door/index.ts';
import type { ConfigError } from '../errors.ts';
import type { ConfigFile, PlanRequest } from '../run/index.ts';
import type { Event } from './event.ts';
import { inputError } from './inputs.ts';
import type { JobSession } from './session.ts';

/** Opens the place where a run's configurations lie. */
export async function openSource({
  host,
  inputs,
}: Pick<JobSession, 'host' | 'inputs'>): Promise<ConfigSource> {
  const workspace = host.env['GITHUB_WORKSPACE'] || '.';
  const checkout = await openCheckout(workspace, host.env);
  const root = await realpath(workspace).catch(() => checkout.top);
  return { checkout, root, globs: readGlobs(inputs.config, workspace), name: inputs.name };
}

function refuseNone(): ConfigError {
  return inputError(
    'config',
    'no image set configuration was found.',
    'Add a file of kind ImageSetConfiguration, apiVersion mirror.openshift.io/v2alpha1, or check the globs and that the repository is checked out.',
  );
}

/** What decides whether a file that is named was deleted, or never was there. */
interface Absence {
  readonly source: ConfigSource;
  readonly head: readonly ConfigFile[];
  readonly commits: readonly string[];
}

/**
 * A file that is named and is not there may have been deleted by the change.
 * @throws ConfigError `INPUT_INVALID` for one that no commit before the change has
 */
async function refuseAbsent({ source, head, commits }: Absence): Promise<void> {
  const { top } = source.checkout;
  for (const name of source.globs.named) {
    if (head.some((file) => file.name === name)) continue;
    const path = posix.join(posix.relative(top, source.root), name);
    const found = await Promise.all(commits.map((one) => isInCommit(source.checkout, one, path)));
    if (found.includes(true)) continue;
    throw inputError(
      'config',
      `${JSON.stringify(name)} is not there.`,
      'Check the path; it begins at the root of the checkout.',
    );
  }
}

/**
 * Lists the commits before a change that the event knows, the best first.
 *
 * Pull request: the first parent of the test merge, else the merge base, else the tip of the base branch. Push: the
 * commit before it; none for a new branch.
 */
export async function eventBases(event: Event, git: Git): Promise<string[]> {
  const pull = event.pullRequest;
  if (pull === undefined) return event.before === undefined ? [] : [event.before];
  const head = await git.resolve('HEAD');
  const [first, second] = head === undefined ? [] : await git.parents(head);
  const testMerge = first !== undefined && second !== undefined && second === pull.headSha;
  const candidates = [
    testMerge ? first : undefined,
    pull.baseSha && head ? await git.mergeBase(pull.baseSha, head) : undefined,
    pull.baseSha,
  ];
  return candidates.filter((commit) => commit !== undefined);
}

function warnWithoutRepository({ notices }: JobSession): void {
  notices.warn(
    'no-repository',
    'The checkout is no git repository.',
    'What is there is compared with what was last applied; add actions/checkout before this step to compare commits.',
  );
}

/**
 * Reads the configurations of the checkout, and prepares the question for those of the base.
 * @throws ConfigError when a configuration that is meant is not there or cannot be read
 */
export async function createRequest(session: JobSession): Promise<PlanRequest> {
  const { event, inputs } = session;
  const source = await openSource(session);
  const { git } = source.checkout;
  const head = await readNow(source);
  const commit = await git?.resolve('HEAD');
  if (commit === undefined) warnWithoutRepository(session);
  const events = async () => (git ? await eventBases(event, git) : []);
  const commits = [...(commit === undefined ? [] : [commit]), ...(await events())];
  await refuseAbsent({ source, head, commits });
  const refuse = (base: string): ConfigError =>
    inputError(
      'base',
      `the commit ${JSON.stringify(base)} cannot be had.`,
      'Check it out with its history (fetch-depth: 0), or leave the input out.',
    );
  const base = findBase({ source, head, named: inputs.base, events, refuse });
  return {
    head,
    headRevision: commit === undefined ? { from: 'files' } : { commit, from: 'event' },
    repository: source.name ?? source.checkout.repository,
    async base(applied) {
      const found = await base(applied);
      if (head.length === 0 && (found?.files ?? []).length === 0) throw refuseNone();
      return found;
    },
    ...(git &&
      commit !== undefined && {
        isOlderThan: findAge(git, commit, session.repository?.isAncestor),
      }),
  };
}
