import type { Damage } from '../../apply/index.ts';
import { contentKindOf, isAttached, type MirroredPlacement } from '../../imageset/index.ts';
import type { CheckReport, ImageFailure } from '../types.ts';

/** Counts images, and apart from them the signatures that are attached to them. */
export function countPlaces(places: readonly { readonly placement: MirroredPlacement }[]) {
  const signatures = places.filter(({ placement }) => isAttached(placement)).length;
  return { images: places.length - signatures, signatures };
}

function failureOf({ placement, message, hint }: Damage): ImageFailure {
  const { kind, repository, tag } = placement;
  const origin = `${repository}:${tag}`;
  return { kind: contentKindOf(kind), origin, message, side: 'target', hint };
}

/** Counts the places that are whole, and tells of the others as doors do. */
export function reportPlaces(
  places: Parameters<typeof countPlaces>[0],
  damages: readonly Damage[],
): Pick<CheckReport, 'done' | 'total' | 'signatures' | 'imageFailures'> {
  const [all, lost] = [countPlaces(places), countPlaces(damages)];
  const whole = all.signatures - lost.signatures;
  return {
    done: all.images - lost.images,
    total: all.images,
    ...(all.signatures > 0 && { signatures: { done: whole, total: all.signatures } }),
    imageFailures: damages.map(failureOf),
  };
}
