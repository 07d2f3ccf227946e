import { ContentError } from '../errors.ts';
import { atMost, checkLimit, type Limit } from './limit.ts';
import { compareText } from './order.ts';

/** A decoded JSON object whose fields are not known yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** How much a JSON text may hold. */
export interface JsonLimits {
  readonly depth: Limit;
  readonly values: Limit;
}

/** The limits of a JSON text where its reader names no others. */
export const jsonLimits: JsonLimits = {
  depth: atMost(
    256,
    'levels of nesting',
    'Manifests, graphs and catalogs have fewer than 40 levels, schemas of custom resources included.',
  ),
  values: atMost(
    1_000_000,
    'values',
    'The largest document of a real catalog has some ten thousand values; most of its bytes are texts.',
  ),
};

const quote = 0x22;
const comma = 0x2c;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** Gives the index behind the quote that ends a string, or the end of the text. */
function behindString(text: string, start: number): number {
  let end = text.indexOf('"', start);
  while (end >= 0) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === backslash) slashes += 1;
    if (slashes % 2 === 0) return end + 1;
    end = text.indexOf('"', end + 1);
  }
  return text.length;
}

/** Counts the levels and values of a JSON text without making any of them; of a broken text, at least as many. */
function measure(text: string): { readonly depth: number; readonly values: number } {
  let depth = 0;
  let deepest = 0;
  let values = 1;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) at = behindString(text, at + 1) - 1;
    else if (code === comma) values += 1;
    else if (code === openBrace || code === openBracket) {
      values += 1;
      depth += 1;
      if (depth > deepest) deepest = depth;
    } else if (code === closeBrace || code === closeBracket) depth -= 1;
  }
  return { depth: deepest, values };
}

/**
 * Parses JSON after its levels and values were counted, so that a few megabytes cannot become gigabytes of objects, and
 * recursion over the value ends.
 * @throws ContentError `TOO_LARGE`, naming `what`; SyntaxError when the text is no JSON.
 */
export function parseJson(text: string, what: string, limits: JsonLimits = jsonLimits): unknown {
  const { depth, values } = measure(text);
  checkLimit(what, depth, limits.depth);
  checkLimit(what, values, limits.values);
  return JSON.parse(text);
}

/** Tells whether a decoded value is a JSON object. */
export function isRecord(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Gives a decoded value as an object; anything else is an empty one. */
export function asObject(value: unknown): JsonObject {
  return isRecord(value) ? value : {};
}

/** Gives a decoded value as a text; anything else is an empty one. */
export function textOrEmpty(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Gives the objects of a decoded list; anything else is left out. */
export function records(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

/** Gives the texts of a decoded list; anything else is left out. */
export function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

/** Says how to decode an object: its name in errors of limits, and the error of a text that is none. */
export interface ObjectReading {
  readonly what: string;
  readonly invalid: (why: string, cause?: unknown) => Error;
  readonly limits?: JsonLimits;
}

/**
 * Decodes a JSON object within limits.
 * @throws ContentError `TOO_LARGE`, naming `what`; the error that `invalid` makes when it is no UTF-8, no JSON or no object.
 */
export function decodeObject(
  content: Uint8Array | string,
  { what, invalid, limits }: ObjectReading,
): JsonObject {
  let value: unknown;
  try {
    const isText = typeof content === 'string';
    const text = isText ? content : new TextDecoder('utf-8', { fatal: true }).decode(content);
    value = parseJson(text, what, limits);
  } catch (cause) {
    throw cause instanceof ContentError ? cause : invalid('is not JSON', cause);
  }
  if (!isRecord(value)) throw invalid('is not a JSON object');
  return value;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  entries.sort(([a], [b]) => compareText(a, b));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}

/**
 * Writes JSON in its canonical form: keys sorted by code unit, absent fields left out, lists in their order.
 *
 * `indent` is the number of blanks for people; without it there is no white space at all.
 */
export function canonicalJson(value: unknown, indent = 0): string {
  return JSON.stringify(sorted(value), undefined, indent);
}
