import { checkLimit } from '../base/index.ts';
import { type Certificate, strangeExtension, type UnknownNames } from './certificate.ts';
import { trustLimits } from './limits.ts';
import { unusable } from './pem.ts';

/** The certificates that a chain is built of, and the time at which they have to be valid. */
export interface ChainFacts {
  readonly roots: readonly Certificate[];
  /** Certificates between the leaf and a root. They are not trusted: they only lead from one to the next. */
  readonly intermediates: readonly Certificate[];
  readonly at: Date;
  readonly unknownNames: UnknownNames;
}

/** Algorithms of signatures whose hashes are broken: MD5 and SHA-1. */
const brokenHashes: ReadonlySet<string> = new Set([
  '1.2.840.113549.1.1.4',
  '1.2.840.113549.1.1.5',
  '1.2.840.10045.4.1',
]);

const codeSigning = '1.3.6.1.5.5.7.3.3';
const anyUsage = '2.5.29.37.0';

type Chain = readonly [Certificate, ...Certificate[]];

/** Gives the reason for which a certificate does not count, or `undefined`. */
function refusalOf(one: Certificate, { at, unknownNames }: ChainFacts): string | undefined {
  const strange = strangeExtension(one, unknownNames);
  if (strange !== undefined) return `it has the extension ${strange}, which is not understood`;
  if (at < one.notBefore) return `it is valid only from ${one.notBefore.toISOString()}`;
  if (at > one.notAfter) return `it was valid until ${one.notAfter.toISOString()}`;
  return undefined;
}

function signs(parent: Certificate, child: Certificate): boolean {
  const isAuthority = parent.constraints?.isAuthority ?? !parent.isVersion3;
  if (!isAuthority || !parent.maySign) return false;
  if (brokenHashes.has(child.signatureOid)) return false;
  try {
    return child.x509.verify(parent.x509.publicKey);
  } catch {
    return false;
  }
}

/** Tells whether a chain has a certificate of the same subject and key, issued by any authority. */
function isIn(chain: Chain, one: Certificate): boolean {
  return chain.some(
    ({ subject, publicKey }) => subject.equals(one.subject) && publicKey.equals(one.publicKey),
  );
}

function isPathShortEnough(parent: Certificate, chain: Chain): boolean {
  const most = parent.constraints?.maxPath;
  return most === undefined || chain.length - 1 <= most;
}

function mayFollow(parent: Certificate, chain: Chain, facts: ChainFacts): boolean {
  const child = chain[chain.length - 1] ?? chain[0];
  return (
    parent.subject.equals(child.issuer) &&
    !isIn(chain, parent) &&
    signs(parent, child) &&
    refusalOf(parent, facts) === undefined &&
    isPathShortEnough(parent, chain)
  );
}

/** Tells whether a chain may sign code: each of its certificates that names usages has to name this one. */
function mayCode(chain: Chain): boolean {
  return chain.every(
    ({ usages }) =>
      usages.length === 0 || usages.includes(anyUsage) || usages.includes(codeSigning),
  );
}

interface Search extends ChainFacts {
  tries: number;
}

function hasChain(chain: Chain, search: Search): boolean {
  search.tries += search.roots.length + search.intermediates.length;
  checkLimit('A chain of certificates', search.tries, trustLimits.certificatePath);
  const roots = search.roots.filter((root) => mayFollow(root, chain, search));
  if (roots.some((root) => mayCode([...chain, root]))) return true;
  return search.intermediates
    .filter((one) => one.constraints?.isAuthority === true && mayFollow(one, chain, search))
    .some((one) => hasChain([...chain, one], search));
}

/**
 * Refuses a certificate from which no chain for the signing of code leads to a root.
 *
 * Every certificate of the chain has to be valid `at` the same time. One rule is stricter than that of containers: certificates
 * with constraints of names are not accepted.
 * @throws ContentError `SIGNATURE_INVALID`, `TOO_LARGE`
 * @see RFC 5280, 6.1, and Go, crypto/x509, "Certificate.Verify"
 */
export function verifyChain(leaf: Certificate, facts: ChainFacts): void {
  const refusal = refusalOf(leaf, facts);
  if (refusal !== undefined) throw unusable(`the certificate does not count: ${refusal}`);
  const isRoot = facts.roots.some(({ x509 }) => x509.raw.equals(leaf.x509.raw));
  if (isRoot ? mayCode([leaf]) : hasChain([leaf], { ...facts, tries: 0 })) return;
  throw unusable('the certificate was not issued for code by an authority that the policy names');
}
