import { createHash } from 'node:crypto';
import { sortedUnique } from '../base/index.ts';

/** Joins repository and path to the identity of an image set: `github.com/acme/mirrors//clusters/prod.yaml`. */
export function identityOf(repository: string, path: string): string {
  return `${repository}//${path}`;
}

/** Tells whether a user may give this name to image sets: it must not look like an identity. */
export function isGivenName(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._:@/-]{0,199}$/.test(text) && !text.includes('//');
}

/** Splits an identity. One without a path is a given name, or a path that an older version recorded. */
export function readIdentity(identity: string): {
  readonly repository: string;
  readonly path: string | undefined;
} {
  const scheme = identity.startsWith('file://') ? 'file://'.length : 0;
  const end = identity.indexOf('//', scheme);
  if (end < 0) return { repository: identity, path: undefined };
  return { repository: identity.slice(0, end), path: identity.slice(end + 2) };
}

/** Hex digits of a key: short enough for names, long enough that two keys of one repository differ. */
const keyLength = 12;

/**
 * Names a target together with the image sets that a run is about.
 *
 * Order and repetition of the identities make no difference. Comments, artifacts, caches and directories of a run carry
 * the key, so that two jobs of a matrix never use each other's.
 * @param target `host[:port][/path]`
 */
export function runKey(target: string, identities: Iterable<string>): string {
  const text = JSON.stringify([target, ...sortedUnique(identities)]);
  return createHash('sha256').update(text).digest('hex').slice(0, keyLength);
}
