import { RegistryError } from '../errors.ts';
import type { Clock, Logger } from '../log.ts';
import { connect, createTrustSource, type Registries } from '../registry/index.ts';
import type { Api } from './host.ts';
import { type Env, inputText } from './inputs.ts';

/** How the REST interface is reached. */
export interface ApiWorld {
  readonly env: Env;
  readonly clock: Clock;
  readonly log: Logger;
  /** The version of this program, which the interface is told. */
  readonly version: string;
}

/** Milliseconds without an answer after which the REST interface counts as absent. */
const apiTimeoutMs = 30_000;

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

/** Opens the way to services of the runner's host: proxies and authorities count as for registries. */
export function openService({ env, version, ...world }: ApiWorld): Registries {
  const caBundle = inputText(env, 'ca-bundle');
  const tlsVerify = env['NODE_TLS_REJECT_UNAUTHORIZED'] !== '0';
  return connect({
    ...world,
    env,
    credentials: { lookup: async () => undefined },
    trust: createTrustSource({
      env,
      insecureRegistries: [],
      tlsVerify,
      ...(caBundle !== '' && { caBundle }),
    }),
    retry: { times: 2, idleTimeoutMs: apiTimeoutMs },
    parallel: 1,
    userAgent: `imageset-mirror/${version}`,
  });
}

/**
 * Opens the REST interface of the runner's host; `undefined` without a token or an address.
 *
 * Effects: a question is repeated twice after a failure that may pass, and waits as long as `Retry-After` says.
 */
export function openApi(world: ApiWorld): Api | undefined {
  const { env } = world;
  const token = inputText(env, 'github-token');
  const { GITHUB_API_URL: root, GITHUB_GRAPHQL_URL: graphql } = env;
  if (token === '' || !root || !env['GITHUB_REPOSITORY']) return undefined;
  const service = openService(world);
  const headers = {
    authorization: `Bearer ${token}`,
    accept: 'application/vnd.github+json',
    'content-type': 'application/json',
  };
  return async ({ method, path, body }) => {
    const data = body === undefined ? undefined : new TextEncoder().encode(JSON.stringify(body));
    const url = path === '/graphql' && graphql ? graphql : `${root}${path}`;
    try {
      const answer = await service.send(url, { method, headers, body: data });
      return { status: answer.status, body: parseJson(answer.body) };
    } catch (error) {
      if (!(error instanceof RegistryError) || error.status === undefined) throw error;
      return { status: error.status, body: undefined };
    }
  };
}
