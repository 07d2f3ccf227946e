/** As git has it: below this share of common text two files are different ones. */
const threshold = 0.5;

function countLines(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of text.split('\n')) counts.set(line, (counts.get(line) ?? 0) + 1);
  return counts;
}

/** Gives the share of text that two files have in common line by line, 0 to 1. */
function similarity(one: string, other: string): number {
  if (one === other) return 1;
  const counts = countLines(one);
  let common = 0;
  for (const [line, count] of countLines(other)) {
    common += Math.min(count, counts.get(line) ?? 0) * (line.length + 1);
  }
  return common / (Math.max(one.length, other.length) + 1);
}

/** Tells whether two texts are one file, by git's measure of a rename. */
export function areAlike(one: string, other: string): boolean {
  return similarity(one, other) >= threshold;
}

/** Something with a text. */
interface Text {
  readonly text: string;
}

/**
 * Pairs texts that went with texts that came, the most alike first, each at most once; by git's measure of a rename.
 *
 * `may` refuses pairs for another reason.
 */
export function pairRenames<Gone extends Text, Come extends Text>(
  gone: readonly Gone[],
  come: readonly Come[],
  may: (gone: Gone, come: Come) => boolean,
): ReadonlyMap<Come, Gone> {
  const pairs = gone
    .flatMap((before) => come.map((after) => ({ before, after })))
    .filter(({ before, after }) => may(before, after))
    .map((pair) => ({ ...pair, score: similarity(pair.before.text, pair.after.text) }))
    .filter(({ score }) => score >= threshold)
    .sort((a, b) => b.score - a.score);
  const renames = new Map<Come, Gone>();
  const taken = new Set<Gone>();
  for (const { before, after } of pairs) {
    if (renames.has(after) || taken.has(before)) continue;
    renames.set(after, before);
    taken.add(before);
  }
  return renames;
}
