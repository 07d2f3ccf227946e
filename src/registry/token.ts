import { RegistryError } from '../errors.ts';
import type { Credential } from './options.ts';
import { sendFollowing } from './redirect.ts';
import { expectStatus, readJson } from './response.ts';
import type { Sender, WireRequest } from './transport.ts';

/** The token service that a Bearer challenge names. */
export interface TokenService {
  readonly realm: URL;
  readonly service: string | undefined;
  /** The address whose answer named the realm. */
  readonly namedBy: URL;
}

/** A bearer token and how long it lives. */
export interface Token {
  readonly value: string;
  readonly lifetimeMs: number;
}

/** The token specification's default and its least. */
const defaultLifetimeSeconds = 60;
const maxTokenBytes = 1024 * 1024;

/** Names this client to services of OAuth 2. */
const clientId = 'imageset-mirror';

/** Writes the header of the Basic scheme. */
export function basicAuthorization(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

function byQuery(
  { realm, service, namedBy }: TokenService,
  scopes: readonly string[],
  credential: Credential | undefined,
): WireRequest {
  const url = new URL(realm);
  if (service !== undefined) url.searchParams.set('service', service);
  for (const scope of scopes) url.searchParams.append('scope', scope);
  if (credential?.kind !== 'basic') return { method: 'GET', url, namedBy, headers: {} };
  const { username, password } = credential;
  url.searchParams.set('account', username);
  const headers = { authorization: basicAuthorization(username, password) };
  return { method: 'GET', url, namedBy, headers };
}

function byForm(
  { realm, service, namedBy }: TokenService,
  scopes: readonly string[],
  refreshToken: string,
): WireRequest {
  const form = new URLSearchParams({
    grant_type: 'refresh_token',
    client_id: clientId,
    refresh_token: refreshToken,
    ...(service !== undefined && { service }),
    ...(scopes.length > 0 && { scope: scopes.join(' ') }),
  });
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return { method: 'POST', url: realm, namedBy, headers, body: Buffer.from(form.toString()) };
}

/**
 * Asks for a token: GET with Basic or no credentials, POST for an identity token.
 *
 * Units: the lifetime is counted from now, so the clocks need not agree.
 * @throws RegistryError when the service refuses, or answers without a token.
 * @see distribution, "Token Authentication Specification" and "Oauth2 Token Authentication"
 */
export async function requestToken(
  sender: Sender,
  service: TokenService,
  wish: { readonly scopes: readonly string[]; readonly credential: Credential | undefined },
): Promise<Token> {
  const { scopes, credential } = wish;
  const request =
    credential?.kind === 'identity-token'
      ? byForm(service, scopes, credential.token)
      : byQuery(service, scopes, credential);
  const answer = await expectStatus(await sendFollowing(sender, request), 200);
  const { token, access_token, expires_in } = await readJson(answer, maxTokenBytes);
  const value = token || access_token;
  if (typeof value !== 'string') {
    throw new RegistryError('UNAUTHORIZED', `${service.realm.host} gave no token.`, {
      hint: `Check the configuration of the token service ${service.realm.host}.`,
    });
  }
  const seconds =
    typeof expires_in === 'number' && expires_in > 0 ? expires_in : defaultLifetimeSeconds;
  return { value, lifetimeMs: seconds * 1_000 };
}
