import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { storageError } from '../base/index.ts';
import { InvariantError, messageOf } from '../errors.ts';
import type { ArtifactService } from './host.ts';
import type { Notices } from './notices.ts';

/** Files of a run, by their path below a directory. */
export type Files = ReadonlyMap<string, string>;

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

/** Files to publish under one name. */
export interface Upload {
  readonly name: string;
  readonly directory: string;
  readonly paths: readonly string[];
}

/**
 * Publishes files as an artifact and gives its id; `undefined` on a host without artifacts.
 *
 * Never throws: the files are already in the workspace.
 */
export async function uploadFiles(
  service: ArtifactService | undefined,
  upload: Upload,
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
