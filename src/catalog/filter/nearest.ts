import { compareText } from '../../base/index.ts';

const maxSuggestions = 3;

/** Names below this likeness are not suggested; 1 is equality. */
const leastLikeness = 0.35;

function pairsOf(name: string): readonly string[] {
  const bare = name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  return Array.from({ length: Math.max(0, bare.length - 1) }, (_, at) => bare.slice(at, at + 2));
}

/** The likeness of two names, 0 to 1: the share of letter pairs that they have in common, at any place. */
function likeness(a: readonly string[], b: readonly string[]): number {
  const left = [...b];
  const common = a.filter((pair) => {
    const at = left.indexOf(pair);
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  });
  return (2 * common.length) / Math.max(1, a.length + b.length);
}

/** Gives the known names that are most like an unknown one, the likeliest first. */
export function nearestNames(unknown: string, known: readonly string[]): readonly string[] {
  const pairs = pairsOf(unknown);
  return known
    .map((name) => ({ name, likeness: likeness(pairs, pairsOf(name)) }))
    .filter((one) => one.likeness >= leastLikeness)
    .sort((a, b) => b.likeness - a.likeness || compareText(a.name, b.name))
    .slice(0, maxSuggestions)
    .map(({ name }) => name);
}
