import type { Diagnostic } from '../diagnostic.ts';
import type { Locator } from './position.ts';

/** A part of a text that a template engine, a shell or a person has to replace. */
export interface Placeholder {
  readonly offset: number;
  /** The placeholder as written, at most to the end of its line. */
  readonly text: string;
}

/** Placeholders of template engines and shells, and names in angle brackets but for groups of regular expressions. */
const placeholder =
  /\{\{.*|\{%.*|\$\{[^}]*\}|\$\([^)]*\)|\$[A-Za-z_]\w*|(?<!\(\?P?)<(?=[^<>]*[A-Za-z])[^<>]+>/;

/** Finds the first placeholder of a text. The lines are looked at, since a template need not be YAML; comments do not count. */
export function findPlaceholder(text: string): Placeholder | undefined {
  let offset = 0;
  for (const line of text.split('\n')) {
    const found = placeholder.exec(line.replace(/(?:^|[ \t])#.*$/, ''));
    if (found) return { offset: offset + found.index, text: found[0].trim() };
    offset += line.length + 1;
  }
  return undefined;
}

/** Says that a text is a template. */
export function templateFinding(found: Placeholder, at: Locator): Diagnostic {
  return {
    severity: 'error',
    code: 'placeholder',
    summary: 'The file is a template.',
    detail: `"${found.text}" is a placeholder. Fill in the placeholders first, or check the file that the template makes.`,
    text: found.text,
    at: at(found.offset),
  };
}
