import { answer, type FakeRequest, type FakeResponse, refusal } from './message.ts';
import type { FakeSettings, FakeUser } from './settings.ts';
import type { Store } from './store.ts';
import { type BearerAuth, basicUser, createTokens, isAllowed } from './tokens.ts';

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
