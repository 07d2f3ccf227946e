import type { Outcome } from '../apply/index.ts';
import type { CollectionFailure, ContentKind, ImageKind } from '../imageset/index.ts';
import { changeKey } from '../plan/index.ts';
import type { ImageFailure, KindCount } from '../run/index.ts';
import { formatBytes, shortenDigests } from '../views/index.ts';
import { formatGoDuration } from './units.ts';

/** The lines that oc-mirror logs and that people grep for. */
export const words = {
  hello: '👋 Hello, welcome to oc-mirror',
  'release-collected': (origin: string) => `Success collecting release ${origin}`,
  'catalog-collected': (origin: string) => `Collected catalog ${origin}`,
  goodbye: '👋 Goodbye, thank you for using oc-mirror',
  version: (version: string) => `⚙️  environment version: imageset-mirror ${version}`,
  mode: (mode: string) => `🔀 workflow mode: ${mode}`,
  discover: '🕵  going to discover the necessary images...',
  collecting: (kind: ContentKind) => `🔍 collecting ${kind} images...`,
  nothingToMirror: '❗ No images to mirror...',
  noImages: 'no images to copy',
  startCopying: '🚀 Start copying the images...',
  toCopy: (total: number) => `📌 images to copy ${total} `,
  toDelete: (total: number) => `📌 images to delete ${total} `,
  results: '=== Results ===',
  generatingResources: '📄 Generating cluster resources...',
  generating: (title: string) => `📄 Generating ${title} file...`,
  created: (path: string) => `${path} file created`,
  nothingMirrored: '📄 Nothing mirrored. Skipping IDMS and ITMS files generation.',
  noDigests: '📄 No images by digests were mirrored. Skipping IDMS generation.',
  noTags: '📄 No images by tag were mirrored. Skipping ITMS generation.',
  mapping: (path: string) => `📄 list of all images for mirroring in : ${path}`,
  notCached: (missing: number, total: number) =>
    `⚠️  ${missing}/${total} images necessary for mirroring are not available in the cache.`,
  missing: (path: string) =>
    `List of missing images in : ${path}.\nplease re-run the mirror to disk process`,
  available: (total: number) =>
    `all ${total} images required for mirroring are available in local cache. You may proceed with mirroring from disk to disconnected registry`,
  archiving: '📦 Preparing the tarball archive...',
  extracting: '📦 Extracting mirror archive(s)...',
  chunk: (index: number, total: number, path: string) =>
    `Extracting chunk file (${index} / ${total}): ${path}`,
  noArchive: (directory: string) =>
    `no tar archives matching "mirror_[0-9]{6}\\\\.tar" found in "${directory}"`,
  emptyArchive: (path: string) => `empty archive file "${path}"`,
  archiveTooSmall: (size: string) =>
    `maxArchiveSize ${size} is too small compared to sizes of files that need to be included in the archive.`,
  largerArchiveSize: (size: number) => `Please consider updating archiveSize to at least ${size}`,
  generatingPinned: 'Generating pinned configurations...',
  pinned: (kind: 'ISC' | 'DISC', path: string) => `Pinned ${kind} written to: ${path}`,
  incompleteDelete: 'image discovery finished with errors: the delete file might not be complete',
  collectGarbage: '📝 Remember to execute a garbage collect (or similar) on your remote repository',
  time: (verb: 'mirror' | 'delete', ms: number) => `${verb} time     : ${formatGoDuration(ms)}`,
  executor: (failure: string) => `[Executor] ${failure}`,
  worker: (failure: string) => `[Worker] ${failure}`,
  mirrorFailed: (path: string) =>
    [
      '[Worker] some errors occurred during the mirroring.',
      `Please review ${path} for a list of mirroring errors. You may`,
      '  * run the same command again: what was mirrored is not copied again',
      '  * take the images that fail out of the image set configuration, if nothing needs them',
      '  * mirror the images that fail by hand, if they fail again',
    ].join('\n'),
} as const;

/** The functions of oc-mirror that its messages name. */
const stages = {
  select: '[GetReleaseReferenceImages] ',
  read: '[ReleaseImageCollector] ',
  verify: '[GenerateReleaseSignatures] ',
} as const;

/** Writes the failures of a collection: `collection error:`, then one message a line. */
export function formatCollectionError(failures: readonly CollectionFailure[]): string {
  const lines = failures.map(({ stage, message }) => (stage ? stages[stage] : '') + message);
  return `collection error: ${lines.join('\n')}`;
}

/** The deed that result lines name. */
export type Deed = 'mirrored' | 'deleted';

function formatKindResult({ copied, collected, kind }: KindCount, deed: Deed): string {
  const numbers = `${copied} / ${collected} ${kind} images ${deed}`;
  return copied === collected
    ? ` ✓  ${numbers} successfully`
    : ` ✗  ${numbers}: Some ${kind} images failed to be ${deed} - please check the logs`;
}

const order: readonly ContentKind[] = ['release', 'operator', 'additional', 'helm'];

/** Gives the results of all kinds that had images: ` ✓  192 / 192 release images mirrored successfully`. */
export function formatResults(counts: readonly KindCount[], deed: Deed): readonly string[] {
  const found = order.flatMap(
    (kind) => counts.find((entry) => entry.kind === kind && entry.collected > 0) ?? [],
  );
  return [words.results, ...found.map((count) => formatKindResult(count, deed))];
}

/** Names the bundles and operators that need an image. @see oc-mirror v2, §8.6 */
function formatNeeds({ neededBy = [] }: ImageFailure): string {
  if (neededBy.length === 0) return '';
  const list = (names: readonly string[]) => [...new Set(names)].sort().join(' ');
  const bundles = list(neededBy.map(({ bundle }) => bundle));
  const operators = list(neededBy.map((one) => one.package));
  return ` (Operator bundles: [${bundles}] - Operators: [${operators}])`;
}

/** Names the catalog and the line of the configuration that ask for an image. */
function formatOrigin({ neededBy = [], at }: ImageFailure): string {
  const catalogs = [...new Set(neededBy.map(({ catalog }) => catalog))].join(', ');
  const where = at === undefined ? '' : ` Asked for at ${at.file}:${at.line}.`;
  return `${catalogs === '' ? '' : ` Catalog: ${catalogs}.`}${where}`;
}

/** Says that a policy rejects an image, in the words of podman and skopeo. */
function rejected({ origin }: ImageFailure): string {
  return `Source image rejected: Running image docker://${origin} is rejected by policy. `;
}

/** Formats a line of `mirroring_errors_<stamp>.txt`. */
export function formatImageFailure(failure: ImageFailure): string {
  const hint = failure.hint === undefined ? '' : ` ${failure.hint}`;
  const image = `${failure.origin}${formatNeeds(failure)}`;
  const verdict = failure.isRejected ? rejected(failure) : '';
  const line = `error mirroring image ${image} error: ${verdict}${failure.message}${hint}`;
  return `${line}${formatOrigin(failure)}`.replace(/\s*\n\s*/g, ' ');
}

/** Formats failures for the console: all images that failed because of one host share a line. */
export function formatImageFailures(failures: readonly ImageFailure[]): string[] {
  return [...Map.groupBy(failures, ({ host }) => host)].flatMap(([host, all]) => {
    const [first] = all;
    if (host === undefined || !first || all.length === 1) return all.map(formatImageFailure);
    const hint = first.hint === undefined ? '' : ` ${first.hint}`;
    return [
      `error mirroring ${all.length} images, the first ${first.origin} error: ${host}${hint}`,
    ];
  });
}

const typeNames: Readonly<Record<ImageKind, string>> = {
  ocpRelease: 'release',
  ocpReleaseContent: 'release content',
  cincinnatiGraph: 'graph',
  operatorCatalog: 'operator catalog',
  operatorBundle: 'operator bundle',
  operatorRelatedImage: 'operator related image',
  generic: 'additional',
  helmImage: 'helm',
  signature: 'signature',
};

/** Formats the outcome of one image. */
export function outcomeLine(outcome: Outcome, destination: string): string {
  const { change } = outcome;
  const place = changeKey(change);
  const isCopy = ['mirror', 'retag', 'keep'].includes(change.action);
  if (outcome.result === 'failed') {
    const what = isCopy ? 'copy' : change.action;
    return `Failed to ${what} ${typeNames[change.kind]} ${isCopy ? shortenDigests(change.origin) : place}: ${outcome.message}`;
  }
  const note = outcome.detail === undefined ? '' : `  ${outcome.detail}`;
  if (outcome.result !== 'done') return `${outcome.result} ${place}${note}`;
  if (outcome.wasGone) return `Nothing to ${change.action}: ${place}${note}`;
  const cost = `  ${formatBytes(outcome.bytes)}  ${formatGoDuration(outcome.ms)}`;
  if (isCopy) {
    const [registry = destination] = destination.split('/', 1);
    return `Success copying ${shortenDigests(change.origin)} ➡️ ${registry}/${place}${cost}${note}`;
  }
  const verb = change.action === 'untag' ? 'untagging' : 'deleting';
  return `Success ${verb} ${place}${note}`;
}
