import { type Document, isScalar, visit } from 'yaml';
import type { Diagnostic } from '../../diagnostic.ts';
import { firstDocumentText } from '../discover.ts';
import type { Locator } from '../position.ts';

/** Placeholders of template engines, anywhere in a text. */
const template = /\{\{|\{%|\$\{[^}]*\}/;
/** A placeholder for people: a whole value in angle brackets. */
const wholeValue = /^<.*>$/s;

interface Placeholder {
  readonly offset: number;
  readonly text: string;
}

/** Looks at the lines, since a template need not be YAML; comments do not count. */
function inLines(text: string): Placeholder | undefined {
  let offset = 0;
  for (const line of text.split('\n')) {
    const code = line.replace(/(?:^|[ \t])#.*$/, '');
    const found = /\{\{.*|\{%.*|\$\{[^}]*\}/.exec(code);
    if (found) return { offset: offset + found.index, text: found[0].trim() };
    offset += line.length + 1;
  }
  return undefined;
}

function inScalars(document: Document.Parsed): Placeholder | undefined {
  let found: Placeholder | undefined;
  visit(document, {
    Scalar(_, node) {
      const value = isScalar(node) ? String(node.value ?? '').trim() : '';
      if (!template.test(value) && !wholeValue.test(value)) return undefined;
      found = { offset: node.range?.[0] ?? 0, text: value };
      return visit.BREAK;
    },
  });
  return found;
}

/** Gives the offset of what stands behind the first document, if that is more than comments. */
function secondDocument(text: string): number | undefined {
  const start = firstDocumentText(text).end;
  const rest = text.slice(start);
  const content = /^(?!---[ \t]*(?:#.*)?\r?$|\.\.\.|[ \t]*(?:#.*)?\r?$)/m.exec(rest);
  return content && rest.trim() !== '' ? start : undefined;
}

function refusal(
  at: Locator,
  offset: number,
  said: Pick<Diagnostic, 'code' | 'detail' | 'text'>,
): Diagnostic {
  const summary = 'The file is left as it is.';
  return { severity: 'error', summary, ...said, at: at(offset) };
}

/** Says why a text must not be mended: it is a template, or more than one document. */
export function refuseFix(
  text: string,
  document: Document.Parsed | undefined,
  at: Locator,
): Diagnostic | undefined {
  const found = inLines(text) ?? (document && inScalars(document));
  if (found) {
    const line = found.text.split('\n', 1)[0] ?? '';
    return refusal(at, found.offset, {
      code: 'placeholder',
      detail: `"${line}" is a placeholder, so this is a template and not yet a configuration. Fill in the placeholders first, or mend what the template makes.`,
      text: line,
    });
  }
  const second = secondDocument(text);
  if (second === undefined) return undefined;
  return refusal(at, second, {
    code: 'several-documents',
    detail:
      'It holds several YAML documents, and oc-mirror reads the first one alone. Write one file for each of them.',
    text: '---',
  });
}
