import { constants, gunzipSync, gzipSync } from 'node:zlib';
import * as v from 'valibot';
import { mebibyte } from '../base/index.ts';
import { messageOf, PlanError } from '../errors.ts';
import type { LineSchema } from './line-schemas.ts';
import { readStrictly, unreadableState } from './unreadable.ts';

/** The content of a file of lines, as its header names it. */
export type LinesKind = 'imageset-mirror.state' | 'imageset-mirror.undo';

/** Bounds of what is unpacked; more is an attack or a mistake, and would take the memory of the run. */
interface Limits {
  /** Bytes after decompression. */
  readonly bytes: number;
  readonly lineBytes: number;
  readonly lines: number;
}

/** A placement is a line of some 500 bytes; an undo record holds whole manifests, of up to 4 MiB each. */
export const lineLimits: Readonly<Record<LinesKind, Limits>> = {
  'imageset-mirror.state': { bytes: 64 * mebibyte, lineBytes: 8 * mebibyte, lines: 500_000 },
  'imageset-mirror.undo': { bytes: 128 * mebibyte, lineBytes: 32 * mebibyte, lines: 500_000 },
};

const decoder = new TextDecoder('utf-8', { fatal: true });

/** Objects and lists inside each other; what is written here has at most four. */
const maxDepth = 16;

/**
 * Writes values as gzipped JSON lines below a header.
 *
 * Order: as given, so that the same values in the same order are the same bytes: the gzip header has no time and no system.
 * @throws PlanError `STATE_FORMAT` when it would be more than is read again
 */
export function encodeLines(
  kind: LinesKind,
  header: Readonly<Record<string, unknown>>,
  values: readonly unknown[],
): Uint8Array {
  const lines = [{ kind, ...header }, ...values].map((value) => `${JSON.stringify(value)}\n`);
  const text = Buffer.from(lines.join(''));
  refuseMore(text.byteLength, lineLimits[kind].bytes, 'bytes');
  const bytes = gzipSync(text, { level: constants.Z_BEST_COMPRESSION });
  // Byte 9 names the operating system that compressed: 255 is "unknown". @see RFC 1952, 2.3
  bytes[9] = 255;
  return bytes;
}

/** Unpacks lines; a reader of an image's configuration needs the digest of what is unpacked. */
export function unpackLines(kind: LinesKind, bytes: Uint8Array): Buffer {
  const { bytes: limit } = lineLimits[kind];
  try {
    return gunzipSync(bytes, { maxOutputLength: limit });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw unreadableState(`it has more than ${limit} bytes after decompression`, cause);
    }
    throw unreadableState(`it does not unpack (${messageOf(cause)})`, cause);
  }
}

/** The schemas of one kind of file: of its header by format version, and of its lines. */
export interface LineSchemas<Headers, Line> {
  readonly kind: LinesKind;
  readonly headers: Headers;
  readonly line: LineSchema<Line>;
}

/**
 * Reads gzipped JSON lines: the header, and one after the other the lines below it.
 * @throws PlanError `STATE_FORMAT`, also while lines are taken: broken gzip or JSON, another kind or version, a line that
 *   does not fit its schema, more than the limits allow
 */
export function decodeLines<Headers extends Readonly<Record<string, LineSchema>>, Line>(
  { kind, headers, line }: LineSchemas<Headers, Line>,
  bytes: Uint8Array,
): { readonly header: v.InferOutput<Headers[keyof Headers]>; readonly lines: Iterable<Line> } {
  const values = openLines(unpackLines(kind, bytes), lineLimits[kind]);
  const first: unknown = values.next().value;
  if (!isHeader(first) || first.kind !== kind) {
    throw unreadableState(`it is not of kind "${kind}"`);
  }
  const schema = Object.entries(headers).find(([version]) => version === first.formatVersion)?.[1];
  if (!schema) throw otherVersion(first.formatVersion, Object.keys(headers));
  const header = readStrictly(schema as Headers[keyof Headers], first, 'line 1');
  return { header, lines: readLines(line, values) };
}

function* readLines<Line>(schema: LineSchema<Line>, values: Iterable<unknown>): Generator<Line> {
  let number = 1;
  for (const value of values) {
    number += 1;
    yield readStrictly(schema, value, `line ${number}`);
  }
}

function isHeader(value: unknown): value is Record<'kind' | 'formatVersion', string> {
  return v.is(v.object({ kind: v.string(), formatVersion: v.string() }), value);
}

/** Only one line at a time becomes text and values. */
function* openLines(text: Buffer, limits: Limits): Generator<unknown, undefined> {
  if (text.at(-1) !== 10) throw unreadableState('its last line is cut');
  let start = 0;
  for (let number = 1; start < text.length; number += 1) {
    refuseMore(number, limits.lines, 'lines');
    const end = text.indexOf(10, start);
    refuseMore(end - start, limits.lineBytes, `bytes in line ${number}`);
    yield openLine(text.subarray(start, end), number);
    start = end + 1;
  }
  return undefined;
}

function openLine(bytes: Uint8Array, number: number): unknown {
  refuseMore(depthOf(bytes), maxDepth, `levels in line ${number}`);
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch (cause) {
    throw unreadableState(`line ${number} is not JSON`, cause);
  }
}

/** Counts opening brackets without their closing ones, strings left out. */
function depthOf(bytes: Uint8Array): number {
  let [depth, deepest, isText] = [0, 0, false];
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === 0x22) isText = !isText;
    else if (isText && byte === 0x5c) at += 1;
    else if (!isText && (byte === 0x7b || byte === 0x5b)) deepest = Math.max(deepest, ++depth);
    else if (!isText && (byte === 0x7d || byte === 0x5d)) depth -= 1;
  }
  return deepest;
}

function refuseMore(count: number, limit: number, what: string): void {
  if (count > limit) throw unreadableState(`it has more than ${limit} ${what}`);
}

function otherVersion(version: string, known: readonly string[]): PlanError {
  const shown = /^[\w.-]{1,20}$/.test(version) ? version : 'unknown';
  return new PlanError('STATE_FORMAT', `The stored state has the format version ${shown}.`, {
    hint: `This version of imageset-mirror reads ${known.join(' and ')}: use one that is as new as the one that wrote the state.`,
  });
}
