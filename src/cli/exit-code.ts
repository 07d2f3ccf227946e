import type { ContentKind } from '../imageset/index.ts';
import type { MirrorReport } from '../run/index.ts';

/** The exit code of a failure that has no bit of its own. */
export const genericFailure = 1;

/** The exit code after Ctrl-C, as shells define it: 128 plus the number of the signal. */
export const cancelledCode = 130;

/** One bit for each kind of content. @see oc-mirror v2, exit codes */
const bits: Readonly<Record<ContentKind, number>> = {
  release: 2,
  operator: 4,
  additional: 8,
  helm: 16,
};

function combine(kinds: Iterable<ContentKind>): number {
  return [...kinds].reduce((code, kind) => code | bits[kind], 0);
}

/** Gives the exit code of a failed collection: that of releases if one failed, else the bits of all kinds together. */
export function exitCodeOfCollection(failed: readonly { readonly kind: ContentKind }[]): number {
  const kinds = failed.map((failure) => failure.kind);
  return kinds.includes('release') ? bits.release : combine(kinds);
}

/** Gives the exit code of copying: the bits of all kinds of which an image is missing in the target. */
export function exitCodeOfCopies(report: Pick<MirrorReport, 'counts' | 'imageFailures'>): number {
  const short = report.counts.filter((count) => count.copied !== count.collected);
  return combine([...short, ...report.imageFailures].map((entry) => entry.kind));
}
