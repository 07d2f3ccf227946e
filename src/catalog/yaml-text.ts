import { isMap, isScalar, parseDocument, type ScalarTag } from 'yaml';

const word = (pattern: RegExp, value: boolean): ScalarTag => ({
  tag: 'tag:yaml.org,2002:bool',
  default: true,
  test: pattern,
  identify: (other) => other === value,
  resolve: () => value,
});

/** Booleans and octal numbers as catalogs' other readers, which know YAML 1.1, have them. */
const olderTags: readonly ScalarTag[] = [
  word(/^(?:y|Y|yes|Yes|YES|on|On|ON)$/, true),
  word(/^(?:n|N|no|No|NO|off|Off|OFF)$/, false),
  {
    tag: 'tag:yaml.org,2002:int',
    default: true,
    test: /^0[0-7]+$/,
    identify: () => false,
    resolve: (text) => BigInt(`0o${text}`),
  },
];

/** ES2025's way to write a number as it stands; the compiler's library does not know it yet. */
const { rawJSON } = JSON as unknown as { readonly rawJSON: (text: string) => unknown };

/**
 * Gives the JSON text of one YAML document; `null` for one without content.
 *
 * Integers keep all their digits. Aliases are bounded, so that a few lines cannot become gigabytes.
 * @throws Error whose message says where the document is wrong.
 */
export function yamlToJson(text: string): string {
  const document = parseDocument(text, {
    customTags: (tags) => [...olderTags, ...tags],
    intAsBigInt: true,
    merge: true,
    // The last one wins, as in Go; so it does in JSON.
    uniqueKeys: false,
    prettyErrors: true,
    logLevel: 'error',
  });
  const [problem] = document.errors;
  if (problem) {
    // Behind the first line it shows the text.
    const [what = ''] = problem.message.split('\n');
    throw new Error(`${what.replace(/:$/, '')} of the document`);
  }
  return JSON.stringify(document.toJS(), (_, value: unknown) =>
    typeof value === 'bigint' ? rawJSON(String(value)) : value,
  );
}

/** Top-level keys that say what a document is. */
export interface DocumentKeys {
  readonly schema?: string;
  readonly package?: string;
  readonly name?: string;
}

const keyLine = /^(["']?)(schema|package|name)\1[ \t]*:(?:[ \t]+(.*))?$/gim;

/**
 * Finds the keys that say what a YAML document is without parsing it all: their lines begin at the margin.
 *
 * Gives `undefined` when they are not there as plain one-line texts; then only a parser can tell.
 */
export function peekKeys(text: string): DocumentKeys | undefined {
  // What is merged in may say more.
  if (/^["']?<<["']?[ \t]*:/m.test(text)) return undefined;
  const keys: Record<string, string> = {};
  for (const [line, , key = '', value = ''] of text.matchAll(keyLine)) {
    // A value of more lines, an anchor, an alias, a tag or a flow needs a parser.
    if (/^[|>&*!{[]/.test(value.trim()) || value.trim() === '') return undefined;
    const parsed = parseDocument(line, { logLevel: 'silent' });
    const pair = isMap(parsed.contents) ? parsed.contents.items[0] : undefined;
    const read = isScalar(pair?.value) ? pair.value.value : undefined;
    if (parsed.errors.length > 0 || typeof read !== 'string') return undefined;
    keys[key.toLowerCase()] = read;
  }
  return keys['schema'] === undefined ? undefined : keys;
}
