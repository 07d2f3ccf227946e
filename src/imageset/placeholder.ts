import type { Diagnostic } from '../diagnostic.ts';
import type { Locator } from './position.ts';

/** A part of a text that a template engine, a shell or a person has to replace. */
export interface Placeholder {
  readonly offset: number;
  /** The placeholder as written, at most to the end of its line. */
  readonly text: string;
}

/**
 * Placeholders of template engines and shells, names in braces or angle brackets, and `4.x.y`: but for `{end}` of a JSON
 * path, and for groups and classes of regular expressions.
 */
const placeholder =
  /\{\{.*|\{%.*|(?<!\\[pP])\{(?!end\})[A-Za-z_][\w-]*\}|\$\{[^}$]*\}|\$\([^)$]*\)|\$[A-Za-z_]\w*|(?<!\(\?P?)<(?=[^<>]*[A-Za-z])[^<>]+>|\b(?:\d+|[xX])\.[xXyY]\.[yYzZ]\b/;

/** The block of oc-mirror v1 that v2 does not have: nobody has to fill in its placeholders. */
const storage = /^["']?storageConfig["']?[ \t]*:/i;

/**
 * Finds the first placeholder of a text. The lines are looked at, since a template need not be YAML; comments and a
 * storageConfig do not count.
 */
export function findPlaceholder(text: string): Placeholder | undefined {
  let offset = 0;
  let isStorage = false;
  for (const line of text.split('\n')) {
    if (/^[^\s#]/.test(line)) isStorage = storage.test(line);
    const code = isStorage ? '' : line.replace(/(?:^|[ \t])#.*$/, '');
    const found = placeholder.exec(code);
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
