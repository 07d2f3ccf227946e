/**
 * Images on disk: a cache in the layout of Distribution, and archives that carry what is new in it over an air gap.
 *
 * Code that copies images sees the cache as a registry, so mirroring to disk and from disk uses the same code. The cache has
 * the place and the layout of oc-mirror's: each tool goes on with the cache of the other. A blob is in it once, and appears
 * whole or not at all. `disk-files` writes all files of a cache, and `blob-files`, `links` and `layout` know their places.
 *
 * An archive is streamed, without a second copy. `gather` lists the content that images need, and `history` the content of
 * earlier archives. `chunks` distributes the rest over files, and `write-chunk` writes them. The earlier archive stays until
 * the new one is whole and on the disk.
 *
 * An archive may be damaged, or made to do harm: its author is unknown where it is loaded. The threats, and their answers:
 * - A file is missing, empty, cut off, or of another archive: the end of each file is marked, and ours say which of how many.
 * - Content was changed: a blob proves itself by its name, our last entry has the digests of all other files.
 * - A name leads out of its directory (`..`, a root, a backslash, a control character): the archive is refused as a whole.
 * - A link, device or pipe points elsewhere: only plain files are taken, with permissions of our own.
 * - Two entries have one name, so that the first is checked and the second is used: the archive is refused.
 * - A size is false, by holes, an extended header or base 256: sizes are bounded, holes are refused, and bytes are counted.
 * - Entries without end, long headers, long links or long notes fill the memory: each of them has a limit.
 * - Policies, plans or caches in it would change this machine: only the trees that a run without a network reads are taken.
 * - It builds on an archive that was never loaded: every part of every image is looked for before anything is mirrored, in the
 *   cache and in the target.
 * - It breaks off in the middle: links and files of the working directory appear only after the last entry was checked.
 *
 * It refuses to know why images belong together, what an image set is, and how oc-mirror words its errors.
 */
export { type Cache, cachedFirst, cacheRegistries, openCache } from './cache.ts';
export { type CachedNames, cachedSources } from './cached-sources.ts';
export type { ArchivedImage } from './gather.ts';
export { type LoadedArchive, loadArchives } from './load-archive.ts';
export { sayArchive } from './notes.ts';
export { type PrunedCache, pruneCache } from './prune.ts';
export { type WrittenArchive, writeArchive } from './write-archive.ts';
