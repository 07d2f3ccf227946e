import { createHash } from 'node:crypto';
import { sortedUnique } from '../base/index.ts';

/** Hex digits of a key: short enough for names, long enough that two keys of one repository do not meet. */
const keyLength = 12;

/**
 * Names a target together with the image sets that a run is about.
 *
 * Order and repetition of the identities make no difference. Comments, artifacts, caches and directories of a run carry
 * the key, so that two jobs of a matrix never take each other's.
 * @param target `host[:port][/path]`
 */
export function runKey(target: string, identities: Iterable<string>): string {
  const text = JSON.stringify([target, ...sortedUnique(identities)]);
  return createHash('sha256').update(text).digest('hex').slice(0, keyLength);
}
