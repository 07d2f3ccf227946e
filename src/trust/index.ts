/**
 * Trust policies: they say whose signature an image needs before it is mirrored.
 *
 * A policy is a file of containers, so it is read here as containers read it: the rule of the narrowest scope alone decides, all of
 * its requirements have to be met, and one signature is enough for each. The keys, authorities and logs that count stand in the
 * policy; all that an image brings along (signatures, certificates, promises of a log) is a claim until it is verified. Everything is verified
 * offline.
 *
 * Laws: a thing that is not understood does not count. No text is read in two ways: keys of objects stand once, base64 is whole, a chain ends
 * at a root of the policy. A certificate counts at the time that a log of the policy recorded, or now. Where a key cannot be used,
 * the images that need it are rejected, never accepted. Every size is bounded.
 *
 * The layer knows the OpenPGP messages that releases are signed with too. It refuses to know plans and targets.
 */
export { clusterTrustPolicy } from './cluster-policy.ts';
export * from './docker-name.ts';
export type { SignatureSearch, Signed } from './find-signatures.ts';
export * from './judge.ts';
export { trustLimits } from './limits.ts';
export { armoredBlocks } from './openpgp-armor.ts';
export { readSignedMessage, type SignedMessage } from './openpgp-message.ts';
export { type OldSignature, readOldSignature, verifyOldSignature } from './openpgp-v3.ts';
export {
  chooseRule,
  loadTrustPolicy,
  parseTrustPolicy,
  type TrustFiles,
  type TrustPolicy,
} from './policy.ts';
export { loadSignaturePlaces, type SignaturePlaces } from './registries-d.ts';
