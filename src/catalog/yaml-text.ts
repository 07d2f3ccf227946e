import { isMap, isScalar, parseDocument } from 'yaml';

/** Top-level keys that identify a document. */
export interface DocumentKeys {
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
export function peekKeys(text: string): DocumentKeys | undefined {
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
