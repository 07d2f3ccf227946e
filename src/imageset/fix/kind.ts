import { isMap, isScalar } from 'yaml';
import { findEntry, replaceInside } from '../../yaml/index.ts';
import { editDistance, schemas } from '../schema/index.ts';
import { type Draft, type Mend, rename } from './mend.ts';

/** Letters of a kind that may be wrong. */
const maxDistance = 2;

/** Mends the kind of a file that can only be meant as one of the two, and the case of its key. */
export function mendKind(draft: Draft): Mend[] {
  const root = draft.document.contents;
  const pair = isMap(root) ? findEntry(root, 'kind') : undefined;
  if (!pair || !isScalar(pair.key) || !isScalar(pair.value)) return [];
  const written = String(pair.value.value);
  const meant = Object.keys(schemas).find(
    (kind) => editDistance(kind.toLowerCase(), written.toLowerCase()) <= maxDistance,
  );
  if (meant === undefined) return [];
  const at = pair.value.range?.[0] ?? 0;
  const value = { ...replaceInside(draft.text, pair.value, meant), at };
  const key = String(pair.key.value);
  return [
    ...(key === 'kind'
      ? []
      : rename({ ...draft, keyNode: pair.key }, 'kind', `"${key}" is now kind: case counts here`)),
    ...(written === meant ? [] : [{ ...value, reason: `kind is now ${meant}: it was misspelt` }]),
  ];
}
