import { compareText } from './order.ts';

const maxSuggestions = 3;

/** Words that say how a package is published or that it is an operator, not which one it is. */
const plainWords: ReadonlySet<string> = new Set(
  'operator operators bundle openshift rh certified community marketplace rhmp'.split(' '),
);

/** Gives the number of single edits (insert, delete, replace, swap of neighbours) between two words. */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      const steps = [
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      ];
      const swapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) steps.push((beforeLast[column - 2] ?? 0) + 1);
      current.push(Math.min(...steps));
    }
    beforeLast = last;
    last = current;
  }
  return last[b.length] ?? 0;
}

/** Splits a name at its punctuation, and at `operator`, which some write together with the word before. */
function wordsOf(name: string): readonly string[] {
  return name.toLowerCase().match(/operators?|(?:(?!operator)[a-z0-9])+/g) ?? [];
}

/** Gives the words that say which one it is; all of them where none does. */
function ownWords(words: readonly string[]): readonly string[] {
  const own = words.filter((word) => !plainWords.has(word));
  return own.length > 0 ? own : words;
}

/** The numbers of a name; two names with other numbers are two things, however alike they look. */
function numbersOf(name: string): string {
  return name.match(/\d+/g)?.join('.') ?? '';
}

function countCommon(a: readonly string[], b: readonly string[]): number {
  const differs = a.findIndex((word, index) => word !== b[index]);
  return differs < 0 ? a.length : differs;
}

/** Compares without the words at both ends that the names have in common; at most a quarter of the rest may differ. */
function distanceOfRest(one: readonly string[], other: readonly string[]): number | undefined {
  const start = countCommon(one, other);
  const [a, b] = [one.slice(start), other.slice(start)];
  const end = countCommon(a.toReversed(), b.toReversed());
  const [left, right] = [a, b].map((words) => words.slice(0, words.length - end).join(''));
  const distance = editDistance(left ?? '', right ?? '');
  const length = Math.max(left?.length ?? 0, right?.length ?? 0);
  return distance <= Math.floor(length / 4) ? distance : undefined;
}

function distanceOf(unknown: string, known: string): number | undefined {
  if (numbersOf(unknown) !== numbersOf(known)) return undefined;
  const [one, other] = [wordsOf(unknown), wordsOf(known)];
  const lengths = [one, other].map((words) => ownWords(words).join('').length);
  if ((lengths[0] ?? 0) > 2 * (lengths[1] ?? 0) + 2) return undefined;
  const asWritten = distanceOfRest(one, other);
  const [a, b] = [one, other].map((words) => words.filter((word) => !plainWords.has(word)));
  if (!a?.length || !b?.length) return asWritten;
  if (a.toSorted(compareText).join(' ') === b.toSorted(compareText).join(' '))
    return asWritten ?? 0;
  return asWritten ?? distanceOfRest(a, b);
}

/**
 * Gives the known names that an unknown one is most likely meant to be, the likeliest first; mostly none.
 *
 * A common word such as `-operator` makes no two names alike: only the rest is compared.
 */
export function nearestNames(unknown: string, known: readonly string[]): readonly string[] {
  return known
    .flatMap((name) => {
      const distance = distanceOf(unknown, name);
      return distance === undefined ? [] : [{ name, distance }];
    })
    .sort((a, b) => a.distance - b.distance || compareText(a.name, b.name))
    .slice(0, maxSuggestions)
    .map(({ name }) => name);
}
