import type { Phrase } from './phrase.ts';
import { showName, showSentence } from './printable.ts';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Escapes text for HTML, inside an element or a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (found) => entities[found] ?? '');
}

/** Shows a name as code. */
export function htmlCode(text: string): string {
  return `<code>${escapeHtml(showName(text))}</code>`;
}

/** Escapes a sentence from outside. */
export function htmlSentence(text: string): string {
  return escapeHtml(showSentence(text));
}

/** Writes a phrase in HTML. */
export function phraseToHtml(phrase: Phrase): string {
  return phrase
    .map((part) => (typeof part === 'string' ? escapeHtml(part) : htmlCode(part.name)))
    .join('');
}

/** Writes a value as JSON that cannot end the script element around it, nor break a line of JavaScript. */
export function embedJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (found) => `\\u${(found.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}
