/**
 * Operator catalogs: file-based catalogs are read from images, stored, filtered, and rebuilt as images.
 *
 * A catalog is a directory of JSON and YAML documents in the layers of an image, up to hundreds of megabytes. So memory never
 * holds it: documents are split from the stream of layers, put into a store in the workspace, and read back package by package.
 * The files are those that a container would see, with whiteouts and links; a name in a layer never becomes a path on this
 * machine.
 *
 * Laws: a broken document affects its own packages and no others; in doubt a package is refused, never silently missing. Every
 * read of the store is verified, and a damaged store is built again. The same catalog and the same choice give the same image,
 * byte for byte.
 *
 * From the bottom: `overlay` knows which entries of layers are visible, `configs` visits the catalog's files, `split` splits them
 * into documents, `blob` finds the package of each, `ingest` stores them, `store` opens the result; `shape` checks documents as
 * Go does. `filter/` chooses, `advice/` explains the choice, `rebuild` makes its image once for each choice,
 * `list` lists a catalog. `reference-notes` remember the digests of tags; `unused`
 * removes catalogs after a week.
 *
 * The layer does not know image sets and targets: it gets digests and choices, and gives contents.
 */
export * from './advice/index.ts';
export * from './filter/index.ts';
export { readCatalogImage } from './image.ts';
export * from './list.ts';
export * from './model.ts';
export * from './rebuild.ts';
export * from './reference-notes.ts';
export * from './store.ts';
export * from './summary.ts';
export * from './unused.ts';
