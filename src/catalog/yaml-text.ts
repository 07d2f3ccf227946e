import { isMap, isScalar, parseDocument } from 'yaml';

/** Top-level keys that say what a document is. */
export interface DocumentKeys {
  readonly schema?: string;
  readonly package?: string;
  readonly name?: string;
}

/** Lines that are looked at by themselves; a document has three. */
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
 * Finds the keys that say what a YAML document is without parsing it all: their lines begin at the margin.
 *
 * Gives `undefined` when they are not there as plain one-line texts; then only a parser can tell.
 */
export function peekKeys(text: string): DocumentKeys | undefined {
  // What is merged in may say more.
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
