import { basename, join } from 'node:path';
import type { LoadedImageSet } from '../imageset/index.ts';
import { formatUtc } from '../log.ts';
import type { MirrorReport, MirrorRequest } from '../run/index.ts';
import { formatBytes } from '../views/index.ts';
import { tellLog } from './closing.ts';
import { defineCommand } from './command.ts';
import { createFindingsLog, fileFindings, loadConfigFiles } from './config-files.ts';
import type { Console } from './console.ts';
import {
  cancelledCode,
  exitCodeOfCollection,
  exitCodeOfCopies,
  genericFailure,
} from './exit-code.ts';
import { mirrorFlags } from './flag-tables.ts';
import type { Parsed } from './flags.ts';
import {
  inArchiveWords,
  tellArchive,
  writeClusterResources,
  writeDryRun,
  writeImageFailures,
  writePinned,
} from './mirror-output.ts';
import { type MirrorRoute, readMirrorRoute } from './mirror-route.ts';
import { createMirrorFiles } from './plan-request.ts';
import { createProgress } from './progress.ts';
import { settingsOfFlags } from './settings.ts';
import { formatCollectionError, formatResults, words } from './words.ts';
import { createWorkspace, emptyDirectory, findCache } from './workspace.ts';
import type { World } from './world.ts';

type DiskRequests = Pick<MirrorRequest, 'toDisk' | 'fromDisk'>;

interface MirrorRun {
  readonly parsed: Parsed<typeof mirrorFlags>;
  readonly world: World;
  readonly console: Console;
  readonly route: MirrorRoute;
}

/** Tells whether no signature is verified: the flag counts only for `platform.release`, never for releases of a channel. */
function ignoresSignature(run: MirrorRun, loaded: readonly LoadedImageSet[]): boolean {
  return (
    run.parsed.values['ignore-release-signature'] &&
    loaded.every(({ imageSet }) => imageSet?.mirror.platform?.release !== undefined)
  );
}

function diskRequests({ route, parsed, world }: MirrorRun): DiskRequests {
  const { mode, archive: directory } = route;
  if (directory === undefined) return {};
  const { values } = parsed;
  const cache = findCache(values['cache-dir'], world.env);
  if (mode === 'diskToMirror') return { fromDisk: { cache, directory } };
  const [config = ''] = values.config;
  const stream = values.name || basename(config).replace(/\.ya?ml$/, '');
  const { since } = values;
  const large = values['strict-archive'] ? 'refuse' : 'alone';
  return { toDisk: { cache, directory, stream, large, ...(since && { since }) } };
}

async function mirror(run: MirrorRun): Promise<MirrorReport> {
  const { world, console, route, parsed } = run;
  const tell = createFindingsLog(console);
  const { files, base, isOlderThan } = await createMirrorFiles(parsed.values, world);
  const loaded = loadConfigFiles(files, 'ImageSetConfiguration', tell);
  const settings = settingsOfFlags(parsed, {
    world,
    log: console,
    target: route.target,
    workspace: route.workingDirectory,
    ...(route.mode === 'mirrorToDisk' && { maxNestedPaths: 0 }),
    verifySignatures: ignoresSignature(run, loaded) ? 'off' : 'releases',
    signatures: parsed.values['remove-signatures'] ? 'skip' : 'copy',
  });
  console.log('info', words.discover);
  const { 'image-timeout': imageTimeoutMs } = parsed.values;
  const report = await world.jobs.mirror(
    { ...settings, ...(imageTimeoutMs > 0 && { imageTimeoutMs }) },
    {
      files,
      base,
      ...(isOlderThan && { isOlderThan }),
      dryRun: route.dryRun,
      destination: route.mode === 'mirrorToDisk' ? 'disk' : 'registry',
      ...diskRequests(run),
    },
    createProgress(console, world, route.target),
  );
  // Images that a cancelled run did not collect are no findings.
  if (report.failures.length > 0) world.signal?.throwIfAborted();
  console.live(undefined);
  tell(fileFindings(report));
  return report;
}

/** The end of a run; its failure is logged last, where people look first. */
interface Ending {
  readonly code: number;
  readonly failure?: string;
}

function logEnd(run: MirrorRun, report: MirrorReport, startedAt: number): void {
  const { console, world } = run;
  const { traffic } = report;
  const moved = run.route.mode === 'mirrorToDisk' ? traffic.bytesReceived : traffic.bytesSent;
  for (const note of report.notes) console.result(note);
  console.stale(report);
  console.log(
    'info',
    `moved ${formatBytes(moved)} in ${traffic.requests} requests, ${traffic.writes} of them writes, ${traffic.retries} retried`,
  );
  console.result(words.time('mirror', world.clock.now() - startedAt));
  tellLog(console);
}

function finish({ console, route, world }: MirrorRun, report: MirrorReport): Ending {
  if (report.failures.length > 0) {
    return {
      code: exitCodeOfCollection(report.failures),
      failure: formatCollectionError(report.failures),
    };
  }
  if (report.counts.every((count) => count.collected === 0)) {
    console.log('info', words.nothingToMirror);
    return { code: genericFailure, failure: words.noImages };
  }
  if (route.dryRun !== 'no') {
    writeDryRun(console, route, report);
    if (route.mode !== 'mirrorToDisk') {
      writeClusterResources(console, route, report.clusterResources);
    }
    return { code: 0 };
  }
  for (const line of formatResults(report.counts, 'mirrored')) console.result(line);
  // As with oc-mirror: an archive that lacks an image gets no pinned configuration, which would promise that image.
  const isWhole = route.mode === 'mirrorToMirror' || report.imageFailures.length === 0;
  if (isWhole && route.mode !== 'diskToMirror') {
    writePinned(console, route, { pinned: report.pinned, stamp: formatUtc(world.clock.now()) });
  }
  if (route.mode === 'mirrorToDisk') tellArchive(console, report);
  else writeClusterResources(console, route, report.clusterResources);
  const code = exitCodeOfCopies(report);
  if (code === 0) return { code };
  return { code, failure: writeImageFailures(console, route, report.imageFailures) };
}

async function runMirror(run: MirrorRun): Promise<number> {
  const { console, route, world } = run;
  const startedAt = world.clock.now();
  createWorkspace(route.workingDirectory);
  console.openLog(join(route.workingDirectory, 'logs'));
  console.greet();
  console.log('info', words.mode(route.mode));
  if (route.dryRun === 'no') emptyDirectory(join(route.workingDirectory, 'cluster-resources'));
  const report = await mirror(run).catch((thrown: unknown) => {
    throw inArchiveWords(thrown);
  });
  if (world.signal?.aborted) return cancelledCode;
  const { code, failure } = finish(run, report);
  logEnd(run, report, startedAt);
  console.log('info', words.goodbye);
  if (failure !== undefined) console.log('error', words.executor(failure));
  return code;
}

/** Mirrors what image sets ask for, registry to registry; the command without a name. */
export const mirrorCommand = defineCommand({
  name: '',
  usage: [
    '-c FILE --workspace file://DIR docker://HOST[:PORT][/PATH]',
    '-c FILE file://DIR',
    '-c FILE --from file://DIR docker://HOST[:PORT][/PATH]',
  ],
  summary: 'mirror what image sets ask for, registry to registry or over a disk',
  flags: mirrorFlags,
  usageOnMistake: true,
  prepare(parsed, world) {
    const route = readMirrorRoute(parsed);
    return (console) => runMirror({ parsed, world, console, route });
  },
});
