import { ContentError } from '../errors.ts';
import { type StoreFile, storeFileOf, storeRoot } from './layout.ts';
import { headName, tailName } from './notes.ts';

/** The place of an entry of an archive on this machine. */
export type Destination =
  | StoreFile
  | { readonly kind: 'note'; readonly name: typeof headName | typeof tailName }
  /** `path`: below the working directory. */
  | { readonly kind: 'working-file'; readonly path: string }
  | { readonly kind: 'ignored' };

/** The trees of a working directory that a run without a network reads; nothing else of an archive gets to this machine. */
const workingTrees: readonly RegExp[] = [
  /^(?:signatures|release-images|hold-release|operator-catalogs|helm|graph-preparation)\//,
  /^internal\/[^/]+$/,
  /^(?:isc|disc)_pinned_[^/]+$/,
];

const workingRoot = 'working-dir/';
/** Bytes of one part of a path that every file system takes. */
const maxPart = 255;

/** Says why an entry has no place on this machine. */
export function taintedEntry(name: string, why: string): ContentError {
  const shown = JSON.stringify(name.slice(0, 200));
  return new ContentError('ARCHIVE_INVALID', `The entry ${shown} cannot be taken: it ${why}.`, {
    hint: 'No mirroring tool writes such an archive: find out where it comes from. Nothing was mirrored.',
  });
}

/** @throws ContentError `ARCHIVE_INVALID` for a name that could lead out of a directory, or mean two files */
function checkName(name: string): void {
  if (name.startsWith('/')) throw taintedEntry(name, 'begins at the root');
  if (/[\p{Cc}\\]/u.test(name)) {
    throw taintedEntry(name, 'has a character that no name here has');
  }
  for (const part of name.split('/')) {
    if (part === '..' || part === '.' || part === '') {
      throw taintedEntry(name, 'does not name its file plainly');
    }
    if (Buffer.byteLength(part) > maxPart) throw taintedEntry(name, 'has a part that is too long');
  }
}

/**
 * Says where the file of an entry belongs, by its name as it stands there.
 * @throws ContentError `ARCHIVE_INVALID`
 */
export function destinationOf(name: string): Destination {
  checkName(name);
  if (name === headName || name === tailName) return { kind: 'note', name };
  if (name.startsWith(`${storeRoot}/`)) return storeFileOf(name) ?? { kind: 'ignored' };
  if (!name.startsWith(workingRoot)) return { kind: 'ignored' };
  const path = name.slice(workingRoot.length);
  const isWanted = workingTrees.some((tree) => tree.test(path));
  return isWanted ? { kind: 'working-file', path } : { kind: 'ignored' };
}
