import type { SourcePosition } from '../errors.ts';

/** A configuration file as a door read it: from disk or from a commit. */
export interface ConfigFile {
  /** The path by which the user knows the file. */
  readonly name: string;
  readonly text: string;
  /** The name by which the state knows the image set: repository and path, or the given name; absent: `name`. */
  readonly identity?: string;
  /** Path from the top level of its repository. */
  readonly path?: string;
  /** The commit that has this very text, where the one that is checked out does. */
  readonly commit?: string;
  /** It lies in a checkout, and git does not track it: an earlier step made it. */
  readonly rendered?: true;
  /** This machine, where nothing but a directory of it names the image set. */
  readonly host?: string;
  /** Names by which the state may know the image set from before. */
  readonly formerNames?: readonly string[];
}

/** Gives every name by which the state may know a file, the present one first. */
export function namesOf({ name, identity = name, formerNames = [] }: ConfigFile): string[] {
  return [identity, ...formerNames];
}

/** Gives line and column of an offset. */
export type Locator = (offset: number) => SourcePosition;

/** Counts the numbers of an ascending list that are at most `value`. */
function countUpTo(ascending: readonly number[], value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Makes a locator for one file. Columns count UTF-16 units; a byte-order mark takes no column. */
export function offsetLocator(file: ConfigFile): Locator {
  const starts = [file.text.startsWith('\ufeff') ? 1 : 0];
  for (const newline of file.text.matchAll(/\n|\r(?!\n)/g)) starts.push(newline.index + 1);
  return (offset) => {
    const line = Math.max(countUpTo(starts, offset), 1);
    return { file: file.name, line, column: Math.max(offset - (starts[line - 1] ?? 0), 0) + 1 };
  };
}
