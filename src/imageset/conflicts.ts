import type { Diagnostic } from '../diagnostic.ts';
import type { Descriptor } from '../oci/index.ts';
import { sourceText } from './mapping.ts';
import { type Placement, placeKey } from './placement.ts';

/** A placement whose content may already be fixed. */
export type MaybePinned = Placement & { readonly content?: Descriptor };

function contentOf(placement: MaybePinned): string | undefined {
  return placement.content?.digest ?? placement.source.digest;
}

function differ(a: MaybePinned, b: MaybePinned): boolean {
  const [left, right] = [contentOf(a), contentOf(b)];
  if (left !== undefined && right !== undefined) return left !== right;
  return sourceText(a) !== sourceText(b);
}

function conflict(first: MaybePinned, later: MaybePinned): Diagnostic {
  const [owner, cause] = [first.causes[0], later.causes[0]];
  const where = owner ? ` (${owner.at.file}:${owner.at.line})` : '';
  return {
    severity: 'error',
    code: 'placement-conflict',
    summary: 'Two different images want the same tag of the target; one would be lost.',
    detail: `${placeKey(later.target)} is wanted by ${first.origin}${where} and by ${later.origin}. Give one of them another targetRepo or targetTag.`,
    text: later.origin,
    ...(cause && { at: cause.at }),
  };
}

/**
 * Finds places of the target that two placements claim with different content, at the later one's line.
 *
 * Digests are compared where both are known, else sources. The placements may belong to several image sets. oc-mirror lets
 * the last one win in silence.
 */
export function findConflicts(placements: readonly MaybePinned[]): Diagnostic[] {
  const owners = new Map<string, MaybePinned>();
  return placements.flatMap((placement) => {
    const key = placeKey(placement.target);
    const owner = owners.get(key);
    if (!owner) owners.set(key, placement);
    return owner && differ(owner, placement) ? [conflict(owner, placement)] : [];
  });
}
