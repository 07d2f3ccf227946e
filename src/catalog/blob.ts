import { isMap, isScalar, parseDocument } from 'yaml';
import { isRecord, type JsonObject, parseJson } from '../base/index.ts';
import { yamlToJson } from '../yaml/index.ts';
import type { CatalogBlob } from './model.ts';
import { readDocument } from './shape.ts';

/** Top-level keys that identify a document. */
interface DocumentKeys {
  readonly schema?: string;
  readonly package?: string;
  readonly name?: string;
}

/** The number of such lines that are read; a document has three. */
const maxKeyLines = 16;
/** Characters of such a line; names have at most 253. */
const maxKeyLength = 4096;

const keyLine = /^(["']?)(schema|package|name)\1[ \t]*:(?:[ \t]+(.*))?$/gim;

/** Reads a line that holds one key and a plain text; `undefined` for anything else. */
function textOn(line: string, value: string): string | undefined {
  if (value.length > maxKeyLength) return undefined;
  // A value of more lines, an anchor, an alias, a tag or a flow needs a parser.
  if (/^[|>&*!{[]/.test(value.trim()) || value.trim() === '') return undefined;
  const parsed = parseDocument(line, { logLevel: 'silent' });
  const pair = isMap(parsed.contents) ? parsed.contents.items[0] : undefined;
  const read = isScalar(pair?.value) ? pair.value.value : undefined;
  return parsed.errors.length === 0 && typeof read === 'string' ? read : undefined;
}

/**
 * Finds the keys that identify a YAML document without parsing it: their lines are not indented.
 *
 * Gives `undefined` if they are not plain one-line texts; then the document must be parsed.
 */
function peekKeys(text: string): DocumentKeys | undefined {
  // A merged map may contain such keys.
  if (/^["']?<<["']?[ \t]*:/m.test(text)) return undefined;
  const keys: Record<string, string> = {};
  let lines = 0;
  for (const [line, , key = '', value = ''] of text.matchAll(keyLine)) {
    lines += 1;
    const read = lines > maxKeyLines ? undefined : textOn(line, value);
    if (read === undefined) return undefined;
    keys[key.toLowerCase()] = read;
  }
  return keys['schema'] === undefined ? undefined : keys;
}

/** How a document is written. */
export type DocumentFormat = 'json' | 'yaml';

/** Which package a document belongs to; empty for none. */
function packageOf({ schema, package: owner, name }: DocumentKeys): string {
  return (schema === 'olm.package' ? name : owner) ?? '';
}

function keyOf(value: JsonObject, key: string): string | undefined {
  // Go, in which catalogs' other readers are written, takes these keys in any case.
  const found = key in value ? key : Object.keys(value).find((one) => one.toLowerCase() === key);
  const text = found === undefined ? undefined : value[found];
  if (text === undefined || typeof text === 'string') return text;
  throw new Error(`"${key}" is not a text`);
}

function rejectEqualKeys(value: JsonObject): void {
  const seen = new Set<string>();
  for (const key of Object.keys(value)) {
    const folded = key.toLowerCase();
    if (seen.has(folded)) throw new Error(`duplicate keys for key "${folded}"`);
    seen.add(folded);
  }
}

function keysOf(value: JsonObject): DocumentKeys & { readonly schema: string } {
  const schema = keyOf(value, 'schema');
  const owner = keyOf(value, 'package');
  const name = keyOf(value, 'name');
  if (!schema) throw new Error('an object is missing root schema field');
  return { schema, ...(owner && { package: owner }), ...(name && { name }) };
}

function parseObject(json: string): JsonObject {
  const value: unknown = parseJson(json, 'The document') ?? {};
  if (!isRecord(value)) throw new Error('a document is not an object');
  rejectEqualKeys(value);
  return value;
}

/**
 * Parses one document.
 *
 * It is refused where OLM's own reader refuses it: without content or schema, or with a list where a text should be.
 * @throws Error whose message says what is wrong, for the caller to say where.
 */
export function parseBlob(text: string, format: DocumentFormat): CatalogBlob {
  const json = format === 'json' ? text : yamlToJson(text);
  const value = parseObject(json);
  const { schema, name, ...keys } = keysOf(value);
  const owner = packageOf({ schema, ...(name && { name }), ...keys });
  return {
    schema,
    ...(owner && { package: owner }),
    ...(name && { name }),
    value: readDocument(value, schema),
    text: json,
  };
}

/**
 * Tells which package a document belongs to; the empty name for none.
 *
 * JSON is parsed and thereby checked. YAML is a hundred times slower to parse, so it is only looked at where that
 * suffices; its errors show when it is read.
 * @throws Error whose message says what is wrong.
 */
export function identify(text: string, format: DocumentFormat): string {
  const keys = format === 'yaml' ? peekKeys(text) : undefined;
  // Documents of no package are few, and a broken one spoils the whole catalog: they are read closely.
  const owner = keys && packageOf(keys);
  if (owner) return owner;
  return parseBlob(text, format).package ?? '';
}

/** Packages that a broken document speaks of, and whether these are all. */
export interface GuessedPackages {
  readonly packages: readonly string[];
  readonly isAll: boolean;
}

/** Characters of a broken document that are looked at; the keys that name its package stand near its beginning. */
const guessedLength = 1024 * 1024;

/** Names that are believed; a document has one. */
const guessedNames = 1000;

/**
 * Lists the packages that a document which cannot be parsed speaks of, as far as its text tells.
 *
 * It rather names one too many: a package is then refused that might have been whole.
 */
export function guessPackages(whole: string): GuessedPackages {
  const text = whole.slice(0, guessedLength);
  const found = text.matchAll(
    /(?:^|[\s{,])["']?package["']?\s{0,100}:\s{0,100}(?!null\b)["']?([^"'\s,}[{]{1,512})/gi,
  );
  const packages = new Set<string>();
  for (const [, name = ''] of found) {
    packages.add(name);
    if (packages.size === guessedNames) break;
  }
  const ofPackage =
    /["']?schema["']?\s{0,100}:\s{0,100}["']?olm\.package["']?\s{0,100}(?:,|$|\n)/.test(text)
      ? /(?:^|[\s{,])["']?name["']?\s{0,100}:\s{0,100}["']?([^"'\s,}]{1,512})/.exec(text)
      : undefined;
  if (ofPackage?.[1]) packages.add(ofPackage[1]);
  const isAll = text.length === whole.length && packages.size < guessedNames;
  return { packages: [...packages], isAll };
}
