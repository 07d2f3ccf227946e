import type { Diagnostic } from '../../diagnostic.ts';
import { InvariantError, type SourcePosition } from '../../errors.ts';
import {
  applySplices,
  firstDocument,
  offsetBefore,
  readYaml,
  type Splice,
} from '../../yaml/index.ts';
import type { ImageSetKind } from '../config.ts';
import { sniffImageSet } from '../discover.ts';
import { type FileText, offsetLocator } from '../position.ts';
import { mendContent } from './content.ts';
import { mendKind } from './kind.ts';
import type { Draft, Mend } from './mend.ts';
import { refuseFix } from './refuse.ts';
import { mendShape } from './shape.ts';

/** One thing that was mended. */
export interface Fix {
  /** Where it stood in the text as it was. */
  readonly at: SourcePosition;
  /** What was done and why, without a full stop. */
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

function mendsOf(draft: Draft, kind: ImageSetKind | undefined): readonly Mend[] {
  if (kind === undefined) return mendKind(draft);
  const shape = mendShape(draft, kind);
  return shape.length > 0 ? shape : mendContent(draft, kind);
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
 * Only what is wrong is replaced; mending the result again changes nothing. A text that cannot be read is given back as
 * it is: what is wrong with it is for the findings.
 */
export function fixImageSet(file: FileText): FixedText {
  const at = offsetLocator(file);
  const first = draftOf(file.text);
  const isOurs = sniffImageSet(file.text) !== undefined || (first && mendKind(first).length > 0);
  const refusal = isOurs ? refuseFix(file.text, first?.document, at) : undefined;
  if (refusal) return { text: file.text, fixes: [], refusal };
  let draft = first;
  const rounds: (readonly Splice[])[] = [];
  const fixes: Fix[] = [];
  while (draft) {
    const mends = mendsOf(draft, sniffImageSet(draft.text)?.kind);
    const { text, applied } = applySplices(draft.text, mends);
    if (applied.length === 0) return { text: draft.text, fixes: inOrder(fixes) };
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

function inOrder(fixes: readonly Fix[]): Fix[] {
  return fixes.toSorted((a, b) => a.at.line - b.at.line || a.at.column - b.at.column);
}
