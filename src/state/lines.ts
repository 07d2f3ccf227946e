import { constants, gunzipSync, gzipSync } from 'node:zlib';
import { messageOf, PlanError } from '../errors.ts';
import { type Fields, openFields, unreadableState } from './fields.ts';

/** The only version of the format that is written and read. */
export const formatVersion = '1.0';

/** What a file of lines holds; its header says so. */
export type LinesKind = 'imageset-mirror.state' | 'imageset-mirror.undo';

/** 512 MiB: some two million placements. More is an attack or a mistake. */
const maxTextBytes = 512 * 1024 * 1024;

/**
 * Writes values as gzipped JSON lines below a header.
 *
 * Order: as given, so that the same values in the same order are the same bytes: the gzip header has no time and no system.
 */
export function encodeLines(
  kind: LinesKind,
  header: Readonly<Record<string, unknown>>,
  values: readonly unknown[],
): Uint8Array {
  const text = linesText(kind, header, values);
  const bytes = gzipSync(text, { level: constants.Z_BEST_COMPRESSION });
  // Byte 9 names the operating system that compressed: 255 is "unknown". @see RFC 1952, 2.3
  bytes[9] = 255;
  return bytes;
}

/** Writes values as JSON lines below a header, not compressed. */
export function linesText(
  kind: LinesKind,
  header: Readonly<Record<string, unknown>>,
  values: readonly unknown[],
): string {
  return [{ kind, formatVersion, ...header }, ...values]
    .map((value) => `${JSON.stringify(value)}\n`)
    .join('');
}

/**
 * Reads gzipped JSON lines: the header without `kind` and `formatVersion`, and the lines below it.
 * @throws PlanError `STATE_FORMAT` for broken gzip or JSON, another kind, an unknown version.
 */
export function decodeLines(
  kind: LinesKind,
  bytes: Uint8Array,
): { readonly header: Fields; readonly lines: readonly Fields[] } {
  const text = unzip(bytes);
  if (!text.endsWith('\n')) throw unreadableState('its last line is cut');
  const [header, ...lines] = text
    .slice(0, -1)
    .split('\n')
    .map((line, index) => openLine(line, index + 1));
  if (header?.text('kind') !== kind) throw unreadableState(`it is not of kind "${kind}"`);
  refuseOtherVersion(header.text('formatVersion'));
  return { header, lines };
}

function unzip(bytes: Uint8Array): string {
  try {
    const text = gunzipSync(bytes, { maxOutputLength: maxTextBytes });
    return new TextDecoder('utf-8', { fatal: true }).decode(text);
  } catch (cause) {
    throw unreadableState(`it does not unpack (${messageOf(cause)})`, cause);
  }
}

function openLine(line: string, number: number): Fields {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw unreadableState(`line ${number} is not JSON`, cause);
  }
  return openFields(value, `line ${number}`);
}

function refuseOtherVersion(version: string): void {
  if (version === formatVersion) return;
  const shown = /^[\w.-]{1,20}$/.test(version) ? version : 'unknown';
  throw new PlanError('STATE_FORMAT', `The stored state has the format version ${shown}.`, {
    hint: `This version of imageset-mirror reads ${formatVersion}: use one that is as new as the one that wrote the state.`,
  });
}
