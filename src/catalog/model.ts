/**
 * One document of a file-based catalog: an `olm.package`, `olm.channel`, `olm.bundle`, `olm.deprecations`, or any other schema.
 *
 * `value` is the parsed document; `text` is its JSON text with the numbers and key order of the source, for a rebuilt catalog.
 */
export interface CatalogBlob {
  readonly schema: string;
  /** The owner: `package`, or `name` of an `olm.package`; absent for blobs of no package. */
  readonly package?: string;
  readonly name?: string;
  readonly value: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** All blobs of one package, in the order of the catalog. */
export interface PackageBlobs {
  /** Empty for the blobs that belong to no package. */
  readonly name: string;
  readonly blobs: readonly CatalogBlob[];
}

/** One package of a rebuilt catalog: JSON texts in order. */
export interface PackageTexts {
  /** Empty for blobs of no package. */
  readonly name: string;
  readonly texts: readonly string[];
}

/** A catalog that is read package by package, never as a whole. */
export interface CatalogReader {
  /** Names of all packages, sorted by code unit; the empty name (blobs of no package) comes last. */
  readonly packageNames: readonly string[];
  /** Reads one package; `undefined` if the catalog does not have it. */
  read(name: string): Promise<PackageBlobs | undefined>;
}
