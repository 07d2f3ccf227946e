import type { ContentKind } from '../imageset/index.ts';
import type { ImageFailure, KindCount } from '../run/index.ts';
import type { Console } from './console.ts';

/** What was done to images, as the result lines say it. */
export type Deed = 'mirrored' | 'deleted';

/** Formats the result of one kind: ` ✓  192 / 192 release images mirrored successfully`. */
export function formatKindResult(count: KindCount, deed: Deed): string {
  const numbers = `${count.copied} / ${count.collected} ${count.kind} images ${deed}`;
  return count.copied === count.collected
    ? ` ✓  ${numbers} successfully`
    : ` ✗  ${numbers}: Some ${count.kind} images failed to be ${deed} - please check the logs`;
}

const order: readonly ContentKind[] = ['release', 'operator', 'additional', 'helm'];

/** Logs the results of all kinds that had images, in oc-mirror's order. */
export function logResults(console: Console, counts: readonly KindCount[], deed: Deed): void {
  console.result('=== Results ===');
  for (const kind of order) {
    const count = counts.find((entry) => entry.kind === kind && entry.collected > 0);
    if (count) console.result(formatKindResult(count, deed));
  }
}

/** Names the bundles and operators that need an image, in oc-mirror's words. @see oc-mirror v2, §8.6 */
function formatNeeds({ neededBy = [] }: ImageFailure): string {
  if (neededBy.length === 0) return '';
  const list = (names: readonly string[]) => [...new Set(names)].sort().join(' ');
  const bundles = list(neededBy.map(({ bundle }) => bundle));
  const operators = list(neededBy.map((one) => one.package));
  return ` (Operator bundles: [${bundles}] - Operators: [${operators}])`;
}

/** Says where an image was asked for: the catalog, and the line of the configuration. */
function formatWish({ neededBy = [], at }: ImageFailure): string {
  const catalogs = [...new Set(neededBy.map(({ catalog }) => catalog))].join(', ');
  const where = at === undefined ? '' : ` Asked for at ${at.file}:${at.line}.`;
  return `${catalogs === '' ? '' : ` Catalog: ${catalogs}.`}${where}`;
}

/** Formats a line of `mirroring_errors_<stamp>.txt`. */
export function formatImageFailure(failure: ImageFailure): string {
  const hint = failure.hint === undefined ? '' : ` ${failure.hint}`;
  const image = `${failure.origin}${formatNeeds(failure)}`;
  return `error mirroring image ${image} error: ${failure.message}${hint}${formatWish(failure)}`.replace(
    /\s*\n\s*/g,
    ' ',
  );
}
