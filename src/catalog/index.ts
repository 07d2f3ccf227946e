/**
 * Operator catalogs: file-based catalogs read out of images, kept, filtered, and built again as images.
 *
 * A catalog is a directory of JSON and YAML documents in the layers of an image, up to hundreds of megabytes. So it is never
 * held: documents are cut out of the layers as they stream by, put into a store in the workspace, and read back package
 * by package. What is read is what a container would see, whiteouts and links included; a name in a layer never becomes a
 * path on this machine.
 *
 * Laws: a broken document spoils the packages it belongs to and no other; whatever cannot be known counts against the
 * reader, so that a package is refused rather than silently missing. Every read of the store is verified, and a store
 * that is not whole is built again. The same catalog and the same choice give the same image, byte for byte.
 *
 * From the bottom: `limits` says how much is read, `overlay` what is seen of a layer's entries, `configs` the catalog's files;
 * `split` cuts documents out of files, `blob` says whose they are, `ingest` stores them, `store` opens what is stored.
 * `shape` says what a document has to look like, as Go would. Beside them `layout` reads images from a directory, `filter/` chooses,
 * `advice/` says what of the choice a cluster would miss, `rebuild` makes the image of what was chosen (`rebuild-cached` once for
 * each choice), `list` shows what a catalog offers. `reference-notes` know what a tag meant last; what is `unused` for a week is
 * forgotten.
 *
 * The layer refuses to know what an image set is and where images go: it is given digests and choices, and gives contents.
 */
export * from './advice/index.ts';
export type { PackageTexts } from './configs-layer.ts';
export * from './filter/index.ts';
export * from './image.ts';
export * from './layout.ts';
export * from './list.ts';
export * from './model.ts';
export { type NewBlob, openRebuilt, type RebuiltCatalog, rebuildCatalog } from './rebuild.ts';
export * from './rebuild-cached.ts';
export * from './reference-notes.ts';
export * from './store.ts';
export * from './summary.ts';
export * from './unused.ts';
