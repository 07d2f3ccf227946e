import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ProcessEnv } from './git-runner.ts';

/** Default ports, which are left out of names. */
const usualPorts: Readonly<Record<string, string>> = {
  'https:': '443',
  'http:': '80',
  'ssh:': '22',
  'git:': '9418',
};

function withoutEnd(path: string): string {
  return path
    .replace(/\/+$/, '')
    .replace(/\.git$/, '')
    .replace(/\/+$/, '');
}

function ofUrl(url: URL): string {
  const { protocol, hostname, port } = url;
  if (protocol === 'file:') return `file://${withoutEnd(url.pathname)}`;
  const host = port === '' || port === usualPorts[protocol] ? hostname : `${hostname}:${port}`;
  return `${host.toLowerCase()}/${withoutEnd(url.pathname).replace(/^\/+/, '')}`;
}

/**
 * Names a repository by the URL of its origin, alike for https, ssh and the short form `user@host:path`; without
 * credentials, `.git` and usual ports. A path on this machine becomes a `file:` URL, taken from `top`.
 */
export function nameOfOrigin(origin: string, top: string): string {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(origin) && URL.canParse(origin))
    return ofUrl(new URL(origin));
  const [, host, path] = /^(?:[^@/]+@)?(\[[^\]]+\]|[^:/]+):(.*)$/.exec(origin) ?? [];
  if (host !== undefined && path !== undefined) {
    return `${host.toLowerCase()}/${withoutEnd(path).replace(/^\/+/, '')}`;
  }
  return ofUrl(pathToFileURL(resolve(top, origin)));
}

/** The facts that name a repository. */
export interface RepositoryFacts {
  /** Real path of the top level or, without git, of the file's directory. */
  readonly top: string;
  readonly origin: string | undefined;
  readonly env: ProcessEnv;
}

/**
 * Tells whether a workflow checked out another repository than its own: then the runner's name of the repository is wrong.
 * The change of a pull request is never another repository, although its origin may be a fork.
 */
function isOther({ top, origin, env }: RepositoryFacts): boolean {
  const { GITHUB_REPOSITORY: name = '', GITHUB_EVENT_NAME: event = '' } = env;
  if (!origin || event.startsWith('pull_request')) return false;
  const known = nameOfOrigin(origin, top);
  const isSame = `/${known.toLowerCase()}`.endsWith(`/${name.toLowerCase()}`);
  return !known.startsWith('file://') && !isSame;
}

/** Names the repository of the runner's workspace; a second checkout below it has an origin of its own. */
async function ofRunner(facts: RepositoryFacts): Promise<string | undefined> {
  const { top, origin, env } = facts;
  const { GITHUB_SERVER_URL: server = '', GITHUB_REPOSITORY: name, GITHUB_WORKSPACE: root } = env;
  if (!name || !root || !URL.canParse(server) || isOther(facts)) return undefined;
  const workspace = await realpath(root).catch(() => resolve(root));
  const isBelow = top.startsWith(`${workspace}/`) && origin === undefined;
  return top === workspace || isBelow ? ofUrl(new URL(`${server}/${name}`)) : undefined;
}

/**
 * Names the repository of a checkout, the same on a runner and in a clone of it: `host/owner/name`. Without an
 * origin the name is the directory, as a `file:` URL.
 */
export async function nameRepository(facts: RepositoryFacts): Promise<string> {
  const { top, origin } = facts;
  const known = await ofRunner(facts);
  if (known !== undefined) return known;
  return origin ? nameOfOrigin(origin, top) : ofUrl(pathToFileURL(top));
}
