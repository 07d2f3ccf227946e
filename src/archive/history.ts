import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sortedUnique } from '../base/index.ts';
import { ContentError } from '../errors.ts';
import { type Digest, isDigest } from '../oci/index.ts';
import { readSmall, writeSmall } from './disk-files.ts';
import { archiveLimits } from './limits.ts';

/** The content of earlier archives of a working directory. */
export interface ArchiveHistory {
  /** Digests that need not be archived again. */
  readonly blobs: ReadonlySet<Digest>;
  /** The number of the archive that this one builds on; 0: it stands alone. */
  readonly base: number;
  /** The number of this archive. */
  readonly generation: number;
}

const directoryName = '.history';
const filePattern = /^\.history-(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:Z|[+-]\d{2}:\d{2}))$/;

interface HistoryFile {
  readonly name: string;
  readonly at: number;
}

async function listFiles(directory: string): Promise<readonly HistoryFile[]> {
  const names = await readdir(directory).catch(() => []);
  const files = names.flatMap((name) => {
    const [, time = ''] = filePattern.exec(name) ?? [];
    const at = Date.parse(time);
    return Number.isNaN(at) ? [] : [{ name, at }];
  });
  return files.sort((a, b) => a.at - b.at);
}

async function readDigests(path: string): Promise<Set<Digest>> {
  const bytes = await readSmall(path, archiveLimits.history.most);
  if (!bytes) throw unreadable(path, 'it cannot be read');
  const lines = new TextDecoder()
    .decode(bytes)
    .split('\n')
    .map((line) => line.trim());
  const digests = lines.filter(isDigest);
  if (digests.length !== lines.filter((line) => line !== '').length) {
    throw unreadable(path, 'it has lines that are no digests');
  }
  return new Set(digests);
}

function unreadable(path: string, why: string): ContentError {
  return new ContentError('ARCHIVE_INVALID', `The history ${path} cannot be used: ${why}.`, {
    hint: 'Remove the directory .history to archive everything again.',
  });
}

/**
 * Reads what earlier archives hold: by the newest file, or the newest from before a day.
 *
 * `since` is `yyyy-MM-dd`: what was archived from that day on (UTC) is archived again.
 * @throws ContentError `ARCHIVE_INVALID` when a file is damaged: it must not make a full archive look like an increment.
 * @see oc-mirror v2, history
 */
export async function readHistory(
  workingDirectory: string,
  since: string | undefined,
): Promise<ArchiveHistory> {
  const directory = join(workingDirectory, directoryName);
  const files = await listFiles(directory);
  const before = since === undefined ? Number.POSITIVE_INFINITY : Date.parse(`${since}T00:00:00Z`);
  const usable = files.filter(({ at }) => at < before);
  const last = usable.at(-1);
  return {
    blobs: last ? await readDigests(join(directory, last.name)) : new Set(),
    base: usable.length,
    generation: files.length + 1,
  };
}

/**
 * Notes that an archive holds blobs, beside those that it builds on.
 *
 * `stamp` is RFC 3339 in UTC; it names the file.
 * @throws StorageError
 */
export async function writeHistory(
  workingDirectory: string,
  stamp: string,
  blobs: Iterable<Digest>,
): Promise<void> {
  const path = join(workingDirectory, directoryName, `.history-${stamp}`);
  await writeSmall(path, `${sortedUnique(blobs).join('\n')}\n`, { durability: 'synced' });
}
