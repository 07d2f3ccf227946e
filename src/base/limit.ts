import { ContentError } from '../errors.ts';

/** A bound on something that is read: so many of a unit, and a sentence on why honest content never reaches it. */
export interface Limit {
  readonly most: number;
  /** In the plural: `levels of nesting`, `bytes after decompression`. */
  readonly unit: string;
  readonly why: string;
}

/** Bytes in a mebibyte. */
export const mebibyte = 1024 * 1024;

/** Bytes in a gibibyte. */
export const gibibyte = 1024 * mebibyte;

/** Makes a limit. */
export function atMost(most: number, unit: string, why: string): Limit {
  return { most, unit, why };
}

/** Writes the amount of a limit: bytes that are whole mebibytes as such. */
function amountOf({ most, unit }: Limit): string {
  const isWhole = unit.startsWith('bytes') && most >= mebibyte && most % mebibyte === 0;
  return isWhole ? `${most / mebibyte} MiB${unit.slice('bytes'.length)}` : `${most} ${unit}`;
}

/** Makes the error of a thing that is past a limit. */
export function overLimit(what: string, limit: Limit): ContentError {
  const amount = amountOf(limit);
  return new ContentError('TOO_LARGE', `${what} has more than ${amount}; that is the limit.`, {
    expected: `at most ${amount}`,
    hint: limit.why,
  });
}

/** Refuses a thing past a limit. @throws ContentError `TOO_LARGE`, naming the thing, the limit and the reason for it. */
export function checkLimit(what: string, found: number, limit: Limit): void {
  if (found > limit.most) throw overLimit(what, limit);
}

/**
 * Calls a function that recurses into a tree, and reports a tree that is too deep for the stack as one past the limit.
 * @throws ContentError `TOO_LARGE`; whatever `descend` throws.
 */
export function withinStack<T>(what: string, limit: Limit, descend: () => T): T {
  try {
    return descend();
  } catch (thrown) {
    if (thrown instanceof RangeError && /call stack/.test(thrown.message)) {
      throw overLimit(what, limit);
    }
    throw thrown;
  }
}
