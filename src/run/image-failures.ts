import type { Outcome, Result } from '../apply/index.ts';
import { finalCause } from '../errors.ts';
import {
  contentKindOf,
  type ImageKind,
  isAttached,
  type Placement,
  placeKey,
} from '../imageset/index.ts';
import type { Pinned } from './gather.ts';
import type { ImageFailure } from './types.ts';

/** Gives the line of the configuration that asks for an image, and the bundles that need it. */
function wantedBy(placement: Placement | undefined): Pick<ImageFailure, 'neededBy' | 'at'> {
  const at = placement?.causes[0]?.at;
  return {
    ...(placement?.neededBy && { neededBy: placement.neededBy }),
    ...(at && { at }),
  };
}

function subject({ kind, origin }: { readonly kind: ImageKind; readonly origin: string }) {
  return { kind: contentKindOf(kind), origin };
}

function failureOf(outcome: Outcome, placement: Placement | undefined): ImageFailure[] {
  if (outcome.result !== 'failed' && outcome.result !== 'skipped') return [];
  const attached = isAttached(outcome.change) && ({ isAttached: true } as const);
  const failure = { ...subject(outcome.change), ...wantedBy(placement), ...attached };
  if (outcome.result === 'skipped') return [{ ...failure, message: outcome.detail }];
  const { message, side, hint } = outcome;
  return [{ ...failure, message, ...(side && { side }), ...(hint !== undefined && { hint }) }];
}

/** Lists the images that could not be mirrored, those first that could not even be named. */
export function imageFailuresOf(result: Result, pinned: Pinned): ImageFailure[] {
  const unpinned = pinned.failures.map(({ placement, error }): ImageFailure => {
    const host = finalCause(error)?.message;
    return {
      ...subject(placement),
      ...wantedBy(placement),
      message: error.message,
      side: error.side,
      ...(error.hint !== undefined && { hint: error.hint }),
      ...(host !== undefined && { host }),
    };
  });
  const wanted = new Map(pinned.pinned.map((placement) => [placeKey(placement.target), placement]));
  const failed = result.outcomes.flatMap((outcome) =>
    failureOf(outcome, wanted.get(placeKey(outcome.change))),
  );
  return [...unpinned, ...failed];
}
