import { isMap, isScalar } from 'yaml';
import type { Diagnostic } from '../../diagnostic.ts';
import { InvariantError, type SourcePosition } from '../../errors.ts';
import {
  applySplices,
  findEntry,
  firstDocument,
  offsetBefore,
  readYaml,
  replaceInside,
  type Splice,
} from '../../yaml/index.ts';
import { type ImageSetKind, meantKind } from '../config.ts';
import { secondDocument, sniffImageSet } from '../discover.ts';
import { findPlaceholder, templateFinding } from '../placeholder.ts';
import { type ConfigFile, type Locator, offsetLocator } from '../position.ts';
import { decodeDocument, schemas } from '../schema/index.ts';
import { mendVersions } from './bounds.ts';
import { mendDuplicates } from './duplicates.ts';
import { meaningOf } from './meaning.ts';
import { type Draft, type Mend, rename } from './mend.ts';
import { mendNames } from './names.ts';
import { mendShape } from './shape.ts';
import { mendTags } from './tags.ts';

/** Says why a text must not be mended: it is a template, or more than one document. */
function refuseFix(text: string, at: Locator): Diagnostic | undefined {
  const summary = 'The file is left as it is.';
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

/** One thing that was mended. */
export interface Fix {
  /** The place in the original text. */
  readonly at: SourcePosition;
  /** The change and its reason, without a full stop. */
  readonly reason: string;
}

/** A text after mending. */
export interface FixedText {
  /** The same text where nothing was mended. */
  readonly text: string;
  readonly fixes: readonly Fix[];
  /** Why the text was not looked at. */
  readonly refusal?: Diagnostic;
}

/** A mend can make room for another one; more rounds than this are a mistake of ours. */
const maxRounds = 50;

/** The mends of a text whose shape is right; a new one is a line here and a file of its own. */
const contentMends = [mendNames, mendTags, mendVersions, mendDuplicates];

/** Mends the kind of a file that can only be meant as one of the two, and the case of its key. */
function mendKind(draft: Draft): Mend[] {
  const root = draft.document.contents;
  const pair = isMap(root) ? findEntry(root, 'kind') : undefined;
  if (!pair || !isScalar(pair.key) || !isScalar(pair.value)) return [];
  const written = String(pair.value.value);
  const meant = meantKind(written);
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

function mendsOf(draft: Draft, kind: ImageSetKind | undefined): readonly Mend[] {
  if (kind === undefined) return mendKind(draft);
  const shape = mendShape(draft, kind);
  if (shape.length > 0 || draft.root.kind !== 'map') return shape;
  const meaning = meaningOf(draft, kind, decodeDocument(draft.root, schemas[kind]));
  return contentMends.flatMap((mend) => mend(meaning));
}

/** Gives the document of a text that can be read, if only for keys that are written twice. */
function draftOf(text: string): Draft | undefined {
  const { root, problems } = readYaml(text);
  if (!root || problems.some(({ code }) => code !== 'duplicate-key')) return undefined;
  const document = firstDocument(text);
  return document && { text, document, root };
}

/**
 * Mends the text of an image set file of either kind.
 *
 * Only wrong parts are replaced; mending the result again changes nothing. A text that cannot be read is given back
 * unchanged: the findings say what is wrong with it.
 */
export function fixImageSet(file: ConfigFile): FixedText {
  const at = offsetLocator(file);
  const first = draftOf(file.text);
  const isOurs = sniffImageSet(file.text) !== undefined || (first && mendKind(first).length > 0);
  const refusal = isOurs ? refuseFix(file.text, at) : undefined;
  if (refusal) return { text: file.text, fixes: [], refusal };
  let draft = first;
  const rounds: (readonly Splice[])[] = [];
  const fixes: Fix[] = [];
  while (draft) {
    const mends = mendsOf(draft, sniffImageSet(draft.text)?.kind);
    const { text, applied } = applySplices(draft.text, mends);
    if (applied.length === 0) {
      fixes.sort((a, b) => a.at.line - b.at.line || a.at.column - b.at.column);
      return { text: draft.text, fixes };
    }
    for (const mend of applied) {
      const offset = rounds.reduceRight((later, round) => offsetBefore(later, round), mend.at);
      fixes.push({ at: at(offset), reason: mend.reason });
    }
    rounds.push(applied);
    if (rounds.length > maxRounds) throw new InvariantError('Mending does not come to an end.');
    draft = draftOf(text);
    if (!draft) throw new InvariantError('A mended text cannot be read.');
  }
  return { text: file.text, fixes: [] };
}
