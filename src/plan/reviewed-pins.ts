import type { Diagnostic } from '../diagnostic.ts';
import { type Placement, placeKey } from '../imageset/index.ts';
import type { Descriptor } from '../oci/index.ts';
import { type Change, isBring, isMadeDaily } from './change.ts';
import type { ReviewedPlan } from './review.ts';
import type { Plan } from './types.ts';

/** The digests that reviewers saw at places whose tag has moved at its source since, by `repository:tag`. */
export type ReviewedPins = ReadonlyMap<string, Descriptor>;

/**
 * Finds the images that a plan would bring and that are not those which were reviewed: their tags moved in between.
 *
 * Of several reviewed plans the last one that speaks of a place counts.
 * @see DESIGN, law 4
 */
export function findMoved(plan: Plan, reviewed: readonly ReviewedPlan[]): ReviewedPins {
  const seen = new Map<string, Change>();
  for (const { plan: one } of reviewed) {
    for (const change of one?.changes ?? []) {
      if (isBring(change) || change.action === 'keep') seen.set(placeKey(change), change);
    }
  }
  const moved = new Map<string, Descriptor>();
  for (const change of plan.changes.filter(isBring)) {
    if (isMadeDaily(change)) continue;
    const known = seen.get(placeKey(change));
    if (!known || known.origin !== change.origin || known.digest === change.digest) continue;
    const { digest, mediaType, size } = known;
    moved.set(placeKey(change), { digest, mediaType, size });
  }
  return moved;
}

/** Lets a placement name what was reviewed instead of what its tag names by now. */
export function pinReviewed(placement: Placement, pins: ReviewedPins): Placement {
  const pin = pins.get(placeKey(placement.target));
  return pin ? { ...placement, source: { ...placement.source, digest: pin.digest } } : placement;
}

/** Says of every tag that moved that what was reviewed is mirrored. */
export function reportMoved(placements: readonly Placement[], pins: ReviewedPins): Diagnostic[] {
  return placements.flatMap((placement): Diagnostic[] => {
    const pin = pins.get(placeKey(placement.target));
    if (!pin) return [];
    const at = placement.causes[0]?.at;
    return [
      {
        severity: 'warning',
        code: 'source-moved',
        summary: 'A tag moved at its source since the review; what was reviewed is mirrored.',
        detail: `${placement.origin} was ${pin.digest} when it was reviewed. The next plan shows what it is now.`,
        text: placement.origin,
        ...(at && { at }),
      },
    ];
  });
}
