import type { ImageSetKind } from './config.ts';

/** The kind and version at the top of a file. */
export interface FileHead {
  readonly kind: ImageSetKind;
  /** As written, without quotes; absent when there is none. */
  readonly apiVersion?: string;
}

/** Gives the first document of a text, and the offset of what is behind it and never read. */
function firstDocumentText(text: string): {
  readonly document: string;
  readonly end: number;
} {
  const body = text.replace(/^\ufeff?(?:[ \t]*(?:#.*)?\r?\n)*(?:---[ \t]*(?:#.*)?\r?\n)?/, '');
  const document = body.split(/^(?:---|\.\.\.)(?=\s|$)/m, 1)[0] ?? '';
  return { document, end: text.length - body.length + document.length };
}

/** Gives the offset of what stands behind the first document, if that is more than comments. */
export function secondDocument(text: string): number | undefined {
  const start = firstDocumentText(text).end;
  const rest = text.slice(start);
  const content = /^(?!---[ \t]*(?:#.*)?\r?$|\.\.\.|[ \t]*(?:#.*)?\r?$)/m.exec(rest);
  return content && rest.trim() !== '' ? start : undefined;
}

function topLevelText(document: string, key: string): string | undefined {
  const open = document.trimStart().startsWith('{') ? String.raw`(?:^|[{,])\s*` : '^';
  const value = String.raw`["']?${key}["']?[ \t]*:[ \t]*["']?([\w./-]+)["']?[ \t]*(?:[,}#\r]|$)`;
  return new RegExp(`${open}${value}`, 'm').exec(document)?.[1];
}

/**
 * Tells by the first document of a text whether it is an image set file, and of which kind.
 *
 * Templates and broken files count too, although they are no YAML; a ConfigMap that contains an image set does not count.
 */
export function sniffImageSet(text: string): FileHead | undefined {
  const { document } = firstDocumentText(text);
  const kind = topLevelText(document, 'kind');
  if (kind !== 'ImageSetConfiguration' && kind !== 'DeleteImageSetConfiguration') return undefined;
  const apiVersion = topLevelText(document, 'apiVersion');
  return { kind, ...(apiVersion !== undefined && { apiVersion }) };
}
