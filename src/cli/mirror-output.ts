import { join } from 'node:path';
import { ContentError } from '../errors.ts';
import { resourceOfFile } from '../resources/index.ts';
import type { MappingEntry, MirrorReport } from '../run/index.ts';
import { formatBytes } from '../views/index.ts';
import type { Console } from './console.ts';
import type { MirrorRoute } from './mirror-route.ts';
import { formatImageFailure, formatImageFailures, words } from './words.ts';
import { emptyDirectory, writeResources, writeText, writeTexts } from './workspace.ts';

function formatEntry({ source, destination, children = [] }: MappingEntry): string[] {
  const [sourceName = source] = source.split('@', 1);
  const [destinationName = destination] = destination.split('@', 1);
  const untagged = destinationName.replace(/:[^:/]*$/, '');
  return [
    `${source}=${destination}`,
    ...children.map((child) => `${sourceName}@${child}=${untagged}@${child}`),
  ];
}

/**
 * Formats `mapping.txt`: a line `source=destination` for each image, transports included, and one for each child.
 *
 * A child's source keeps the tag before its digest, as oc-mirror writes it.
 * @see oc-mirror v2, dry run
 */
function formatMapping(entries: readonly MappingEntry[]): string {
  return entries
    .flatMap(formatEntry)
    .map((line) => `${line}\n`)
    .join('');
}

/** Writes the mapping of a dry run; to disk also the list of what the cache lacks. */
export function writeDryRun(console: Console, route: MirrorRoute, report: MirrorReport): void {
  const directory = join(route.workingDirectory, 'dry-run');
  const mapping = formatMapping(report.mapping);
  emptyDirectory(directory);
  const { missing = [] } = report;
  if (missing.length > 0) {
    const path = writeText(join(directory, 'missing.txt'), formatMapping(missing));
    console.log('warn', words.notCached(missing.length, report.mapping.length));
    console.log('warn', words.missing(path));
  }
  const available = report.mapping.length - missing.length;
  if (report.missing && available > 0) console.log('info', words.available(available));
  const path = writeText(join(directory, 'mapping.txt'), mapping);
  console.result(words.mapping(path));
}

/** Writes the cluster resources of a run, and logs each file. */
export function writeClusterResources(
  console: Console,
  route: MirrorRoute,
  files: MirrorReport['clusterResources'],
): void {
  console.log('info', words.generatingResources);
  // A dry run knows only its own images, so it removes no resources of earlier runs.
  const paths =
    route.dryRun === 'no'
      ? writeResources(route.workingDirectory, files)
      : writeTexts(join(route.workingDirectory, 'cluster-resources'), files);
  [...files.keys()].forEach((file, index) => {
    const title = resourceOfFile(file)?.title;
    // A resource that is written in two forms is named once.
    const isSecondForm = files.has(file.replace(/\.yaml$/, '.json'));
    if (title !== undefined && (file.endsWith('.json') || !isSecondForm))
      console.log('info', words.generating(title));
    console.log('info', words.created(paths[index] ?? file));
  });
  const lacks = (start: string) => ![...files.keys()].some((file) => file.startsWith(start));
  if (lacks('idms-') && lacks('itms-')) {
    console.log('info', words.nothingMirrored);
  } else if (lacks('idms-')) {
    console.log('info', words.noDigests);
  } else if (lacks('itms-')) {
    console.log('info', words.noTags);
  }
}

/** Writes the pinned configurations; `stamp` is RFC 3339 in UTC. */
export function writePinned(
  console: Console,
  route: MirrorRoute,
  facts: { readonly pinned: MirrorReport['pinned']; readonly stamp: string },
): void {
  if (facts.pinned.length === 0) return;
  console.log('info', words.generatingPinned);
  facts.pinned.forEach((pair, index) => {
    const name = index === 0 ? facts.stamp : `${facts.stamp}-${index + 1}`;
    const path = (kind: string) => join(route.workingDirectory, `${kind}_pinned_${name}.yaml`);
    console.log('info', words.pinned('ISC', writeText(path('isc'), pair.imageSet)));
    console.log('info', words.pinned('DISC', writeText(path('disc'), pair.deleteImageSet)));
  });
}

/**
 * Writes `mirroring_errors_<stamp>.txt` into the directory of the logs, logs each line (one for all that failed with a
 * host), and gives its path.
 */
export function saveFailures(
  console: Console,
  logs: string,
  failures: MirrorReport['imageFailures'],
): string {
  const lines = failures.map(formatImageFailure);
  for (const line of formatImageFailures(failures)) console.log('error', words.worker(line));
  return writeText(
    join(logs, `mirroring_errors_${console.stamp}.txt`),
    lines.map((line) => `${line}\n`).join(''),
  );
}

/** Writes the failures of a mirror run, and gives the message that ends it. */
export function writeImageFailures(
  console: Console,
  { workingDirectory }: MirrorRoute,
  failures: MirrorReport['imageFailures'],
): string {
  return words.mirrorFailed(saveFailures(console, join(workingDirectory, 'logs'), failures));
}

/** Gives the words of oc-mirror for an error of an archive; any other error stays as it is. */
function wordsFor({ code, actual = '', expected = '' }: ContentError): string | undefined {
  if (code === 'ARCHIVE_MISSING') return words.noArchive(actual);
  if (code === 'ARCHIVE_EMPTY') return words.emptyArchive(actual);
  if (code === 'ARCHIVE_SIZE') return words.archiveTooSmall(expected);
  return undefined;
}

/** Puts an error of an archive into the words that people grep for; its remedy stays. */
export function inArchiveWords(thrown: unknown): unknown {
  if (!(thrown instanceof ContentError)) return thrown;
  const message = wordsFor(thrown);
  return message === undefined ? thrown : new ContentError(thrown.code, message, thrown);
}

/** Tells which archive was written, and warns of files that are larger than its files should be. */
export function tellArchive(console: Console, { archive }: Pick<MirrorReport, 'archive'>): void {
  if (!archive) return;
  const { paths, blobs, bytes, assumed, large, neededSize, stream, generation, base } = archive;
  for (const path of paths) console.log('info', words.created(path));
  const name = `generation ${generation} of "${stream}"`;
  const content = `${blobs} blobs, ${formatBytes(bytes)}`;
  const rest = base > 0 ? `; it builds on generation ${base}, which has ${assumed} more` : '';
  console.result(`archived ${name}: ${content}${rest}`);
  for (const { name: file, size } of large) {
    console.log('warn', `${file} (${formatBytes(size)}) is larger than archiveSize.`);
  }
  if (neededSize > 0) console.log('warn', words.largerArchiveSize(neededSize));
}
