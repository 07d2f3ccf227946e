import { join } from 'node:path';
import { resourceOfFile } from '../resources/index.ts';
import type { MirrorReport } from '../run/index.ts';
import type { Console } from './console.ts';
import { formatMapping } from './mapping.ts';
import type { MirrorRoute } from './mirror-route.ts';
import { formatImageFailure } from './results.ts';
import { emptyDirectory, writeResources, writeText, writeTexts } from './workspace.ts';

/** Writes the mapping of a dry run; to disk, all images are missing, since there is no local cache that has them. */
export function writeDryRun(console: Console, route: MirrorRoute, report: MirrorReport): void {
  const directory = join(route.workingDirectory, 'dry-run');
  const mapping = formatMapping(report.mapping);
  emptyDirectory(directory);
  if (route.mode === 'mirrorToDisk' && report.mapping.length > 0) {
    const missing = writeText(join(directory, 'missing.txt'), mapping);
    const total = report.mapping.length;
    console.log(
      'warn',
      `${total}/${total} images necessary for mirroring are not available in the cache.`,
    );
    console.log('warn', `List of missing images in : ${missing}.`);
  }
  const path = writeText(join(directory, 'mapping.txt'), mapping);
  console.result(`📄 list of all images for mirroring in : ${path}`);
}

/** Writes the cluster resources of what was mirrored, and says so for each file. */
export function writeClusterResources(
  console: Console,
  route: MirrorRoute,
  files: MirrorReport['clusterResources'],
): void {
  // A dry run knows only its own images: what is there stays.
  const paths =
    route.dryRun === 'no'
      ? writeResources(route.workingDirectory, files)
      : writeTexts(join(route.workingDirectory, 'cluster-resources'), files);
  [...files.keys()].forEach((file, index) => {
    const title = resourceOfFile(file)?.title;
    // A resource that is written in two forms is named once.
    const isSecondForm = files.has(file.replace(/\.yaml$/, '.json'));
    if (title !== undefined && (file.endsWith('.json') || !isSecondForm))
      console.log('info', `📄 Generating ${title} file...`);
    console.log('info', `${paths[index]} file created`);
  });
  const lacks = (start: string) => ![...files.keys()].some((file) => file.startsWith(start));
  if (lacks('idms-') && lacks('itms-')) {
    console.log('info', '📄 Nothing mirrored. Skipping IDMS and ITMS files generation.');
  } else if (lacks('idms-')) {
    console.log('info', '📄 No images by digests were mirrored. Skipping IDMS generation.');
  } else if (lacks('itms-')) {
    console.log('info', '📄 No images by tag were mirrored. Skipping ITMS generation.');
  }
}

/** Writes the pinned configurations; `stamp` is RFC 3339 in UTC. */
export function writePinned(
  console: Console,
  route: MirrorRoute,
  facts: { readonly pinned: MirrorReport['pinned']; readonly stamp: string },
): void {
  if (facts.pinned.length === 0) return;
  console.log('info', 'Generating pinned configurations...');
  facts.pinned.forEach((pair, index) => {
    const name = index === 0 ? facts.stamp : `${facts.stamp}-${index + 1}`;
    const path = (kind: string) => join(route.workingDirectory, `${kind}_pinned_${name}.yaml`);
    console.log('info', `Pinned ISC written to: ${writeText(path('isc'), pair.imageSet)}`);
    console.log('info', `Pinned DISC written to: ${writeText(path('disc'), pair.deleteImageSet)}`);
  });
}

/** Gives the lines of the console: images that failed with one host are one line. */
function consoleLines(failures: MirrorReport['imageFailures']): string[] {
  const groups = Map.groupBy(failures, ({ host }) => host);
  return [...groups].flatMap(([host, all]) => {
    const [first] = all;
    if (host === undefined || !first || all.length === 1) return all.map(formatImageFailure);
    const hint = first.hint === undefined ? '' : ` ${first.hint}`;
    return [
      `error mirroring ${all.length} images, the first ${first.origin} error: ${host}${hint}`,
    ];
  });
}

/**
 * Writes `mirroring_errors_<stamp>.txt`, logs each line (one for all that failed with a host), and gives the message that
 * ends the run.
 */
export function writeImageFailures(
  console: Console,
  route: MirrorRoute,
  failures: MirrorReport['imageFailures'],
): string {
  const lines = failures.map(formatImageFailure);
  for (const line of consoleLines(failures)) console.log('error', `[Worker] ${line}`);
  const path = writeText(
    join(route.workingDirectory, 'logs', `mirroring_errors_${console.stamp}.txt`),
    lines.map((line) => `${line}\n`).join(''),
  );
  return [
    '[Worker] some errors occurred during the mirroring.',
    `Please review ${path} for a list of mirroring errors. You may`,
    '  * run the same command again: what was mirrored is not copied again',
    '  * take the images that fail out of the image set configuration, if nothing needs them',
    '  * mirror the images that fail by hand, if they fail again',
  ].join('\n');
}
