import type { Plan } from '../../plan/index.ts';
import { agree, formatCount, listPhrases, name, type Phrase, say } from '../text/index.ts';

/** Releases that a sentence names. */
const maxNames = 5;

/**
 * Counts images that are mirrored and no longer wanted: `25 images of 4.16.5 are mirrored but no longer wanted`.
 *
 * Gives nothing when there are none. The caller ends the sentence.
 */
export function describeStale({
  stale,
}: {
  readonly stale?: Plan['stale'] | undefined;
}): Phrase | undefined {
  if (!stale) return undefined;
  const releases = stale.groups.filter(({ release }) => release !== undefined);
  const ofReleases = releases.reduce((sum, { count }) => sum + count, 0);
  const rest = stale.count - ofReleases;
  const names = listPhrases(
    releases.map(({ release = '' }) => say`${release}`),
    maxNames,
  );
  const others = formatCount(rest, ofReleases > 0 ? 'other image' : 'image');
  const parts = [
    ...(ofReleases > 0 ? [say`${formatCount(ofReleases, 'image')} of ${names}`] : []),
    ...(rest > 0 ? [say`${others}`] : []),
  ];
  return say`${listPhrases(parts, 2)} ${agree(stale.count, 'is', 'are')} mirrored but no longer wanted`;
}

/** Says the same as a sentence, with the input that plans to remove it. */
export function staleSentences(plan: Pick<Plan, 'stale'>): Phrase[] {
  const found = describeStale(plan);
  return found
    ? [
        say`${found}; the option ${name('prune')} with the value ${name('stale')} plans that they go.`,
      ]
    : [];
}
