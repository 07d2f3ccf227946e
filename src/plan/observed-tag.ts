import type { TargetPlace } from '../imageset/index.ts';
import type { Digest } from '../oci/index.ts';
import type { Observation } from './types.ts';

/** What the target says of one tag. `unseen`: its repository was not looked at. */
export type ObservedTag =
  | { readonly is: 'absent' | 'unresolved' | 'unseen' }
  | { readonly is: 'resolved'; readonly digest: Digest };

/** Looks up a tag in what was observed. */
export function observedTag(observation: Observation, place: TargetPlace): ObservedTag {
  const repository = observation.repositories.get(place.repository);
  if (!repository) return { is: 'unseen' };
  if (!repository.tags.has(place.tag)) return { is: 'absent' };
  const digest = repository.tags.get(place.tag);
  return digest === undefined ? { is: 'unresolved' } : { is: 'resolved', digest };
}
