import { answer, type FakeRequest, type FakeResponse, jsonAnswer, refusal } from './message.ts';
import type { FakeAuth, FakeSettings, FakeUser } from './settings.ts';
import { ensureRepository, type Store } from './store.ts';

/** The settings of a token service. */
type BearerAuth = Extract<FakeAuth, { kind: 'bearer' }>;

/** Gives the user of a Basic header; `'wrong'` for wrong credentials, `undefined` without a header. */
function basicUser(
  header: string | undefined,
  users: Readonly<Record<string, FakeUser>>,
): FakeUser | 'wrong' | undefined {
  const encoded = /^Basic (.+)$/.exec(header ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const [name = '', ...password] = Buffer.from(encoded, 'base64').toString().split(':');
  const user = users[name];
  return user?.password === password.join(':') ? user : 'wrong';
}

/** Tells whether a list of actions has one; `*` stands for all. */
function isAllowed(allowed: readonly string[], action: string): boolean {
  return allowed.includes(action) || allowed.includes('*');
}

interface Asked {
  readonly scopes: readonly string[];
  readonly allowed: readonly string[];
}

function readQuery(request: FakeRequest, auth: BearerAuth): Asked | undefined {
  const user = basicUser(request.headers['authorization'], auth.users);
  if (user === 'wrong') return undefined;
  const { searchParams } = new URL(request.url, 'http://token');
  const allowed = user ? (user.actions ?? ['*']) : (auth.anonymous ?? []);
  return { scopes: searchParams.getAll('scope'), allowed };
}

function readForm(request: FakeRequest, auth: BearerAuth): Asked | undefined {
  const form = new URLSearchParams(Buffer.from(request.body).toString());
  const name = auth.identityTokens?.[form.get('refresh_token') ?? ''] ?? '';
  const user = form.get('grant_type') === 'refresh_token' ? auth.users[name] : undefined;
  return user && { scopes: (form.get('scope') ?? '').split(' '), allowed: user.actions ?? ['*'] };
}

type ScopeRequest = readonly [name: string, action: string];

function requestsOf(scopes: readonly string[]): readonly ScopeRequest[] {
  return scopes.flatMap((scope) => {
    const [, name, actions = ''] = /^repository:([^:]+):(.*)$/.exec(scope) ?? [];
    if (name === undefined) return [];
    return actions.split(',').map((action) => [name, action] as const);
  });
}

/** Makes a token service. */
function createTokens(settings: FakeSettings, store: Store) {
  /** Some token services create the repositories of scopes with push. */
  const createPushed = (requests: readonly ScopeRequest[]): void => {
    if (!/^(ungranted|token-refused)$/.test(settings.unknownRepository)) return;
    for (const [name, action] of requests) {
      if (action === 'push' || action === '*') ensureRepository(store, name);
    }
  };
  const issued = new Map<string, { grants: ReadonlySet<string>; ends: number }>();
  return {
    /** Answers `/token`, GET and POST. @see distribution, "Token Authentication Specification" */
    answer(request: FakeRequest, auth: BearerAuth): FakeResponse {
      const asked = (request.method === 'POST' ? readForm : readQuery)(request, auth);
      if (!asked) return refusal(401, { code: 'UNAUTHORIZED' });
      const requests = requestsOf(asked.scopes);
      if (requests.some(([, action]) => action === auth.unknownAction)) {
        return answer(400, {}, new TextEncoder().encode('invalid scope'));
      }
      createPushed(requests);
      const { unknownRepository } = settings;
      if (unknownRepository === 'token-refused' && requests.some(([name]) => !store.has(name))) {
        return refusal(403, { code: 'DENIED' });
      }
      const granted = requests.flatMap(([name, action]) => {
        if (unknownRepository === 'ungranted' && !store.has(name)) return [];
        if (action === '*') return asked.allowed.map((one) => `${name}:${one}`);
        return isAllowed(asked.allowed, action) ? [`${name}:${action}`] : [];
      });
      const { lifetime = 60 } = auth;
      const token = `token-${issued.size + 1}`;
      issued.set(token, { grants: new Set(granted), ends: settings.now() + lifetime * 1_000 });
      return jsonAnswer(200, { token, expires_in: lifetime });
    },
    /** Gives the grants of a token, `name:action` each; `undefined` for a missing, unknown or expired one. */
    grantsOf(token: string): ReadonlySet<string> | undefined {
      const known = issued.get(token);
      return known && known.ends > settings.now() ? known.grants : undefined;
    },
  };
}

/** An action on a repository that a request needs. */
export interface TokenScope {
  readonly name: string;
  readonly action: string;
}

function challenge(code: string, header: string): FakeResponse {
  const refused = refusal(401, { code });
  return { ...refused, headers: { ...refused.headers, 'www-authenticate': header } };
}

function refuseBasic(
  request: FakeRequest,
  users: Readonly<Record<string, FakeUser>>,
  needs: readonly TokenScope[],
): FakeResponse | undefined {
  const user = basicUser(request.headers['authorization'], users);
  if (user === undefined || user === 'wrong') {
    return challenge('UNAUTHORIZED', 'Basic realm="fake registry"');
  }
  const isRefused = needs.some(({ action }) => !isAllowed(user.actions ?? ['*'], action));
  return isRefused ? refusal(403, { code: 'DENIED' }) : undefined;
}

function bearerChallenge(
  request: FakeRequest,
  auth: BearerAuth,
  needs: readonly TokenScope[],
): FakeResponse {
  const realm = auth.realm ?? `http://${request.headers['host']}/token`;
  const scope = needs.map(({ name, action }) => `repository:${name}:${action}`).join(' ');
  const suffix = scope ? `,scope="${scope}"` : '';
  return challenge('UNAUTHORIZED', `Bearer realm="${realm}",service="fake"${suffix}`);
}

/** Makes the access control of a registry; its tokens end with it. */
export function createAccess(settings: FakeSettings, store: Store) {
  const tokens = createTokens(settings, store);
  return {
    /** Gives the refusal of a request; `undefined` if it is allowed. */
    refuse(request: FakeRequest, needs: readonly TokenScope[]): FakeResponse | undefined {
      const { auth } = settings;
      if (auth.kind === 'none') return undefined;
      if (auth.kind === 'basic') return refuseBasic(request, auth.users, needs);
      const token = /^Bearer (.+)$/.exec(request.headers['authorization'] ?? '')?.[1];
      const grants = tokens.grantsOf(token ?? '');
      const isMissing = ({ name, action }: TokenScope) =>
        !grants?.has(`${name}:${action}`) && !grants?.has(`${name}:*`);
      if (grants && !needs.some(isMissing)) return undefined;
      return bearerChallenge(request, auth, needs);
    },
    answerToken(request: FakeRequest): FakeResponse {
      return settings.auth.kind === 'bearer' ? tokens.answer(request, settings.auth) : answer(404);
    },
  };
}
