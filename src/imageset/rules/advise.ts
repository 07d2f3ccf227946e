import type { Finding, Located } from './finding.ts';
import { adviseImages } from './images.ts';
import { adviseOperators } from './operator-advice.ts';
import { advisePlatforms } from './platforms.ts';
import { adviseReleases } from './releases.ts';
import { adviseUnused } from './unused.ts';

/** Gives every finding about an image set that oc-mirror accepts and then stumbles over, or never mentions. */
export function advise(imageSet: Located): Finding[] {
  return [adviseReleases, adviseOperators, adviseImages, advisePlatforms, adviseUnused].flatMap(
    (rule) => rule(imageSet),
  );
}
