import { stringify } from 'yaml';
import { firstOfEach } from '../../base/index.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import {
  byNewestHead,
  compareAsVersions,
  type FilteredPackage,
  type WishPath,
} from '../filter/index.ts';

/** A diagnostic of an operator entry; its place in the file is not yet known. */
export interface Advice extends Omit<Diagnostic, 'at'> {
  /** Keys and list indexes from the operator entry to the node that causes it; empty for the entry itself. */
  readonly path: WishPath;
}

/** Leaves out repetitions. */
export function unique(advice: readonly Advice[]): readonly Advice[] {
  return firstOfEach(advice, (one) => JSON.stringify(one));
}

/** Writes a text as a YAML scalar, with quotes where YAML 1.1 or 1.2 would read something else. */
export function yamlText(text: string): string {
  return stringify(text, { version: '1.1' }).trimEnd();
}

/** Tells whether a version is older than another; a text that is no version is not older than any. */
export function isOlder(a: string, b: string): boolean {
  return compareAsVersions(a, b) < 0;
}

/**
 * Gives the fix that keeps older versions of a channel, and never loses a version that is kept now.
 *
 * A package and its channels must not both have a range. An entry without packages has no place for one.
 */
export function lowerBound(
  { path, asks, bundles, channels }: FilteredPackage,
  channel: string,
  version: string,
): Pick<Advice, 'fix' | 'path'> {
  if (path.length === 0) return { path };
  const bound = `minVersion: ${yamlText(version)}`;
  if (asks.channels && !asks.range) {
    return { path: [...path, 'channels'], fix: `- name: ${yamlText(channel)}\n  ${bound}` };
  }
  // A bound of the package counts in each of its channels, also in those that end below it.
  if (!bundles.some((kept) => isOlder(kept.version, version))) return { path, fix: bound };
  if (asks.range) return { path };
  const listed = channels.map(
    ({ name }) => `\n  - name: ${yamlText(name)}${name === channel ? `\n    ${bound}` : ''}`,
  );
  return { path, fix: `channels:${listed.join('')}` };
}

interface Numbered {
  readonly family: string;
  readonly numbers: readonly number[];
}

/** Reads `stable-5.9` as 5.9 of the family `stable`; `undefined` for a name without a number at its end. */
function readNumber(name: string): Numbered | undefined {
  const match = /^(.*?)[-_.]?v?(\d+(?:\.\d+)*)$/.exec(name);
  if (!match) return undefined;
  const [, family = '', numbers = ''] = match;
  return { family, numbers: numbers.split('.').map(Number) };
}

function compareNumbers(a: readonly number[], b: readonly number[]): number {
  for (const [index, number] of a.entries()) {
    const other = b[index];
    if (other === undefined) return 1;
    if (number !== other) return number - other;
  }
  return a.length - b.length;
}

/** Finds the newest channel whose name differs only by a higher number: `stable-5.9` for `stable-5.7`. */
export function successorOf(channel: string, offered: readonly string[]): string | undefined {
  const own = readNumber(channel);
  if (!own) return undefined;
  const later = offered.flatMap((name) => {
    const read = readNumber(name);
    const isLater = read?.family === own.family && compareNumbers(read.numbers, own.numbers) > 0;
    return isLater ? { name, numbers: read.numbers } : [];
  });
  return later.sort((a, b) => compareNumbers(b.numbers, a.numbers))[0]?.name;
}

/** Gives the channel with the newest head. */
export function newestChannel(
  names: readonly string[],
  { offers }: Pick<FilteredPackage, 'offers'>,
): string | undefined {
  const found = offers.channels.filter(({ name }) => names.includes(name));
  return found.toSorted(byNewestHead)[0]?.name ?? names[0];
}
