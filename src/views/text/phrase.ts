import type { SourcePosition } from '../../errors.ts';

/** A name from outside inside a sentence: a tag, a file, a digest. Views show it as code and never as their own words. */
export interface Name {
  readonly name: string;
  /** The line of a file that it names; a view may link it. */
  readonly at?: SourcePosition;
}

/**
 * A sentence before it has a format: words, and names set apart.
 *
 * Every view is written in phrases and escapes both parts at the very end, so that no name can become Markdown, HTML or
 * a command of the runner.
 */
export type Phrase = readonly (string | Name)[];

/** Sets a name apart. */
export function name(text: string): Name {
  return { name: text };
}

/** Names a line of a file: `imageset-config.yaml:7`. */
export function nameLine(at: SourcePosition): Name {
  return { name: `${at.file}:${at.line}`, at };
}

function isPhrase(part: string | number | Name | Phrase): part is Phrase {
  return Array.isArray(part);
}

/** Writes a phrase as a template: say`Tag ${name(tag)} stays.` */
export function say(
  texts: TemplateStringsArray,
  ...parts: readonly (string | number | Name | Phrase)[]
): Phrase {
  return texts.flatMap((text, index) => {
    const part = parts[index];
    if (part === undefined) return [text];
    if (isPhrase(part)) return [text, ...part];
    return [text, typeof part === 'number' ? String(part) : part];
  });
}

/** Joins phrases with a separator between them. */
export function joinPhrases(phrases: readonly Phrase[], separator: string): Phrase {
  return phrases.flatMap((phrase, index) => (index === 0 ? phrase : [separator, ...phrase]));
}

/** Lists phrases as a sentence does: `a, b and c`; after `limit` of them the rest is counted. */
export function listPhrases(phrases: readonly Phrase[], limit: number): Phrase {
  const rest = phrases.length - limit;
  const shown = rest > 0 ? [...phrases.slice(0, limit), say`${rest} more`] : phrases;
  const last = shown.at(-1) ?? [];
  return shown.length < 2 ? last : [...joinPhrases(shown.slice(0, -1), ', '), ' and ', ...last];
}

/** Lists names as a sentence does; after `limit` of them the rest is counted. */
export function listNamed(texts: readonly string[], limit: number): Phrase {
  return listPhrases(
    texts.map((text) => [name(text)]),
    limit,
  );
}
