import { compareText, listNames } from '../../base/index.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import { contentKindOf, findingAbout, type PinnedPlacement } from '../../imageset/index.ts';
import type { LookedUp } from './attachments.ts';

/** Images that a finding about a registry names. */
const mostNamed = 10;

/** Names a component as people know it; its reference is a digest. */
function nameOf({ origin, component, release }: PinnedPlacement): string {
  return component !== undefined && release ? `${component} of ${release.version}` : origin;
}

/** Names the first of some images, and counts the rest. */
export function nameSome(images: readonly Pick<LookedUp, 'placement'>[], most: number): string {
  return listNames(images.map(({ placement }) => nameOf(placement)).sort(compareText), most);
}

/** Tells whether a cluster may verify an image: it does so for releases of every publisher. */
function isOfRelease({ kind }: PinnedPlacement): boolean {
  return contentKindOf(kind) === 'release';
}

function unreadIn(registry: string, images: readonly LookedUp[]): Diagnostic[] {
  const failed = images.filter(({ error }) => error !== undefined);
  const [first] = failed;
  if (!first?.error) return [];
  const { message, hint } = first.error;
  return [
    findingAbout(first.placement, {
      severity: 'warning',
      code: 'signatures-unread',
      summary: `The signatures of ${failed.length} ${failed.length === 1 ? 'image' : 'images'} of ${registry} could not be looked up; they are not mirrored.`,
      detail: [
        `${message}`,
        hint,
        `Images: ${nameSome(failed, mostNamed)}. The next run asks again.`,
      ]
        .filter((part) => part !== undefined)
        .join(' '),
    }),
  ];
}

function unsignedIn(registry: string, images: readonly LookedUp[]): Diagnostic[] {
  const read = images.filter(({ error }) => error === undefined);
  const unsigned = read.filter((one) => !one.isSigned);
  const [first] = unsigned;
  const signed = read.length - unsigned.length;
  const isExpected = signed > 0 || unsigned.some(({ placement }) => isOfRelease(placement));
  if (!first || !isExpected) return [];
  return [
    findingAbout(first.placement, {
      severity: 'notice',
      code: 'signatures-missing',
      summary: `${signed} of ${read.length} images from ${registry} are signed.`,
      detail: `Not signed: ${nameSome(unsigned, mostNamed)}. They are mirrored all the same; a cluster that verifies them refuses them.`,
    }),
  ];
}

/**
 * Says, once for each source registry, how many of its images are signed and which are not.
 *
 * Says nothing of a registry that signs all of them. Says nothing either of one that signs none, unless releases come from it:
 * its images are not expected to be signed, and each run would say the same.
 */
export function diagnoseCoverage(looked: readonly LookedUp[]): Diagnostic[] {
  const registries = Map.groupBy(looked, ({ placement }) => placement.source.registry);
  return [...registries].flatMap(([registry, images]) => [
    ...unreadIn(registry, images),
    ...unsignedIn(registry, images),
  ]);
}
