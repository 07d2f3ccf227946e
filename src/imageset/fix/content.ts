import type { ImageSetKind } from '../config.ts';
import { decodeDocument, schemas } from '../schema/index.ts';
import { mendVersions } from './bounds.ts';
import { mendDuplicates } from './duplicates.ts';
import { meaningOf } from './meaning.ts';
import type { Draft, Mend } from './mend.ts';
import { mendTags } from './tags.ts';

/** Mends what is wrong with the sense of a text whose shape is right: missing tags, bounds that are no versions, entries listed twice. */
export function mendContent(draft: Draft, kind: ImageSetKind): Mend[] {
  const { root } = draft;
  if (root.kind !== 'map') return [];
  const meaning = meaningOf(draft, kind, decodeDocument(root, schemas[kind]));
  return [mendTags, mendVersions, mendDuplicates].flatMap((mend) => mend(meaning));
}
