import { isMap, isScalar, isSeq, type Node } from 'yaml';
import { findEntry } from '../../yaml/index.ts';
import {
  formatYamlPath,
  type ImageSetKind,
  type MirrorSpec,
  rootKey,
  type YamlPath,
} from '../config.ts';
import type { Decoded } from '../schema/index.ts';
import type { Draft } from './mend.ts';

/** The meaning of a text, with its nodes. */
export interface Meaning extends Draft {
  readonly mirror: MirrorSpec;
  /** The top-level key of the content. */
  readonly top: 'mirror' | 'delete';
  /** Finds the node at a path; none where an alias or a merged key lies on the way. */
  nodeAt(path: YamlPath): Node | undefined;
  /** Tells whether everything at a path and below it is understood. */
  isClear(path: YamlPath): boolean;
}

function stepInto(node: unknown, step: string | number): unknown {
  if (typeof step === 'number') return isSeq(node) ? node.items[step] : undefined;
  return isMap(node) ? findEntry(node, step)?.value : undefined;
}

/** Gives what a draft means. */
export function meaningOf(draft: Draft, kind: ImageSetKind, decoded: Decoded): Meaning {
  const top = rootKey(kind);
  const unclear = decoded.problems.map(({ path }) => formatYamlPath(path));
  return {
    ...draft,
    top,
    // The decoder has just checked every value against the schema of this very type.
    mirror: (decoded.value[top] ?? {}) as MirrorSpec,
    nodeAt: (path) => {
      const found = path.reduce<unknown>(stepInto, draft.document.contents);
      return isMap(found) || isSeq(found) || isScalar(found) ? found : undefined;
    },
    isClear: (path) => {
      const here = formatYamlPath(path);
      return !unclear.some(
        (one) => one === here || one.startsWith(`${here}.`) || one.startsWith(`${here}[`),
      );
    },
  };
}
