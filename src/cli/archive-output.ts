import { ContentError } from '../errors.ts';
import type { MirrorReport } from '../run/index.ts';
import { formatBytes } from '../views/index.ts';
import type { Console } from './console.ts';
import { words } from './words.ts';

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
