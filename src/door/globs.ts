import { isAbsolute, posix, relative } from 'node:path';

/** Paths below a directory, and globs. */
export interface Globs {
  /** Globs of files to read; empty: every configuration. */
  readonly wanted: readonly string[];
  readonly excluded: readonly string[];
  /** The plain paths among `wanted`: they must exist, and are read whatever their content is. */
  readonly named: readonly string[];
}

const isPlain = (text: string): boolean => !/[*?[\]{}]/.test(text);

/** Reads globs as a user writes them: `!` excludes, `./` is allowed, absolute paths become relative to `root`. */
export function readGlobs(texts: readonly string[], root: string): Globs {
  const clean = (text: string): string => {
    const path = isAbsolute(text) ? relative(root, text) : text;
    return posix.normalize(path.replaceAll('\\', '/'));
  };
  const wanted = texts.filter((text) => !text.startsWith('!')).map(clean);
  return {
    wanted,
    excluded: texts.filter((text) => text.startsWith('!')).map((text) => clean(text.slice(1))),
    named: wanted.filter(isPlain),
  };
}

function matches(path: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => path === pattern || posix.matchesGlob(path, pattern));
}

/** Tells whether the globs match a path. */
export function matchesGlobs(path: string, { wanted, excluded }: Globs): boolean {
  return (wanted.length === 0 || matches(path, wanted)) && !matches(path, excluded);
}
