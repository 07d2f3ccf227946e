import type { FilteredPackage, OfferedChannel } from '../filter/index.ts';
import { compareVersions, parseVersion } from '../filter/index.ts';

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

/** Finds the newest channel that differs from one only by a higher number: `stable-5.9` for `stable-5.7`. */
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

/** Orders channels by the versions of their heads, the newest first; those without a head last. */
export function byNewestHead(a: OfferedChannel, b: OfferedChannel): number {
  const [x, y] = [a, b].map(({ head }) => parseVersion(head?.version ?? ''));
  if (!x || !y) return Number(Boolean(y)) - Number(Boolean(x));
  return compareVersions(y, x);
}

/** Gives of some channels that whose head is newest. */
export function newestChannel(
  names: readonly string[],
  { offers }: Pick<FilteredPackage, 'offers'>,
): string | undefined {
  const found = offers.channels.filter(({ name }) => names.includes(name));
  return found.toSorted(byNewestHead)[0]?.name ?? names[0];
}
