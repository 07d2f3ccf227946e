import { isRecord, type JsonObject, parseJson } from '../base/index.ts';

/** Says of a value what is wrong with it. */
export type FaultMaker = (why: string) => Error;

/** Matches strings, and the signs that open, close and divide. */
const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]/g;

interface Level {
  /** Keys so far; absent: the level is a list. */
  readonly keys?: Set<string>;
  isKeyNext: boolean;
}

/** Takes the next token inside an object; gives a key that the object has already. */
function takeToken(level: Level | undefined, token: string): string | undefined {
  if (!level?.keys || token === ':') return undefined;
  const isKey = level.isKeyNext;
  level.isKeyNext = token === ',';
  if (!isKey) return undefined;
  const key = String(JSON.parse(token));
  if (level.keys.has(key)) return key;
  level.keys.add(key);
  return undefined;
}

/** Gives a key that an object of a JSON text has twice. Readers disagree about which of the two counts. */
function repeatedKey(text: string): string | undefined {
  const levels: Level[] = [];
  for (const [token] of text.matchAll(tokens)) {
    if (token === '{') levels.push({ keys: new Set(), isKeyNext: true });
    else if (token === '[') levels.push({ isKeyNext: false });
    else if (token === '}' || token === ']') levels.pop();
    else {
      const twice = takeToken(levels.at(-1), token);
      if (twice !== undefined) return twice;
    }
  }
  return undefined;
}

/**
 * Parses a JSON object in which no key may stand twice: other programs could take the other value.
 * @throws the error that `fault` makes; ContentError `TOO_LARGE`, naming `what`
 */
export function parseStrictObject(text: string, what: string, fault: FaultMaker): JsonObject {
  let value: unknown;
  try {
    value = parseJson(text, what);
  } catch (cause) {
    throw cause instanceof SyntaxError ? fault('it is not JSON') : cause;
  }
  if (!isRecord(value)) throw fault('it is not a JSON object');
  const twice = repeatedKey(text);
  if (twice !== undefined) throw fault(`it has the key "${twice}" twice`);
  return value;
}

/** Refuses unknown keys, and missing ones that are required. */
export function checkKeys(
  object: JsonObject,
  {
    needed,
    known = [],
  }: { readonly needed: readonly string[]; readonly known?: readonly string[] },
  fault: FaultMaker,
): void {
  const missing = needed.find((key) => !(key in object));
  if (missing !== undefined) throw fault(`"${missing}" is missing`);
  const stray = Object.keys(object).find((key) => !needed.includes(key) && !known.includes(key));
  if (stray !== undefined) throw fault(`"${stray}" is no known key`);
}

/** Gives a field that is an object. */
export function readObjectField(object: JsonObject, key: string, fault: FaultMaker): JsonObject {
  const value = object[key];
  if (isRecord(value)) return value;
  throw fault(`"${key}" is not an object`);
}

/** Gives a field that is a text; empty where it is absent or null, as in Go. */
export function readTextField(object: JsonObject, key: string, fault: FaultMaker): string {
  const value = object[key] ?? '';
  if (typeof value === 'string') return value;
  throw fault(`"${key}" is not a text`);
}

/** Gives a field that is a list of texts; `undefined` where it is absent or null. */
export function readTextList(
  object: JsonObject,
  key: string,
  fault: FaultMaker,
): string[] | undefined {
  const value = object[key] ?? undefined;
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw fault(`"${key}" is not a list`);
  return value.map((one: unknown) => {
    if (typeof one === 'string') return one;
    throw fault(`"${key}" is not a list of texts`);
  });
}

/** Decodes base64 as Go does: whole groups of four, line breaks allowed; `undefined` for anything else. */
export function decodeBase64(text: string): Buffer | undefined {
  const bare = text.replaceAll(/[\r\n]/g, '');
  if (bare.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(bare)) return undefined;
  return Buffer.from(bare, 'base64');
}

/** Decodes the base64 of a field. */
export function decodeBytes(text: string, key: string, fault: FaultMaker): Buffer {
  const bytes = decodeBase64(text);
  if (bytes) return bytes;
  throw fault(`"${key}" is not base64`);
}

/** Gives a field that holds bytes in base64; `undefined` where it is absent or null. */
export function readBytesField(
  object: JsonObject,
  key: string,
  fault: FaultMaker,
): Buffer | undefined {
  if ((object[key] ?? undefined) === undefined) return undefined;
  return decodeBytes(readTextField(object, key, fault), key, fault);
}
