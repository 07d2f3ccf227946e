import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { embedJson, escapeHtml, phraseToHtml } from '../../src/views/text/html.ts';
import {
  escapeMarkdown,
  markdownBlock,
  markdownCode,
  markdownLink,
} from '../../src/views/text/markdown.ts';
import { name, say } from '../../src/views/text/phrase.ts';
import { visible } from '../../src/views/text/printable.ts';
import { escapeLogLine } from '../../src/views/text/text.ts';
import { hostileNames } from '../support/plan-stories.ts';

const names = fc.oneof(
  fc.constantFrom(...hostileNames),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({
    unit: fc.constantFrom('`', '|', '\\', '<', '>', '&', '@', 'a', ' ', '#', ':', '\n'),
  }),
);

/** Characters that cannot be seen, or that steer a terminal. */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/u;

/** The rest that is read as Markdown once code spans and entities are taken out. */
function outside(markdown: string): string {
  return markdown.replace(/^`[^`|]*`$|<code>[^<>|`\\]*<\/code>/g, '');
}

describe('names from outside', () => {
  it('stay one code span in Markdown, with nothing that a table, HTML or Markdown reads', () => {
    fc.assert(
      fc.property(names, (text) => {
        const shown = markdownCode(text);
        expect(outside(shown)).toBe('');
        expect(shown).not.toMatch(unseen);
      }),
    );
  });

  it('show what cannot be seen', () => {
    expect(visible('a\u202eb\nc\u200b')).toBe('a\\u{202e}b\\nc\\u{200b}');
    expect(markdownCode('')).toBe('`""`');
  });

  it('become text in HTML', () => {
    fc.assert(
      fc.property(names, (text) => {
        const html = phraseToHtml(say`Tag ${name(text)} stays.`);
        expect(html.replace(/^Tag <code>|<\/code> stays\.$/g, '')).not.toMatch(/[<>"']/);
        expect(escapeHtml(text)).not.toMatch(/[<>"']|&(?!amp;|lt;|gt;|quot;|#39;)/);
      }),
    );
  });

  it('cannot end the script element that holds them as JSON, and come back unchanged', () => {
    fc.assert(
      fc.property(names, (text) => {
        const json = embedJson({ text });
        expect(json).not.toMatch(/[<>&\u2028\u2029]/);
        expect(JSON.parse(json)).toEqual({ text });
      }),
    );
  });

  it('begin no command of a runner, of either form', () => {
    fc.assert(
      fc.property(names, fc.constantFrom('', '  ', 'x '), (text, before) => {
        const line = escapeLogLine(`${before}${visible(text)}`);
        expect(line.trimStart().startsWith('::')).toBe(false);
        expect(line).not.toMatch(/##\[|##vso\[/i);
      }),
    );
    expect(escapeLogLine('::error::boo')).toBe(': :error::boo');
    expect(escapeLogLine('a ##[error]boo')).toBe('a ## [error]boo');
  });
});

describe('sentences from outside', () => {
  it('mention nobody and link nothing', () => {
    expect(escapeMarkdown('ask @octocat about #12 and GH-3')).toBe(
      'ask @&#8203;octocat about #&#8203;12 and GH-&#8203;3',
    );
    expect(escapeMarkdown('see https://evil.example and www.evil.example')).toBe(
      'see https&#58;//evil.example and www&#46;evil.example',
    );
    expect(escapeMarkdown('quay.io/a/b@sha256:12')).toBe('quay.io/a/b@sha256:12');
  });

  it('open no heading, list, table, element or emphasis', () => {
    expect(escapeMarkdown('# a')).toBe('\\# a');
    expect(escapeMarkdown('- a')).toBe('\\- a');
    expect(escapeMarkdown('1. a')).toBe('1\\. a');
    expect(escapeMarkdown('4.16.5 stays')).toBe('4.16.5 stays');
    expect(escapeMarkdown('*a* _b_ `c` [d](e) <f> g|h $i$ ~j~ &k;')).toBe(
      '\\*a\\* \\_b\\_ \\`c\\` \\[d\\](e) &#60;f&#62; g&#124;h &#36;i&#36; \\~j\\~ &#38;k;',
    );
  });

  it('stay on one line', () => {
    fc.assert(
      fc.property(names, (text) => {
        expect(escapeMarkdown(text)).not.toMatch(/[\r\n]/);
      }),
    );
  });
});

describe('blocks and links', () => {
  it('have a fence longer than any inside', () => {
    expect(markdownBlock('yaml', 'a\n````\nb')).toBe('`````yaml\na\n````\nb\n`````');
  });

  it('link to web pages only', () => {
    expect(markdownLink('report', 'https://h/a(b)')).toBe('[report](https://h/a%28b%29)');
    expect(markdownLink('report', 'javascript:alert(1)')).toBe('report');
    expect(markdownLink('report', 'https://h/a b')).toBe('report');
    expect(markdownLink('report', undefined)).toBe('report');
  });
});
