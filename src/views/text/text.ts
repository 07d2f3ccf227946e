import type { Phrase } from './phrase.ts';
import { showName, showSentence } from './printable.ts';

/** Writes a phrase as plain text, names as they are but visible. */
export function phraseToText(phrase: Phrase): string {
  return phrase.map((part) => (typeof part === 'string' ? part : showName(part.name))).join('');
}

/** Shows a sentence from outside as plain text on one line. */
export const textSentence = showSentence;

/**
 * Makes text safe for the log of a runner: no line begins with a workflow command, and no line contains one of the old form,
 * which a runner obeys anywhere in a line. A runner also ends a line at a carriage return and skips blanks before a command.
 */
export function escapeLogLine(text: string): string {
  return text.replace(/^([\s\u0085]*):(?=:)/gm, '$1: ').replace(/##(?=\[|vso\[)/gi, '## ');
}

/** Begins a text with a capital letter. */
export function capitalize(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** Aligns the cells of rows in columns; the last column is not padded. */
export function alignColumns(
  rows: readonly (readonly string[])[],
  sides: readonly ('left' | 'right')[],
): string[] {
  const widths = sides.map((_, column) =>
    rows.reduce((width, row) => Math.max(width, row[column]?.length ?? 0), 0),
  );
  return rows.map((row) =>
    row
      .map((cell, column) =>
        sides[column] === 'right'
          ? cell.padStart(widths[column] ?? 0)
          : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}
