import { type KeyObject, verify } from 'node:crypto';
import { messageOf } from '../errors.ts';
import { type Certificate, parseCertificate } from './certificate.ts';
import { verifyChain } from './chain.ts';
import { derTags, derValues } from './der.ts';
import { firstPemBlock, pemBlocks, readPublicKey, unusable } from './pem.ts';
import { verifyLogPromise } from './rekor.ts';
import type { FulcioRoot, KeySource, PkiRoot, SigstoreSigned } from './requirement.ts';
import { checkSignedText, type SignedImage, signedTextTypes } from './signed-text.ts';
import { decodeBase64 } from './strict-json.ts';

/** A signature as cosign attaches it to an image: a layer and its annotations. */
export interface CosignSignature {
  readonly mediaType: string;
  readonly payload: Uint8Array;
  readonly annotations: Readonly<Record<string, string>>;
}

/** The keys and certificates of a requirement, read from its files. */
export type CosignTrust = {
  readonly rekor: readonly KeyObject[] | undefined;
} & (
  | { readonly kind: 'keys'; readonly keys: readonly KeyObject[] }
  | { readonly kind: 'fulcio'; readonly root: FulcioRoot; readonly roots: readonly Certificate[] }
  | {
      readonly kind: 'pki';
      readonly root: PkiRoot;
      readonly roots: readonly Certificate[];
      readonly intermediates: readonly Certificate[];
    }
);

/** Reads the keys or certificates that a source names. */
export type KeyReader = (source: KeySource) => Promise<readonly Uint8Array[]>;

const annotations = {
  signature: 'dev.cosignproject.cosign/signature',
  promise: 'dev.sigstore.cosign/bundle',
  certificate: 'dev.sigstore.cosign/certificate',
  chain: 'dev.sigstore.cosign/chain',
} as const;

/** The media type of a layer that is a signature; attestations have others. */
export const cosignSignatureType = 'application/vnd.dev.cosign.simplesigning.v1+json';

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString();
}

/** Reads certificates of authorities, and skips blocks of other kinds, as readers of a system's bundle do. */
function readRoots(texts: readonly Uint8Array[], what: string): readonly Certificate[] {
  const blocks = texts.flatMap((bytes) => pemBlocks(textOf(bytes), what));
  const certificates = blocks.filter(({ label }) => label === 'CERTIFICATE');
  const roots = certificates.map(({ bytes }) => parseCertificate(bytes));
  if (roots.length > 0) return roots;
  throw unusable(`${what} has no certificates`);
}

function readChain(text: string | undefined): readonly Certificate[] {
  const all = pemBlocks(text ?? '', 'the chain of the signature').map(({ bytes }) =>
    parseCertificate(bytes),
  );
  // The last one is the root: only the policy says which roots count.
  return all.slice(0, -1);
}

function readLogKey(bytes: Uint8Array): KeyObject {
  const key = readPublicKey(textOf(bytes));
  if (key.asymmetricKeyType === 'ec') return key;
  throw unusable('a key of a transparency log is not ECDSA');
}

/**
 * Reads the keys and certificates of a requirement.
 * @throws ContentError `SIGNATURE_INVALID` for a key that cannot be used; any error of `read`
 */
export async function readCosignTrust(
  { root, rekor: log }: SigstoreSigned,
  read: KeyReader,
): Promise<CosignTrust> {
  const rekor = log && (await read(log)).map(readLogKey);
  switch (root.kind) {
    case 'keys': {
      const keys = (await read(root.keys)).map((bytes) => readPublicKey(textOf(bytes)));
      return { kind: 'keys', keys, rekor };
    }
    case 'fulcio': {
      const roots = readRoots(await read(root.ca), 'the Fulcio authority of the policy');
      return { kind: 'fulcio', root, roots, rekor };
    }
    case 'pki': {
      const roots = readRoots(await read(root.roots), 'the authority of the policy');
      const more = root.intermediates ? await read(root.intermediates) : [];
      const blocks = more.flatMap((bytes) =>
        pemBlocks(textOf(bytes), 'the intermediates of the policy'),
      );
      const intermediates = blocks.map(({ bytes }) => parseCertificate(bytes));
      return { kind: 'pki', root, roots, intermediates, rekor };
    }
  }
}

function needed({ annotations: given }: CosignSignature, name: string): string {
  const text = given[name];
  if (text !== undefined) return text;
  throw unusable(`the signature has no annotation ${name}`);
}

function readLeaf(signature: CosignSignature): Certificate {
  const blocks = pemBlocks(
    needed(signature, annotations.certificate),
    'the certificate of the signature',
  );
  const [leaf, ...others] = blocks;
  if (leaf && others.length === 0) return parseCertificate(leaf.bytes);
  throw unusable('the signature has not exactly one certificate');
}

/** Gives the issuer of the identity that sigstore certified; certificates have it in an old form, a current one, or both. */
function issuerOf({ extensions }: Certificate): string | undefined {
  const old = extensions.get('1.3.6.1.4.1.57264.1.1')?.value.toString();
  const encoded = extensions.get('1.3.6.1.4.1.57264.1.8')?.value;
  const values = encoded ? derValues(encoded) : [];
  const isText = values.length === 1 && values[0]?.tag === derTags.utf8;
  if (encoded && !isText) return undefined;
  const current = values[0]?.body.toString();
  return old !== undefined && current !== undefined && old !== current
    ? undefined
    : (old ?? current);
}

function checkEmail({ names }: Certificate, email: string): void {
  if (names.emails.includes(email)) return;
  throw unusable(
    `the certificate is of ${names.emails.join(', ') || 'an identity without an address'}, not of ${email}`,
  );
}

function keyOfFulcio(
  signature: CosignSignature,
  trust: CosignTrust & { kind: 'fulcio' },
  value: Buffer,
) {
  const promise = needed(signature, annotations.promise);
  const leaf = readLeaf(signature);
  const written = firstPemBlock(needed(signature, annotations.certificate));
  if (written?.rest !== '') throw unusable('something follows the certificate of the signature');
  const logged = { signer: written.bytes, signature: value, payload: signature.payload };
  const at = verifyLogPromise(promise, trust.rekor ?? [], logged);
  const intermediates = readChain(signature.annotations[annotations.chain]);
  verifyChain(leaf, { roots: trust.roots, intermediates, at, unknownNames: 'accepted' });
  const issuer = issuerOf(leaf);
  if (issuer !== trust.root.oidcIssuer) {
    throw unusable(
      `the identity was issued by ${issuer ?? 'an unknown issuer'}, not by ${trust.root.oidcIssuer}`,
    );
  }
  checkEmail(leaf, trust.root.subjectEmail);
  return leaf.x509.publicKey;
}

function checkHost({ x509, names: has }: Certificate, host: string): void {
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  // The module node:net has a test for addresses, but it belongs to the registry layer.
  const isAddress = /^[0-9.]+$|:/.test(bare);
  const names = { subject: 'never', partialWildcards: false } as const;
  const isThere = isAddress ? x509.checkIP(bare) : x509.checkHost(host, names);
  if (isThere !== undefined) return;
  throw unusable(`the certificate is of ${has.hosts.join(', ') || 'no host'}, not of ${host}`);
}

function keyOfPki(signature: CosignSignature, trust: CosignTrust & { kind: 'pki' }, now: Date) {
  const leaf = readLeaf(signature);
  const more = readChain(signature.annotations[annotations.chain]);
  const intermediates = [...trust.intermediates, ...more];
  verifyChain(leaf, { roots: trust.roots, intermediates, at: now, unknownNames: 'refused' });
  const { subjectEmail, subjectHostname } = trust.root;
  if (subjectEmail !== '') checkEmail(leaf, subjectEmail);
  if (subjectHostname !== '') checkHost(leaf, subjectHostname);
  return leaf.x509.publicKey;
}

/** Gives the first key whose use the transparency log recorded; all keys where the policy asks for no log. */
function loggedKeys(
  signature: CosignSignature,
  trust: CosignTrust & { kind: 'keys' },
  value: Buffer,
) {
  const { rekor } = trust;
  if (rekor === undefined) return trust.keys;
  const promise = needed(signature, annotations.promise);
  let refusal: unknown;
  for (const key of trust.keys) {
    const signer = key.export({ type: 'spki', format: 'der' });
    try {
      verifyLogPromise(promise, rekor, { signer, signature: value, payload: signature.payload });
      return [key];
    } catch (thrown) {
      refusal ??= thrown;
    }
  }
  throw refusal ?? unusable('the policy names no key');
}

function keysFor(
  signature: CosignSignature,
  trust: CosignTrust,
  given: { value: Buffer; now: Date },
) {
  switch (trust.kind) {
    case 'keys':
      return loggedKeys(signature, trust, given.value);
    case 'fulcio':
      return [keyOfFulcio(signature, trust, given.value)];
    case 'pki':
      return [keyOfPki(signature, trust, given.now)];
  }
}

function isSignedBy(key: KeyObject, payload: Uint8Array, value: Buffer): boolean {
  const algorithm = key.asymmetricKeyType?.startsWith('ed') ? null : 'sha256';
  try {
    return verify(algorithm, payload, key, value);
  } catch (thrown) {
    throw unusable(`a key cannot verify signatures (${messageOf(thrown)})`);
  }
}

/**
 * Refuses a cosign signature that does not meet a requirement.
 *
 * A certificate of `pki` has to be valid `now`. One of Fulcio has to be valid at the time at which the log recorded the signature.
 * @throws ContentError `SIGNATURE_INVALID` with the reason
 */
export function checkCosignSignature(
  signature: CosignSignature,
  trust: CosignTrust,
  facts: {
    readonly requirement: SigstoreSigned;
    readonly image: SignedImage;
    readonly now: Date;
  },
): void {
  const value = decodeBase64(needed(signature, annotations.signature));
  if (!value) throw unusable('the signature is not base64');
  const keys = keysFor(signature, trust, { value, now: facts.now });
  if (!keys.some((key) => isSignedBy(key, signature.payload, value))) {
    throw unusable('no key of the policy made the signature');
  }
  const { image, requirement } = facts;
  checkSignedText(signature.payload, signedTextTypes.cosign, {
    image,
    identity: requirement.identity,
  });
}
