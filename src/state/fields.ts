import { isRecord } from '../base/index.ts';
import { PlanError } from '../errors.ts';
import { type Digest, isDigest } from '../oci/index.ts';

/** Takes the fields of one line, each once and each checked; `end` refuses what was not taken. */
export interface Fields {
  text(key: string, pattern?: RegExp): string;
  optionalText(key: string): string | undefined;
  digest(key: string): Digest;
  optionalDigest(key: string): Digest | undefined;
  /** A whole number, 0 or more. */
  count(key: string): number;
  texts(key: string): readonly string[];
  optionalTexts(key: string): readonly string[] | undefined;
  optionalDigests(key: string): readonly Digest[] | undefined;
  objects(key: string): readonly Fields[];
  optionalObjects(key: string): readonly Fields[] | undefined;
  /** An object whose values are whole numbers. */
  counts(key: string): ReadonlyMap<string, number>;
  optionalObject(key: string): Fields | undefined;
  end(): void;
}

const remedy =
  'Take an older state from the history of the target, or remove the state: a run then adopts what it finds in the target.';

/** Makes the error for stored state that cannot be read. */
export function unreadableState(what: string, cause?: unknown): PlanError {
  return new PlanError('STATE_FORMAT', `The stored state cannot be read: ${what}.`, {
    hint: remedy,
    cause,
  });
}

/** Reads something that is stored under a name; when it cannot be read, the error names it. */
export async function unreadableIn<T>(place: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (thrown) {
    if (!(thrown instanceof PlanError)) throw thrown;
    throw new PlanError(thrown.code as 'STATE_FORMAT', `${place}: ${thrown.message}`, {
      cause: thrown.cause,
      hint:
        thrown.hint === remedy
          ? `Remove ${place} if nothing else explains it: a run then goes on with the other entries of the state, and adopts what it finds in the target.`
          : thrown.hint,
    });
  }
}

/**
 * Opens a decoded JSON value for strict reading.
 *
 * Shape: `where` names the value in errors (`line 7`); what the value holds is not quoted, for it may be hostile.
 * @throws PlanError `STATE_FORMAT`, from here and from every field, when something is missing, of the wrong kind or unknown.
 */
export function openFields(value: unknown, where: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw unreadableState(`${where} is not an object`);
  }
  const left = new Map<string, unknown>(Object.entries(value));

  function take<T>(key: string, isRight: (found: unknown) => found is T, kind: string): T {
    const found = left.get(key);
    left.delete(key);
    if (!isRight(found)) throw unreadableState(`"${key}" of ${where} is not ${kind}`);
    return found;
  }
  const object = (found: unknown, key: string) => openFields(found, `"${key}" of ${where}`);
  const objects = (key: string) =>
    take(key, Array.isArray, 'a list').map((found) => object(found, key));

  return {
    text: (key, pattern) => take(key, (found) => isMatch(found, pattern), 'valid text'),
    optionalText: (key) => (left.has(key) ? take(key, isText, 'text') : undefined),
    digest: (key) => take(key, isDigestText, 'a digest'),
    optionalDigest: (key) => (left.has(key) ? take(key, isDigestText, 'a digest') : undefined),
    count: (key) => take(key, isCount, 'a whole number'),
    texts: (key) => take(key, isTexts, 'a list of texts'),
    optionalTexts: (key) => (left.has(key) ? take(key, isTexts, 'a list of texts') : undefined),
    optionalDigests: (key) =>
      left.has(key) ? take(key, isDigests, 'a list of digests') : undefined,
    objects,
    optionalObjects: (key) => (left.has(key) ? objects(key) : undefined),
    counts: (key) => new Map(Object.entries(take(key, isCounts, 'an object of whole numbers'))),
    optionalObject: (key) =>
      left.has(key) ? object(take(key, isSomething, 'an object'), key) : undefined,
    end() {
      if (left.size > 0) throw unreadableState(`${where} has unknown fields`);
    },
  };
}

function isText(found: unknown): found is string {
  return typeof found === 'string';
}

function isMatch(found: unknown, pattern = /[\s\S]/): found is string {
  return isText(found) && pattern.test(found);
}

function isDigestText(found: unknown): found is Digest {
  return isText(found) && isDigest(found);
}

function isCount(found: unknown): found is number {
  return Number.isSafeInteger(found) && (found as number) >= 0;
}

function isCounts(found: unknown): found is Record<string, number> {
  return isRecord(found) && Object.values(found).every(isCount);
}

function isTexts(found: unknown): found is string[] {
  return Array.isArray(found) && found.every(isText);
}

function isDigests(found: unknown): found is Digest[] {
  return isTexts(found) && found.every(isDigestText);
}

function isSomething(found: unknown): found is unknown {
  return found !== undefined;
}
