import { checkLimit, compareText, type MatchWork, matchName } from '../base/index.ts';
import { catalogLimits } from './limits.ts';

/**
 * Says whether a path of a catalog is left out.
 *
 * The patterns mean what they mean to operator-registry, which differs from git: a negation brings back what lies below an
 * ignored directory, and `a/**` names `a` itself too.
 */
export type IgnoreRules = (path: string) => boolean;

/** The name of the files that hold patterns. */
export const ignoreFileName = '.indexignore';

interface Pattern {
  /** Parts of the directory whose file has the pattern. */
  readonly domain: readonly string[];
  readonly parts: readonly string[];
  readonly isNegated: boolean;
  readonly isForDirectories: boolean;
  /** A pattern without a slash matches at any depth. */
  readonly isAnchored: boolean;
}

/** Where in a pattern one may stand, `**` being passed over or not. */
function positions(pattern: readonly string[], at: number): readonly number[] {
  const found = [at];
  for (let next = at; pattern[next] === '**'; next += 1) found.push(next + 1);
  return found;
}

/** One name of a path that is tried. */
interface Tried {
  readonly name: string;
  readonly work: MatchWork;
}

/** Where in a pattern one may stand after a name. */
function advance(pattern: readonly string[], at: number, tried: Tried): readonly number[] {
  const part = pattern[at];
  if (part === '**') return positions(pattern, at);
  return part !== undefined && matchName(part, tried.name, tried.work)
    ? positions(pattern, at + 1)
    : [];
}

/** Matches a pattern of several parts; paths below a match match too. */
function matchParts(
  pattern: readonly string[],
  path: readonly string[],
  work: MatchWork,
): 'itself' | 'below' | 'no' {
  let states = new Set(positions(pattern, 0));
  for (const name of path) {
    if (states.has(pattern.length)) return 'below';
    states = new Set([...states].flatMap((at) => advance(pattern, at, { name, work })));
  }
  return states.has(pattern.length) ? 'itself' : 'no';
}

function parsePattern(line: string, domain: readonly string[]): Pattern {
  const isNegated = line.startsWith('!');
  const body = isNegated ? line.slice(1) : line;
  const isForDirectories = body.endsWith('/');
  const path = isForDirectories ? body.slice(0, -1) : body;
  const all = path.replace(/^\//, '').split('/');
  const parts = all.filter((part, index) => part !== '**' || all[index - 1] !== '**');
  return { domain, parts, isNegated, isForDirectories, isAnchored: path.includes('/') };
}

function matches(pattern: Pattern, path: readonly string[], work: MatchWork): boolean {
  work.steps += pattern.parts.length + path.length;
  checkLimit('The .indexignore of the catalog', work.steps, catalogLimits.ignoreSteps);
  if (pattern.domain.some((part, index) => path[index] !== part)) return false;
  const rest = path.slice(pattern.domain.length);
  if (pattern.isAnchored) {
    const found = matchParts(pattern.parts, rest, work);
    return found === 'below' || (found === 'itself' && !pattern.isForDirectories);
  }
  const [name = ''] = pattern.parts;
  const candidates = pattern.isForDirectories ? rest.slice(0, -1) : rest;
  return candidates.some((part) => matchName(name, part, work));
}

/**
 * Makes the rules of all `.indexignore` files of a catalog.
 *
 * Shape: `files` maps their paths to their texts. Patterns are those of gitignore, relative to the file's directory; the last
 * that matches decides, deeper files after those above them.
 * @throws ContentError `TOO_LARGE` when there are too many patterns, now or later when matching takes too long.
 * @see https://olm.operatorframework.io/docs/reference/file-based-catalogs, ".indexignore"
 */
export function createIgnoreRules(files: ReadonlyMap<string, string>): IgnoreRules {
  const patterns = [...files]
    .sort(([a], [b]) => a.split('/').length - b.split('/').length || compareText(a, b))
    .flatMap(([path, text]) => {
      const domain = path.split('/').slice(0, -1);
      const lines = text.split('\n').map((line) => line.trim());
      return lines
        .filter((line) => line !== '' && !line.startsWith('#'))
        .map((line) => parsePattern(line, domain));
    });
  checkLimit('The .indexignore of the catalog', patterns.length, catalogLimits.ignorePatterns);
  const work: MatchWork = { steps: 0 };
  return (path) => {
    const parts = path.split('/');
    const decisive = patterns.findLast((pattern) => matches(pattern, parts, work));
    return decisive !== undefined && !decisive.isNegated;
  };
}
