import { RegistryError } from '../errors.ts';
import type { Clock } from '../log.ts';
import { type Challenge, parseChallenges } from './challenge.ts';
import type { Credential, CredentialSource } from './options.ts';
import { isSameOwner } from './owner.ts';
import { redactUrl } from './redact.ts';
import { explainRefusal } from './refusal.ts';
import { type Access, scopesFor } from './scope.ts';
import { basicAuthorization, requestToken, type Token, type TokenService } from './token.ts';
import type { Answer, Sender } from './transport.ts';

interface AuthenticatorOptions {
  /** The registry as credentials name it. */
  readonly registry: string;
  readonly credentials: CredentialSource;
  readonly sender: Sender;
  readonly clock: Clock;
}

interface CachedToken {
  readonly header: string;
  /** Milliseconds since the epoch. */
  readonly freshUntil: number;
}

/** A tenth of a token's life, at most ten seconds, is left for the request to arrive. */
function freshUntil({ lifetimeMs }: Token, now: number): number {
  return now + lifetimeMs - Math.min(10_000, lifetimeMs / 10);
}

/**
 * Authenticates to one registry.
 *
 * Effects: a challenge is remembered, so that later requests carry their token at once; tokens are kept for their scope
 * until shortly before they end; requests that need the same token wait for one. One token serves reads and writes of a
 * repository once that is written to. Credentials go to this registry and to a token service of the same owner, or to one
 * that the user has credentials for, nowhere else.
 */
export class Authenticator {
  readonly #options: AuthenticatorOptions;
  readonly #tokens = new Map<string, Promise<CachedToken>>();
  readonly #namedScopes = new Map<string, readonly string[]>();
  /** Repositories that are written to, and may be read with the same token. */
  readonly #written = new Set<string>();
  #asked: { readonly challenge: Challenge; readonly by: URL } | undefined;

  constructor(options: AuthenticatorOptions) {
    this.#options = options;
  }

  /** Gives the `Authorization` of a request; `undefined` before a challenge, and without credentials. */
  async authorize(access: Access): Promise<string | undefined> {
    if (!this.#asked) return undefined;
    const { challenge, by } = this.#asked;
    if (challenge.scheme === 'bearer') return this.#authorizeBy(serviceOf(challenge, by), access);
    const credential = await this.#lookup(access);
    return credential?.kind === 'basic'
      ? basicAuthorization(credential.username, credential.password)
      : undefined;
  }

  /**
   * Learns from a 401, and forgets the token that was refused.
   * Tells whether the same request may succeed now.
   */
  async learn(answer: Answer, access: Access, refused?: string): Promise<boolean> {
    const offered = parseChallenges(answer.header('www-authenticate') ?? '');
    const find = (scheme: string) => offered.find((one) => one.scheme === scheme);
    const challenge = find('bearer') ?? find('basic');
    if (!challenge) return false;
    const key = keyOf(this.#joined(access));
    const cached = await this.#tokens.get(key)?.catch(() => undefined);
    // Another request may have renewed it by now.
    if (cached?.header === refused) this.#tokens.delete(key);
    const scope = challenge.parameters['scope'];
    if (scope) this.#namedScopes.set(key, scope.split(' '));
    this.#asked = { challenge, by: answer.asked.url };
    return challenge.scheme === 'bearer' || refused === undefined;
  }

  /** Tells whether there are credentials: without them a refusal says nothing about them. */
  async isKnown(access: Access): Promise<boolean> {
    return (await this.#lookup(access)) !== undefined;
  }

  /** Explains a refusal: whether credentials were sent, their origin, and the remedy. */
  async explain(access: Access, status: 401 | 403): Promise<string | undefined> {
    const { registry, credentials } = this.#options;
    const origin = await credentials.explain?.(registry, access.repository ?? '');
    return origin && explainRefusal(registry, origin, status);
  }

  /** Asks for read access alone before the first write: a token service may create a repository for a scope to push. */
  #joined(access: Access): Access {
    const { repository = '', verb, from } = access;
    if (verb === 'push' && from === undefined) this.#written.add(repository);
    return verb === 'pull' && this.#written.has(repository) ? { ...access, verb: 'push' } : access;
  }

  /** Authorizes by one token for reading and writing, and reading by one of its own where the wider is refused. */
  async #authorizeBy(service: TokenService, access: Access): Promise<string> {
    const joined = this.#joined(access);
    try {
      return await this.#bearer(service, joined);
    } catch (error) {
      if (joined === access || !(error instanceof RegistryError)) throw error;
      this.#written.delete(access.repository ?? '');
      return this.#bearer(service, access);
    }
  }

  /** Gives the credentials that a token service may get: those of a registry of its owner, or those that the user has for it. */
  async #forService(service: TokenService, own: Credential): Promise<Credential> {
    const { registry, credentials } = this.#options;
    const { realm, namedBy } = service;
    const isOwn = own.kind === 'registry-token' || isSameOwner(realm.hostname, namedBy.hostname);
    const fit = isOwn ? own : await credentials.entryFor?.(realm.host);
    if (fit) return fit;
    throw foreignService(registry, service);
  }

  #lookup(access: Access): Promise<Credential | undefined> {
    return this.#options.credentials.lookup(this.#options.registry, access.repository ?? '');
  }

  async #bearer(service: TokenService, access: Access): Promise<string> {
    const known = this.#tokens.get(keyOf(access));
    const token = await known;
    if (token && token.freshUntil > this.#options.clock.now()) return token.header;
    // Of all that waited for a stale token, the first renews it and the others find the renewal here.
    const current = this.#tokens.get(keyOf(access));
    const renewed = current && current !== known ? current : this.#renew(service, access);
    return (await renewed).header;
  }

  #renew(service: TokenService, access: Access): Promise<CachedToken> {
    const key = keyOf(access);
    const requested = this.#request(service, access);
    this.#tokens.set(key, requested);
    requested.catch(() => this.#tokens.get(key) === requested && this.#tokens.delete(key));
    return requested;
  }

  async #request(service: TokenService, access: Access): Promise<CachedToken> {
    const { registry, sender, clock } = this.#options;
    const own = await this.#lookup(access);
    const credential = own && (await this.#forService(service, own));
    if (credential?.kind === 'registry-token') {
      return { header: `Bearer ${credential.token}`, freshUntil: Number.POSITIVE_INFINITY };
    }
    const wanted = scopesFor(access, this.#namedScopes.get(keyOf(access)));
    const token = await firstGranted(wanted, (scopes) =>
      requestToken(sender, service, { scopes, credential }),
    ).catch(async (error: unknown) => {
      const hint = await this.explain(access, 401);
      throw refusedBy({ registry, credential, hint }, error);
    });
    return { header: `Bearer ${token.value}`, freshUntil: freshUntil(token, clock.now()) };
  }
}

/** Makes the error for credentials that would go to a host of another owner. */
function foreignService(registry: string, { realm }: TokenService): RegistryError {
  const message = `${registry} asks to send its credentials to ${realm.host}, a host of another owner. Nothing was sent.`;
  return new RegistryError('UNAUTHORIZED', message, {
    url: redactUrl(realm),
    hint: `If ${realm.host} is the token service of ${registry}, allow it: add an entry for "${realm.host}" with these credentials to the auth file or pull secret.`,
  });
}

function keyOf({ repository = '', verb, from = '' }: Access): string {
  return `${verb} ${repository} ${from}`;
}

/** Tries one scope after the other while the service refuses them. */
async function firstGranted<Scope, Grant>(
  scopes: readonly Scope[],
  grant: (scope: Scope) => Promise<Grant>,
): Promise<Grant> {
  const [scope, ...others] = scopes as [Scope, ...Scope[]];
  try {
    return await grant(scope);
  } catch (error) {
    const isRefused = error instanceof RegistryError && [400, 403].includes(error.status ?? 0);
    if (!isRefused || others.length === 0) throw error;
    return firstGranted(others, grant);
  }
}

/** A registry that refused, and the facts of the credentials that it got. */
interface Refused {
  readonly registry: string;
  readonly credential: Credential | undefined;
  readonly hint: string | undefined;
}

/** Says whose credentials were refused: the token service often has another name than the registry. */
function refusedBy({ registry, credential, hint: told }: Refused, error: unknown): unknown {
  if (!(error instanceof RegistryError) || ![401, 404].includes(error.status ?? 0)) return error;
  const { method, url, status, specCodes } = error;
  if (status === 404) {
    // Some services know repositories, and answer so for one that does not exist yet.
    const message = `${registry} gives no token for this: ${error.message}`;
    const hint = `Check the name of the repository, and whether the account for ${registry} may use it.`;
    return new RegistryError('DENIED', message, {
      method,
      url,
      status,
      specCodes,
      cause: error,
      hint,
    });
  }
  const what = credential ? 'refuses the credentials' : 'gives nothing without credentials';
  // The whole address is among the facts of the error; its scope differs from image to image and hides the host.
  const service = URL.parse(url ?? '')?.host ?? registry;
  const message = `${registry} ${what}: its token service ${service} answered ${status}.`;
  return new RegistryError('UNAUTHORIZED', message, {
    method,
    url,
    status,
    specCodes,
    cause: error,
    hint:
      told ??
      (credential
        ? `Renew the credentials for ${registry} in the pull secret or auth file: they are wrong or expired.`
        : `Add credentials for ${registry} to the pull secret or auth file.`),
  });
}

/** Reads the token service of a challenge; a service without TLS never gets the secrets of a registry with TLS. */
function serviceOf({ parameters }: Challenge, by: URL): TokenService {
  const realm = URL.parse(parameters['realm'] ?? '', by.href);
  // A proxy that ends TLS and does not say so makes registries name themselves by http.
  if (realm?.hostname === by.hostname && by.protocol === 'https:') realm.protocol = 'https:';
  const isFit =
    realm?.protocol === 'https:' || (realm?.protocol === 'http:' && by.protocol === 'http:');
  if (realm && isFit) return { realm, service: parameters['service'], namedBy: by };
  const message = `${by.host} wants a token and names no service that can be trusted with credentials.`;
  throw new RegistryError('UNAUTHORIZED', message, {
    hint: `Check the token realm in the configuration of ${by.host}: it has to be a web address with TLS.`,
  });
}
