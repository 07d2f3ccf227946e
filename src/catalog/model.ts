/**
 * One document of a file-based catalog: an `olm.package`, `olm.channel`, `olm.bundle`, `olm.deprecations`, or any other schema.
 *
 * `value` is what was parsed; `text` is one JSON text of it with the numbers and key order of the source kept, which is what
 * a rebuilt catalog contains.
 */
export interface CatalogBlob {
  readonly schema: string;
  /** The package it belongs to: `package`, for `olm.package` its `name`; absent for blobs of no package. */
  readonly package?: string;
  readonly name?: string;
  readonly value: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** Everything a catalog says of one package, in the order in which the catalog says it. */
export interface PackageBlobs {
  /** Empty for the blobs that belong to no package. */
  readonly name: string;
  readonly blobs: readonly CatalogBlob[];
}

/** A catalog that is read package by package; nothing here holds it whole. */
export interface CatalogReader {
  /** Names of all packages, sorted by code unit; the empty name stands for blobs of no package, last, when there are any. */
  readonly packageNames: readonly string[];
  /** Reads one package; `undefined` when the catalog has none of that name. */
  read(name: string): Promise<PackageBlobs | undefined>;
}
