import type { Diagnostic } from '../../diagnostic.ts';
import { firstDocumentText } from '../discover.ts';
import { findPlaceholder, templateFinding } from '../placeholder.ts';
import type { Locator } from '../position.ts';

const summary = 'The file is left as it is.';

/** Gives the offset of what stands behind the first document, if that is more than comments. */
function secondDocument(text: string): number | undefined {
  const start = firstDocumentText(text).end;
  const rest = text.slice(start);
  const content = /^(?!---[ \t]*(?:#.*)?\r?$|\.\.\.|[ \t]*(?:#.*)?\r?$)/m.exec(rest);
  return content && rest.trim() !== '' ? start : undefined;
}

/** Says why a text must not be mended: it is a template, or more than one document. */
export function refuseFix(text: string, at: Locator): Diagnostic | undefined {
  const found = findPlaceholder(text);
  if (found) return { ...templateFinding(found, at), summary: `${summary} It is a template.` };
  const second = secondDocument(text);
  if (second === undefined) return undefined;
  return {
    severity: 'error',
    code: 'several-documents',
    summary,
    detail:
      'It holds several YAML documents, and oc-mirror reads the first one alone. Write one file for each of them.',
    text: '---',
    at: at(second),
  };
}
