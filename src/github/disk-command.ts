import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import type { Diagnostic } from '../diagnostic.ts';
import type { ImageFailure, MirrorReport, MirrorRequest, Settings } from '../run/index.ts';
import { formatBytes, formatCount } from '../views/index.ts';
import { createRequest } from './plan-request.ts';
import type { Outputs } from './report.ts';
import { publishFiles, type RunScope, scopeOf, uploadFiles, writeRunFiles } from './run-files.ts';
import type { Ending, JobSession } from './session.ts';

/** Bytes of one file of an archive that is uploaded: every host takes an artifact of this size. */
const uploadLimit = 4 * 1024 ** 3;

/** Artifacts that a job may upload on GitHub. */
const maxArtifacts = 500;

/** Gives the directory that gets or has the archive. */
function archiveDirectory({ inputs, settings, host }: JobSession): string {
  const base = inputs.archive ?? join(dirname(settings.workspace), 'archive');
  return resolve(host.env['GITHUB_WORKSPACE'] || '.', base);
}

/** Gives the directory of the cache; `OC_MIRROR_CACHE`, as with oc-mirror, names one that survives the job. */
function cacheDirectory({ host: { env } }: JobSession): string {
  const base = env['OC_MIRROR_CACHE'] || join(env['RUNNER_TEMP'] || tmpdir(), 'imageset-mirror');
  return join(base, '.oc-mirror', '.cache');
}

function failureFinding({ origin, message, hint, at }: ImageFailure): Diagnostic {
  return {
    severity: 'error',
    code: 'image-failed',
    summary: `${origin}: ${message}`,
    ...(hint !== undefined && { detail: hint }),
    ...(at && { at }),
  };
}

/** Takes deletions out of the settings: a run over a disk mirrors only. */
function mirrorOnly(settings: Settings): Settings {
  return { ...settings, options: { ...settings.options, prune: 'none' } };
}

interface Mirrored {
  readonly scope: RunScope;
  readonly report: MirrorReport;
}

async function mirror(
  session: JobSession,
  settings: Settings,
  route: Pick<MirrorRequest, 'toDisk' | 'fromDisk' | 'destination'>,
): Promise<Mirrored> {
  const request = await createRequest(session);
  const { head: files, base, isOlderThan } = request;
  const age = isOlderThan ? { isOlderThan } : {};
  const report = await session.jobs.mirror(
    mirrorOnly(settings),
    { files, base, ...age, dryRun: 'no', ...route },
    session.log.listener,
  );
  return { scope: scopeOf(session, request), report };
}

function countOf({ counts }: MirrorReport, field: 'collected' | 'copied'): number {
  return counts.reduce((sum, count) => sum + count[field], 0);
}

function endingOf(report: MirrorReport, outputs: Outputs): Ending {
  const { failures, imageFailures } = report;
  const failed = failures.length + imageFailures.length;
  const copied = countOf(report, 'copied');
  const success = copied > 0 ? 'applied' : 'nothing';
  return {
    isFailure: failed > 0,
    findings: [
      ...report.diagnostics,
      ...failures.map(({ diagnostic }) => diagnostic),
      ...imageFailures.map(failureFinding),
    ],
    outputs: {
      'has-changes': String(copied > 0),
      'mirror-count': String(copied),
      'failed-count': String(failed),
      'bytes-to-mirror': String(report.traffic.bytesSent),
      outcome: failed === 0 ? success : copied > 0 ? 'partial' : 'failed',
      ...outputs,
    },
  };
}

/** Publishes each file of an archive as an artifact of its own name; tells whether all arrived. */
async function publishArchive(session: JobSession, paths: readonly string[]): Promise<boolean> {
  const { host, inputs, notices, log } = session;
  if (inputs.upload === 'off') return false;
  if (paths.length > maxArtifacts) {
    const why = `The archive has ${paths.length} files, and a job may upload ${maxArtifacts}`;
    const instead = 'Raise archiveSize, or take the files from the output archive-path.';
    notices.miss('artifact', { why, instead });
    return false;
  }
  let areThere = true;
  for (const path of paths) {
    const artifact = { name: basename(path, '.tar'), directory: dirname(path), paths: [path] };
    // A large file takes minutes without a sign.
    if (host.artifacts) log.line('upload', artifact.name);
    const id = await uploadFiles(host.artifacts, artifact, notices);
    areThere &&= id !== undefined;
  }
  return areThere;
}

/** Says where an archive is: in artifacts, or in its directory. */
function sayWhere(paths: readonly string[], areThere: boolean): string {
  const [first = ''] = paths;
  if (!areThere) return `files in ${dirname(first)}`;
  const more = paths.length > 1 ? ` and ${paths.length - 1} more` : '';
  return `artifact ${basename(first, '.tar')}${more}`;
}

function sayArchived({ archive }: MirrorReport): string {
  if (!archive) return 'Nothing was archived.';
  const { stream, generation, base, blobs, bytes, paths } = archive;
  const after = base > 0 ? `, to be loaded after generation ${base}` : '';
  return `Generation ${generation} of ${stream}${after}: ${formatCount(blobs, 'blob')}, ${formatBytes(bytes)}, ${formatCount(paths.length, 'file')}.`;
}

/** Gives a name that can be the beginning of a file's name. */
function streamName({ inputs }: JobSession): string {
  return (inputs.name ?? inputs.target).replaceAll(/[^\w.-]+/g, '-').replace(/^[.-]+/, '');
}

/**
 * Archives what the image sets ask for; the target is not contacted, its name is that of the archives.
 * @throws MirrorError if a source does not answer, or the archive cannot be written
 */
export async function runArchive(session: JobSession): Promise<Ending> {
  const { settings, inputs, host, log } = session;
  const directory = archiveDirectory(session);
  const isUploaded = inputs.upload === 'auto' && host.artifacts !== undefined;
  const toDisk = {
    cache: cacheDirectory(session),
    directory,
    naming: 'stream',
    stream: streamName(session),
    large: 'alone',
    ...(inputs.since !== undefined && { since: inputs.since }),
    ...(isUploaded && { most: uploadLimit }),
  } as const;
  const local = { ...settings, target: 'localhost:55000', maxNestedPaths: 0 };
  const { report } = await mirror(session, local, { toDisk, destination: 'disk' });
  const text = sayArchived(report);
  log.line('done', text);
  const { paths = [] } = report.archive ?? {};
  if (paths.length > 0) log.line('see', sayWhere(paths, await publishArchive(session, paths)));
  await host.summarize(`### Archive for ${inputs.target}\n\n**${text}**\n`);
  return endingOf(report, report.archive ? { 'archive-path': directory } : {});
}

/**
 * Mirrors an archive into the target; only the target is contacted.
 * @throws ContentError for an archive that is missing, damaged or incomplete: nothing was mirrored then
 */
export async function runLoad(session: JobSession): Promise<Ending> {
  const { settings, inputs, host, log } = session;
  const directory = archiveDirectory(session);
  const fromDisk = { cache: cacheDirectory(session), directory };
  const { scope, report } = await mirror(session, settings, { fromDisk, destination: 'registry' });
  const resources = [...report.clusterResources];
  const files = new Map(resources.map(([name, text]) => [`cluster-resources/${name}`, text]));
  const written = await writeRunFiles(session, { ...scope, name: 'result' }, files);
  const text = `Mirrored ${countOf(report, 'copied')} of ${countOf(report, 'collected')} images.`;
  log.line('done', text);
  for (const note of report.notes) log.line('note', note);
  const artifactId = await publishFiles(session, `${scope.artifactName}-result`, written);
  await host.summarize(`### Loaded into ${inputs.target}\n\n**${text}**\n`);
  return endingOf(report, {
    'archive-path': directory,
    ...(files.size > 0 && {
      'cluster-resources-path': join(written.directory, 'cluster-resources'),
    }),
    'artifact-id': artifactId === undefined ? '' : String(artifactId),
  });
}
