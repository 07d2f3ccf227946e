/** Matches one character against a class such as `[a-z]`; gives the length of the class too. */
function matchClass(pattern: string, at: number, character: string) {
  const end = pattern.indexOf(']', at + 2);
  if (end < 0) return undefined;
  const isNegated = pattern[at + 1] === '!' || pattern[at + 1] === '^';
  const body = pattern.slice(at + (isNegated ? 2 : 1), end);
  let matches = false;
  for (let index = 0; index < body.length; index += 1) {
    const from = body[index] ?? '';
    const isRange = body[index + 1] === '-' && index + 2 < body.length;
    const to = isRange ? (body[index + 2] ?? '') : from;
    if (character >= from && character <= to) matches = true;
    if (isRange) index += 2;
  }
  return { length: end - at + 1, matches: matches !== isNegated };
}

/** Matches one token of a pattern; gives its length, or 0 when it does not match. */
function matchToken(pattern: string, at: number, character: string): number {
  const token = pattern[at];
  if (token === '?') return 1;
  if (token === '[') {
    const found = matchClass(pattern, at, character);
    if (found) return found.matches ? found.length : 0;
  }
  if (token === '\\' && at + 1 < pattern.length) return pattern[at + 1] === character ? 2 : 0;
  return token === character ? 1 : 0;
}

/** The cost of matching so far; the caller bounds it. */
export interface MatchWork {
  steps: number;
}

/**
 * Tells whether one name of a path matches a shell pattern of `*`, `?`, `[a-z]` and `\\`.
 *
 * Time: at most the length of the pattern times the square of the name's, where an expression could take for ever.
 */
export function matchName(pattern: string, name: string, work: MatchWork): boolean {
  let at = 0;
  let star = -1;
  let resume = 0;
  for (let index = 0; index < name.length; ) {
    // A class may be as long as its pattern.
    work.steps += pattern[at] === '[' ? pattern.length : 1;
    if (pattern[at] === '*') {
      star = at;
      resume = index;
      at += 1;
      continue;
    }
    const length = matchToken(pattern, at, name[index] ?? '');
    if (length > 0) {
      at += length;
      index += 1;
    } else if (star >= 0) {
      at = star + 1;
      resume += 1;
      index = resume;
    } else return false;
  }
  while (pattern[at] === '*') at += 1;
  return at === pattern.length;
}
