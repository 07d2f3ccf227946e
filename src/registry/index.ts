/**
 * The distribution specification over HTTP, one file for each kind of thing it serves.
 *
 * This layer believes that a registry is a stranger: it may be slow, overrun, misconfigured or lying, and it may be any of
 * fourteen products. So content is verified while it streams (size, digest, nothing after), a body that breaks is resumed
 * where it broke, a request that fails for a moment is tried again and one that fails for good is not, and a host that
 * says "too many" gets fewer requests until it recovers. Absence is a value; "cannot" is an answer by name
 * (`UNSUPPORTED`), never guessed from a failure.
 *
 * Laws: `transport.ts` alone sends HTTP. Credentials go to the registry that asked and to a token service of its owner, over
 * TLS where the registry has TLS, and never along a redirect to another origin or into a log. Reading writes nothing, and
 * finding out how to authenticate opens no upload. A host is asked once for its scheme, challenge, tokens and missing
 * features. No blob is held whole. Bytes of manifests are passed on as they came.
 *
 * Optional features of the specification (mount, HEAD, ranges, one PUT) are tried and never needed: a refusal leads to the
 * next way. An address that an answer names is followed only as far as its namer may lead (`reach`), and credentials stay
 * with the owner of the registry (`owner`).
 *
 * From the bottom: `transport` sends, `circuit` gives up hosts that do not answer, `redirect` follows redirects, `auth`
 * authenticates, `limiter` bounds the load, `host` joins them into one registry, `retry` repeats. Above them `manifests`,
 * `blobs`, `upload`, `tags` and `referrers` handle content. `product` names the product by its first answer, and `refusal`
 * says which credentials were refused. `settings/` reads the files that people already have: credentials, certificates,
 * `registries.conf`.
 *
 * It refuses to know what an image set is, which side of a mirror it serves, and whether an action is wise.
 */
export { connect } from './connect.ts';
export { findManifest } from './manifests.ts';
export * from './options.ts';
export type { Product } from './product.ts';
export * from './repository.ts';
export {
  type CredentialOptions,
  createCredentialSource,
  createTrustSource,
  type HostRules,
  loadRegistryRules,
  type RegistriesConfOptions,
  type TrustOptions,
} from './settings/index.ts';
