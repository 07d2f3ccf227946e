import { stringify } from 'yaml';
import type { Diagnostic } from '../../diagnostic.ts';
import type { WishPath } from '../filter/index.ts';

/** A finding about an operator entry, before its place in the file is known. */
export interface Advice extends Omit<Diagnostic, 'at'> {
  /** Keys and list indexes from the operator entry to the node that causes it; empty for the entry itself. */
  readonly path: WishPath;
}

/** How many names a sentence lists. */
const maxListed = 5;

/** Lists names in a sentence: the first few, and how many more there are. */
export function listNames(names: readonly string[]): string {
  const more = names.length - maxListed;
  const listed = names.slice(0, maxListed).join(', ');
  return more > 0 ? `${listed} and ${more} more` : listed;
}

/** Leaves out what was said before. */
export function unique(advice: readonly Advice[]): readonly Advice[] {
  return [...new Map(advice.map((one) => [JSON.stringify(one), one])).values()];
}

/** Writes a text as a YAML scalar: quoted where YAML, old or new, would read something else. */
export function yamlText(text: string): string {
  return stringify(text, { version: '1.1' }).trimEnd();
}
