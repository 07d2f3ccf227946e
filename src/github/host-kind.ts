import type { Env } from './inputs.ts';

/** The hosts that are told apart. `act` runs a workflow on one machine, in the place of GitHub. */
export type HostKind = 'github' | 'enterprise' | 'gitea' | 'forgejo' | 'act';

/** The things in which the kinds of hosts differ, beyond what each run finds in its environment. */
export interface HostTraits {
  /**
   * How artifacts of version 4 are uploaded: by GitHub's own client, which refuses other hosts; by plain requests; or not at
   * all, because the host lacks them.
   */
  readonly artifacts: 'toolkit' | 'plain' | 'none';
  /** Whether job summaries are shown; `named` hosts say so in their list of capabilities. */
  readonly summaries: 'shown' | 'named' | 'hidden';
  /** Whose REST interface and pages the host has; Gitea's lists neither the runs of a commit nor its pull requests. */
  readonly pages: 'github' | 'gitea';
}

/** @see Gitea and Forgejo, `routers/api/actions/artifactsv4.go`; act, `pkg/artifacts` */
const traits: Readonly<Record<HostKind, HostTraits>> = {
  github: { artifacts: 'toolkit', summaries: 'shown', pages: 'github' },
  enterprise: { artifacts: 'none', summaries: 'shown', pages: 'github' },
  gitea: { artifacts: 'plain', summaries: 'named', pages: 'gitea' },
  forgejo: { artifacts: 'plain', summaries: 'hidden', pages: 'gitea' },
  act: { artifacts: 'plain', summaries: 'shown', pages: 'github' },
};

function isGitHub(server: string): boolean {
  const { hostname } = new URL(server);
  return (
    hostname === 'github.com' || hostname.endsWith('.ghe.com') || hostname.endsWith('.localhost')
  );
}

/** Tells the kind of the host; Forgejo names itself Gitea too. */
export function hostKindOf(env: Env): HostKind {
  if (env['FORGEJO_ACTIONS']) return 'forgejo';
  if (env['GITEA_ACTIONS'] || /\/api\/v1\/?$/.test(env['GITHUB_API_URL'] ?? '')) return 'gitea';
  if (env['ACT'] === 'true') return 'act';
  return isGitHub(env['GITHUB_SERVER_URL'] || 'https://github.com') ? 'github' : 'enterprise';
}

/** Gives what a host of this kind has. */
export function hostTraits(env: Env): HostTraits {
  return traits[hostKindOf(env)];
}

/** Gives the part of an address under which a host shows the files of a commit. */
export function sourcePath(env: Env): 'blob' | 'src/commit' {
  return hostTraits(env).pages === 'gitea' ? 'src/commit' : 'blob';
}

/** The pages of a run on its host. */
export interface RunPages {
  readonly run?: string | undefined;
  /** Where its artifact can be downloaded. */
  artifact(id: number | undefined): string | undefined;
}

/**
 * Gives the pages of a run; act has none. Gitea and Forgejo number the runs of a repository; newer ones take the id first.
 * @see Gitea, `routers/web/repo/actions/view.go`
 */
export function runPages(env: Env): RunPages {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name, GITHUB_RUN_ID: id } = env;
  const isGitea = hostTraits(env).pages === 'gitea';
  const number = isGitea && !showsSummaries(env) ? env['GITHUB_RUN_NUMBER'] : id;
  if (!server || !name || !number || hostKindOf(env) === 'act')
    return { artifact: () => undefined };
  const run = `${server}/${name}/actions/runs/${number}`;
  const artifact = (one: number | undefined): string | undefined => {
    if (one === undefined) return undefined;
    // The page of a run on Gitea lists its artifacts, which have addresses by name.
    return isGitea ? run : `${run}/artifacts/${one}`;
  };
  return { run, artifact };
}

/** Tells whether the host shows the job summary of a run. */
export function showsSummaries(env: Env): boolean {
  const { summaries } = hostTraits(env);
  if (summaries !== 'named') return summaries === 'shown';
  return (env['GITEA_ACTIONS_CAPABILITIES'] ?? '').split(/[ ,]+/).includes('job-summary');
}
