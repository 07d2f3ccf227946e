/**
 * Trust policies: they say whose signature an image needs before it is mirrored.
 *
 * A policy is a file of containers, so it is read here as containers read it. The rule of the narrowest scope alone decides. All
 * of its requirements have to be met, and one signature is enough for each. The policy has the keys, authorities and logs that
 * count. An image brings signatures, certificates and promises of a log: they are claims until they are verified, offline. The
 * ClusterImagePolicies of a release become such a policy.
 *
 * Laws: a part that is not understood does not count. No text can be read in two ways: an object has each key once, base64 is
 * whole, a chain ends at a root of the policy. A certificate counts at the time that a log of the policy recorded, or now. Where a
 * key cannot be used, the images that need it are rejected, never accepted. Every size is bounded.
 *
 * The layer also knows the OpenPGP messages with which releases are signed. It refuses to know plans and targets.
 */
export { clusterTrustPolicy } from './cluster-policy.ts';
export * from './docker-name.ts';
export { armoredBlocks } from './gpg-rule.ts';
export * from './judge.ts';
export { trustLimits } from './limits.ts';
export { readSignedMessage, type SignedMessage } from './openpgp-message.ts';
export { type OldSignature, readOldSignature, verifyOldSignature } from './openpgp-v3.ts';
export {
  chooseRule,
  loadTrustPolicy,
  parseTrustPolicy,
  type TrustFiles,
  type TrustPolicy,
} from './policy.ts';
export { loadSignaturePlaces } from './registries-d.ts';
