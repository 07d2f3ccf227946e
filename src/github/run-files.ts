import { lstat, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { storageError } from '../base/index.ts';
import { runKey } from '../door/index.ts';
import { InvariantError, messageOf } from '../errors.ts';
import type { PlanRequest } from '../run/index.ts';
import type { Notices } from './gaps.ts';
import type { ArtifactService } from './host.ts';
import { runPages, sourcePath } from './host-kind.ts';
import type { JobSession, RunFacts } from './session.ts';

/** The target and the image sets of a run. Files, artifacts and comments of the run carry their key. */
export interface RunScope {
  readonly key: string;
  /** The key of the same run before its image sets are read. */
  readonly provisionalKey: string;
  readonly artifactName: string;
  /** The directory of this run alone: two runs that share a workspace never use each other's files. */
  readonly directory: string;
}

/** Milliseconds that files of earlier runs stay in a workspace. */
const keptMs = 7 * 24 * 60 * 60 * 1000;

/** The default name of an artifact, before the key. */
const defaultArtifactName = 'imageset-mirror-plan';

/** The name of the directory of a run: run id, attempt, key. Other directories are never removed. */
const runDirectory = /^[0-9a-z]+-\d+-[0-9a-f]{12}$/;

function runName({ host: { env } }: JobSession): string {
  return `${env['GITHUB_RUN_ID'] || 'local'}-${env['GITHUB_RUN_ATTEMPT'] || '1'}`;
}

/** Gives the scope of a run; without a request only the inputs decide it. */
export function scopeOf(session: JobSession, request?: Pick<PlanRequest, 'head'>): RunScope {
  const { inputs, settings } = session;
  const provisionalKey = runKey(inputs.target, inputs.config);
  const identities = request?.head.map(({ identity, name }) => identity ?? name);
  const key = identities ? runKey(inputs.target, identities) : provisionalKey;
  return {
    key,
    provisionalKey,
    artifactName: inputs['artifact-name'] ?? `${defaultArtifactName}-${key}`,
    directory: join(settings.workspace, 'runs', `${runName(session)}-${key}`),
  };
}

/** Removes the files of runs that are older than a week. Never throws: nothing depends on it. */
async function forgetOldRuns(root: string, now: number): Promise<void> {
  const names = await readdir(root).catch(() => []);
  for (const name of names.filter((one) => runDirectory.test(one))) {
    const path = join(root, name);
    const facts = await lstat(path).catch(() => undefined);
    if (!facts?.isDirectory() || now - facts.mtimeMs < keptMs) continue;
    await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** Files of a run as they were written. */
export interface Written {
  readonly directory: string;
  readonly paths: readonly string[];
}

/** Writes files of the run into a directory of its own, which is emptied before. */
export async function writeRunFiles(
  { settings, host }: JobSession,
  { directory: root, name }: { readonly directory: string; readonly name: 'plan' | 'result' },
  files: Files,
): Promise<Written> {
  await forgetOldRuns(join(settings.workspace, 'runs'), host.clock.now());
  const directory = join(root, name);
  await rm(directory, { recursive: true, force: true });
  return { directory, paths: await writeFiles(directory, files) };
}

/** Publishes the files of the run unless the input `upload` is `off`, says where they are, and gives the id of the artifact. */
export async function publishFiles(
  { host, inputs, notices, log }: JobSession,
  name: string,
  written: Written,
): Promise<number | undefined> {
  if (written.paths.length === 0) return undefined;
  const isWanted = inputs.upload !== 'off';
  const id = isWanted
    ? await uploadFiles(host.artifacts, { name, ...written }, notices)
    : undefined;
  const page = runPages(host.env).artifact(id);
  const artifact = `artifact ${name}${page === undefined ? '' : ` · ${page}`}`;
  log.line('see', id === undefined ? `files in ${written.directory}` : artifact);
  return id;
}

/** Gives the facts of the run that views show. */
export function viewFacts(session: JobSession, { key }: RunScope, artifactId?: number): RunFacts {
  const { host, inputs, event, startedAt } = session;
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name, GITHUB_RUN_ID: run } = host.env;
  const pages = runPages(host.env);
  return {
    target: inputs.target,
    artifactUrl: pages.artifact(artifactId),
    runUrl: pages.run,
    ...(server && name && { sourceUrl: `${server}/${name}/${sourcePath(host.env)}` }),
    elapsedMs: host.clock.now() - startedAt,
    mark: { key, head: event.pullRequest?.headSha, ...(run && { run: runName(session) }) },
  };
}

type Files = ReadonlyMap<string, string>;

/**
 * Writes files below a directory and gives their paths, in the same order.
 * @throws StorageError if a file cannot be written: a published set of files must be complete.
 */
export async function writeFiles(directory: string, files: Files): Promise<readonly string[]> {
  const root = resolve(directory);
  const paths: string[] = [];
  for (const [name, text] of files) {
    const path = resolve(root, name);
    if (!path.startsWith(root + sep))
      throw new InvariantError(`The file ${name} leaves its directory.`);
    try {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
    } catch (cause) {
      const message = `${join(directory, name)} cannot be written: ${messageOf(cause)}`;
      const hint = 'Free space in the workspace, or name another with the input "workspace".';
      throw storageError(message, cause, hint);
    }
    paths.push(path);
  }
  return paths;
}

/**
 * Publishes files as an artifact and gives its id; `undefined` on a host without artifacts.
 *
 * Never throws: the files are already in the workspace.
 */
export async function uploadFiles(
  service: ArtifactService | undefined,
  upload: { readonly name: string; readonly directory: string; readonly paths: readonly string[] },
  notices: Notices,
): Promise<number | undefined> {
  const instead = `They lie in ${upload.directory}; nothing else changes.`;
  if (service === undefined) {
    notices.miss('artifact', { why: 'This host has no artifact service of version 4', instead });
    return undefined;
  }
  try {
    return await service.upload(upload.name, upload.directory, upload.paths);
  } catch (why) {
    notices.miss('artifact', { why, instead });
    return undefined;
  }
}
