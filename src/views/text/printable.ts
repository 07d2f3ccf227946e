/** Characters that steer a terminal, reverse a line, hide, or begin a new line. */
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;

const shortForms: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function spell(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return shortForms[character] ?? `\\u{${code.toString(16)}}`;
}

/** Spells out what cannot be seen, so that a name looks like what it is: `a\u{202e}b`. */
export function visible(text: string): string {
  return text.replace(invisible, spell);
}

/** Shortens a long text in its middle, where names differ least. */
export function clip(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const tail = Math.floor(limit / 3);
  return `${text.slice(0, limit - tail - 1)}…${text.slice(-tail)}`;
}

/** The longest name that a view shows whole, in UTF-16 units: a repository and a tag fit. */
const longestName = 400;

/** Gives a name as views show it: visible even when empty, on one line, of bounded length. */
export function showName(text: string): string {
  return text === '' ? '""' : clip(visible(text), longestName);
}

/** Gives a sentence from outside as views show it: on one line, visible, of bounded length. */
export function showSentence(text: string): string {
  return clip(visible(text.replace(/\s+/g, ' ').trim()), 2000);
}
