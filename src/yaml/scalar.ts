/** A scalar as Go's YAML reader resolves it; a number keeps its JSON text, so that no digit is lost. */
export type ScalarValue =
  | { readonly kind: 'null' }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'number'; readonly value: string }
  | { readonly kind: 'string'; readonly value: string };

const trueWords = new Set(
  ['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE'].concat('on', 'On', 'ON'),
);
const falseWords = new Set(
  ['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE'].concat('off', 'Off', 'OFF'),
);
const nullWords = new Set(['', '~', 'null', 'Null', 'NULL']);
const notFinite = /^(?:\.(?:nan|NaN|NAN)|[-+]?\.(?:inf|Inf|INF))$/;
const floatPattern = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const integerPattern =
  /^([-+]?)(?:(0[bB][01]+)|(0[xX][0-9a-fA-F]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))$/;
/** The four layouts of a timestamp that Go's reader knows; it gives their text. */
const timestampPattern =
  /^\d{4}-\d{1,2}-\d{1,2}(?:[Tt]\d{1,2}:\d{1,2}:\d{1,2}(?:[.,]\d+)?(?:Z|[-+]\d{2}:\d{2})| \d{1,2}:\d{1,2}:\d{1,2}(?:[.,]\d+)?)?$/;

const maxInt64 = 2n ** 63n - 1n;
const maxUint64 = 2n ** 64n - 1n;

function readInteger(text: string): string | undefined {
  const match = integerPattern.exec(text);
  if (!match) return undefined;
  const [, sign, binary, hex, octal, decimal] = match;
  const digits = BigInt(binary ?? hex ?? (octal === undefined ? (decimal ?? '') : `0o${octal}`));
  if (sign === '-') return digits <= maxInt64 + 1n ? String(-digits) : undefined;
  // Go parses an unsigned number only without a sign.
  return digits <= (sign ? maxInt64 : maxUint64) ? String(digits) : undefined;
}

function readFloat(text: string): string | undefined {
  if (!floatPattern.test(text)) return undefined;
  const value = Number(text);
  if (!Number.isFinite(value)) return undefined;
  return Object.is(value, -0) ? '-0' : String(value);
}

function readNumber(text: string): string | undefined {
  const first = text[0] ?? '';
  if (first === '.') return readFloat(text);
  if (!/[-+0-9]/.test(first) || timestampPattern.test(text)) return undefined;
  const plain = text.replaceAll('_', '');
  return readInteger(plain) ?? readFloat(plain);
}

/**
 * Resolves a plain scalar by the rules of YAML 1.1 as go-yaml v2 has them.
 *
 * `y`, `on`, `No` are booleans, `010` is eight, `1_000` a thousand, `0x1F` thirty-one; sexagesimals and timestamps
 * stay text. Infinities and NaN give `undefined`: JSON cannot say them.
 * @see https://yaml.org/type/ and go.yaml.in/yaml/v2, resolve
 */
export function resolveScalar(text: string): ScalarValue | undefined {
  if (nullWords.has(text)) return { kind: 'null' };
  if (trueWords.has(text)) return { kind: 'bool', value: true };
  if (falseWords.has(text)) return { kind: 'bool', value: false };
  if (notFinite.test(text)) return undefined;
  const number = readNumber(text);
  return number === undefined ? { kind: 'string', value: text } : { kind: 'number', value: number };
}
