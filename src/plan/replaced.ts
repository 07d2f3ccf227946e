import { compareChanges } from '../base/index.ts';
import { type MirroredPlacement, placeKey } from '../imageset/index.ts';
import type { Digest } from '../oci/index.ts';
import { changeKey, type PlaceChange, type ReplacedChange, type ReplacedDelete } from './change.ts';
import { type ClaimFacts, forbiddenBy } from './claim.ts';
import { describePlacement } from './desired.ts';
import type { ObservedRepository, PlanInput } from './types.ts';
import { stateByPlace } from './wanted.ts';

/** What is known of digests that had a place before. */
export type ReplacedFacts = ClaimFacts &
  Pick<PlanInput, 'state' | 'options' | 'postponed' | 'withheld'>;

/** Gives the digests of ours that a place had before it named `now`; each once. */
export function replacedDigests(mirrored: MirroredPlacement | undefined, now: Digest): Digest[] {
  if (!mirrored) return [];
  const had = new Set([mirrored.digest, ...(mirrored.replaced ?? [])]);
  had.delete(now);
  return [...had];
}

/** Without a tag nothing lists it: then it is there if somebody asked for it. */
function isThere(digest: Digest, repository: ObservedRepository | undefined): boolean {
  return (
    repository?.replaced?.has(digest) === true ||
    [...(repository?.tags.values() ?? [])].includes(digest)
  );
}

function judge(
  change: ReplacedDelete,
  mirrored: MirroredPlacement,
  facts: ReplacedFacts,
): ReplacedChange {
  const place = { repository: change.repository, tag: change.tag };
  const candidate = { place, key: placeKey(place), mirrored, reason: 'removed' } as const;
  const why = forbiddenBy(candidate, changeKey(change), facts);
  return why ? { ...change, action: 'hold', ...why } : change;
}

/** Gives what had the place of a change and lies there still. */
function replacedAt(
  { repository, tag, digest: now, causes }: PlaceChange,
  mirrored: MirroredPlacement,
  { observation: { repositories, content } }: ReplacedFacts,
): readonly ReplacedDelete[] {
  const there = repositories.get(repository);
  const digests = replacedDigests(mirrored, now).filter((digest) => isThere(digest, there));
  return digests.map((digest) => {
    const known = digest === mirrored.digest ? mirrored : undefined;
    return {
      ...describePlacement({ ...mirrored, causes }),
      repository,
      tag,
      digest,
      replacedBy: now,
      mediaType: content.get(digest)?.descriptor.mediaType ?? known?.mediaType ?? 'unknown',
      action: 'delete' as const,
      reason: 'replaced' as const,
      size: known?.size ?? 0,
      bytes: 0,
    };
  });
}

/**
 * Finds the digests that had a place and have it no more: a catalog that was filtered otherwise, an image whose tag moved on.
 * Nothing lists them any more, so that nobody would ever find them again.
 *
 * `changes`: what happens to places. Gives `delete`, or `hold` where somebody forbids it, each digest once; what else lies in
 * the repository is a question for later. None with `prune: none`, none that is gone, and none of a place that is withheld.
 */
export function findReplaced(
  changes: readonly PlaceChange[],
  facts: ReplacedFacts,
): readonly ReplacedChange[] {
  if (facts.options.prune === 'none') return [];
  const state = stateByPlace(facts.state);
  const drafts = changes.toSorted(compareChanges).flatMap((change) => {
    const mirrored = state.get(placeKey(change));
    return mirrored
      ? replacedAt(change, mirrored, facts).map((draft) => ({ draft, mirrored }))
      : [];
  });
  const isWithheld = ({ draft }: (typeof drafts)[number]) => facts.withheld?.has(placeKey(draft));
  const withheld = new Set(drafts.filter(isWithheld).map(({ draft }) => changeKey(draft)));
  const found = new Map<string, ReplacedChange>();
  for (const { draft, mirrored } of drafts) {
    const key = changeKey(draft);
    // A hold at one of its places holds it.
    if (withheld.has(key) || found.get(key)?.action === 'hold') continue;
    const judged = judge(draft, mirrored, facts);
    if (!found.has(key) || judged.action === 'hold') found.set(key, judged);
  }
  return [...found.values()];
}
