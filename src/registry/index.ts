/**
 * The distribution specification over HTTP, one file for each kind of thing it serves.
 *
 * This layer believes that a registry is a stranger: it may be slow, overrun, misconfigured or lying, and it may be any of
 * fourteen products. So content is verified while it streams (size, digest, nothing after), a body that breaks is resumed
 * where it broke, what fails for a moment is tried again with patience and what fails for good is not, and a host that
 * says "too many" gets fewer requests until it recovers. Absence is a value; "cannot" is an answer by name
 * (`UNSUPPORTED`), never guessed from a failure.
 *
 * Laws: `transport.ts` alone sends HTTP. Credentials go to the registry that asked and to the token service it names, over
 * TLS where the registry has TLS, and never along a redirect to another origin or into a log. Reading writes nothing, and
 * finding out how to authenticate opens no upload. What is known of a host (scheme, challenge, tokens, what it lacks) is
 * asked once. No blob is held whole. Bytes of manifests are passed on as they came.
 *
 * From the bottom: `transport` sends, `redirect` follows, `auth` proves, `limiter` bounds, `host` joins them into one
 * registry, `retry` repeats; above them `manifests`, `blobs`, `upload`, `tags` and `referrers` speak of content. Beside them
 * stand the files that people already have: credentials, certificates, `registries.conf`.
 *
 * It refuses to know what an image set is, which side of a mirror it serves, and whether a deed is wise.
 */
export { connect } from './connect.ts';
export { type CredentialOptions, createCredentialSource } from './credentials.ts';
export * from './options.ts';
export { loadRegistryRules, type RegistriesConfOptions } from './registries-conf.ts';
export type { HostRules } from './registry-rule.ts';
export * from './repository.ts';
export { createTrustSource, type TrustOptions } from './trust.ts';
