/**
 * Images on disk: a cache in the layout of Distribution, and archives that carry what is new in it over an air gap.
 *
 * Code that copies images sees the cache as a registry, so mirroring to disk and from disk uses the same code. The cache has the
 * place and the layout of oc-mirror's: each tool goes on with the cache of the other. A blob is in it once, and appears whole or not at all. `gather`
 * lists what images need, `history` what earlier archives hold, `chunks` cuts, `write-chunk` writes; everything is streamed, without a
 * second copy. The earlier archive stays until the new one is whole and on the disk.
 *
 * An archive may be damaged, or made to do harm: its author is unknown where it is loaded. The threats, and their answers:
 * - A file is missing, empty, cut off, or of another archive: the end of each file is marked, and ours say which of how many.
 * - Content was changed: a blob proves itself by its name, our last entry has the digests of all other files.
 * - A name leads out of its directory (`..`, a root, a backslash, a control character): the archive is refused as a whole.
 * - A link, device or pipe points elsewhere: nothing but plain files is taken, with permissions of our own.
 * - Two entries have one name, the first to be checked and the second to be used: refused.
 * - A size lies, by holes, an extended header or base 256: sizes are bounded, holes refused, and only bytes that are there count.
 * - Entries without end, long headers, links and notes fill the memory: each has a limit.
 * - Policies, plans and caches come along that change this machine: only trees that a run without a network reads are taken.
 * - It builds on an archive that was never loaded: the blobs that it assumes are listed, and looked for before anything moves.
 * - It breaks off in the middle: links and files of the working directory appear only after the last entry was sound.
 *
 * It refuses to know why images belong together, what an image set is, and how oc-mirror words its errors.
 */
export { type Cache, cacheRegistries, openCache } from './cache.ts';
export { cachedFirst } from './cached-first.ts';
export { type CachedNames, cachedSources } from './cached-sources.ts';
export type { ChunkRules } from './chunks.ts';
export type { ChunkFile } from './find-archive.ts';
export type { ArchivedImage } from './gather.ts';
export { type LoadedArchive, loadArchives } from './load-archive.ts';
export { type ArchiveName, sayArchive } from './notes.ts';
export { type PrunedCache, pruneCache } from './prune.ts';
export { type WrittenArchive, writeArchive } from './write-archive.ts';
