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

/** Opens the place where the configurations of a run lie. */
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

/** The facts that tell whether a named file was deleted or never existed. */
interface Absence {
  readonly source: ConfigSource;
  readonly head: readonly ConfigFile[];
  readonly commits: readonly string[];
}

/**
 * Refuses a named file that does not exist, unless the change deleted it.
 * @throws ConfigError `INPUT_INVALID` when no commit before the change has the file
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
      `${JSON.stringify(name)} does not exist.`,
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
    'The files of the workspace are compared with the commit that was last applied. To compare commits, add actions/checkout before this step.',
  );
}

/**
 * Reads the configurations of the checkout. Those of the base are read later, when the plan asks for them.
 * @throws ConfigError when a named configuration does not exist or cannot be read
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
      `the checkout does not have the commit ${JSON.stringify(base)}.`,
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
