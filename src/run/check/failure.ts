import type { Damage } from '../../apply/index.ts';
import { contentKindOf } from '../../imageset/index.ts';
import type { ImageFailure } from '../types.ts';

/** Tells of a damaged image as doors do. */
export function failureOf({ placement, message, hint }: Damage): ImageFailure {
  const { kind, repository, tag } = placement;
  const origin = `${repository}:${tag}`;
  return { kind: contentKindOf(kind), origin, message, side: 'target', hint };
}
