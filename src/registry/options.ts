import type { Clock, Logger } from '../log.ts';

/** The credential for one registry. Never logged. */
export type Credential =
  | { readonly kind: 'basic'; readonly username: string; readonly password: string }
  | { readonly kind: 'identity-token'; readonly token: string }
  | { readonly kind: 'registry-token'; readonly token: string };

/** Where credentials come from; asked once for each registry and repository, answers may be cached. */
export interface CredentialSource {
  /** Gives the credential of the longest matching key `host[:port][/path]`; `undefined` means anonymous. */
  lookup(registry: string, repository: string): Promise<Credential | undefined>;
  /**
   * Gives the credential that auth files have for a host that is the token service of a registry. Credentials that were
   * given for all hosts do not count.
   */
  entryFor?(host: string): Promise<Credential | undefined>;
  /** Names the place of the answer of `lookup`; shows no secret. */
  explain?(registry: string, repository: string): Promise<CredentialOrigin>;
}

/** The origin of a credential, in words that continue a sentence, and the places that were searched. */
export interface CredentialOrigin {
  /** `the entry "quay.io/team" of /root/.docker/config.json`; absent: there is no credential. */
  readonly from?: string;
  /** Names of auth files. */
  readonly looked: readonly string[];
}

/** How to speak to one host. */
export interface HostTrust {
  /** Additional authorities, PEM. */
  readonly ca?: readonly string[];
  /** Client certificate and key, PEM. */
  readonly clientCertificate?: string;
  readonly clientKey?: string;
  /** The host may be spoken to with an unverified certificate, or over http when it speaks no TLS. */
  readonly insecure?: boolean;
  /** The user lists this host, as insecure or by a directory in `certs.d`: any answer may lead there. */
  readonly isListed?: boolean;
}

/** Where trust in hosts comes from: `certs.d`, an extra bundle, insecure hosts. */
export interface TrustSource {
  lookup(registry: string): Promise<HostTrust>;
}

/** One place from which content of a repository may be pulled. */
export interface Endpoint {
  readonly registry: string;
  readonly repository: string;
  readonly insecure: boolean;
}

/** The rules of `containers-registries.conf(5)`. */
export interface RegistryRules {
  /**
   * Gives the endpoints to try in order, the original last (unless rewritten); for pulls by tag the mirrors that are
   * `digest-only` are left out, and the other way round. A blocked registry has only its mirrors.
   * Throws RegistryError `BLOCKED` where a blocked registry has none.
   */
  endpoints(registry: string, repository: string, by: 'digest' | 'tag'): readonly Endpoint[];
}

/** How often and how patiently to try again. */
export interface RetryPolicy {
  /** Additional attempts after the first. */
  readonly times: number;
  /** Milliseconds between attempts; absent: 1 s doubled each time with jitter. `Retry-After` wins when longer. */
  readonly delayMs?: number;
  /** Milliseconds without a byte after which an exchange counts as broken. */
  readonly idleTimeoutMs?: number;
}

/** Everything one side of a mirror needs to reach its registries. */
export interface RegistriesOptions {
  readonly credentials: CredentialSource;
  readonly trust: TrustSource;
  readonly rules?: RegistryRules;
  readonly retry: RetryPolicy;
  /** Upper bound of requests in flight to one host; it adapts below that. */
  readonly parallel: number;
  readonly userAgent: string;
  /** How a host is trusted in the words of the door, as the end of a sentence: `or accept it by --dest-tls-verify=false`. */
  readonly trustAdvice?: string;
  /** The way to speak to a host over http in the words of the door, as the end of a sentence: `accept it by …`. */
  readonly plainAdvice?: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** Environment for HTTP_PROXY, HTTPS_PROXY, NO_PROXY (any case). */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
}
