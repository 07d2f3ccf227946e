import { createHash } from 'node:crypto';
import { compareText } from '../base/index.ts';
import type { DocumentFormat } from './blob.ts';
import { createIgnoreRules } from './ignore.ts';
import type { CatalogFile, FileFailure, StoredDocument } from './ingest.ts';

/** The layout of stored catalogs; with another number every store is built again. */
export const storeFormat = 4;

/** The place of one document: file (an index into `files`), offset and length in bytes, format. */
export type DocumentEntry = readonly [
  file: number,
  offset: number,
  length: number,
  format: DocumentFormat,
];

/** One package of a stored catalog. */
export interface PackageEntry {
  readonly name: string;
  /** The hash of its documents' digests, in order. */
  readonly sha256: string;
  readonly documents: readonly DocumentEntry[];
}

/** A file of which at least a part cannot be used. */
export interface FailureEntry extends FileFailure {
  readonly file: string;
}

/** The content of a stored catalog. */
export interface StoreIndex {
  readonly format: number;
  readonly files: readonly string[];
  /** By name; the blobs of no package (empty name) come last. */
  readonly packages: readonly PackageEntry[];
  readonly failures: readonly FailureEntry[];
}

/** A longer chain of links counts as a circle. */
const maxLinks = 40;

function comparePaths(a: string, b: string): number {
  return compareText(a.replaceAll('/', '\0'), b.replaceAll('/', '\0'));
}

function compareNames(a: string, b: string): number {
  return Number(a === '') - Number(b === '') || compareText(a, b);
}

/** The failure belongs to the package that has the name of the top directory, or of the link itself. */
function linkFailure(path: string, message: string): FailureEntry {
  const [named = ''] = path.split('/');
  return { file: path, message, packages: [named], mayHideOthers: true };
}

/** Follows links; a text gives the reason of a broken one. */
function resolve(path: string, files: ReadonlyMap<string, CatalogFile>): CatalogFile | string {
  let found = files.get(path);
  for (let count = 0; found?.kind === 'link'; count += 1) {
    if (count === maxLinks) return 'it is a link in a circle';
    const target = files.get(found.target);
    if (!target) return `it is a link to ${found.target}, which is not there`;
    found = target;
  }
  if (found?.kind === 'refused') return found.message;
  return found ?? 'it is not there';
}

/** Digests the documents of a package by their digests. */
export function packageDigest(digests: Iterable<Uint8Array>): string {
  const hash = createHash('sha256');
  for (const digest of digests) hash.update(digest);
  return hash.digest('hex');
}

interface Placed extends StoredDocument {
  readonly file: number;
}

function toEntry(name: string, documents: readonly Placed[]): PackageEntry {
  return {
    name,
    sha256: packageDigest(documents.map(({ sha256 }) => sha256)),
    documents: documents.map(({ file, offset, length, format }) => [file, offset, length, format]),
  };
}

/**
 * Makes the index of a catalog: the documents of each package in the order of its files, without files that `.indexignore`
 * names.
 */
export function composeIndex(files: ReadonlyMap<string, CatalogFile>): StoreIndex {
  const rules = new Map<string, string>();
  for (const [path, file] of files) if (file.kind === 'rules') rules.set(path, file.text);
  const isIgnored = createIgnoreRules(rules);
  const paths = [...files.keys()].filter((path) => !rules.has(path) && !isIgnored(path));
  const packages = new Map<string, Placed[]>();
  const failures: FailureEntry[] = [];
  paths.sort(comparePaths).forEach((path, file) => {
    const found = resolve(path, files);
    if (typeof found === 'string') failures.push(linkFailure(path, found));
    else if (found.kind === 'file') {
      for (const failure of found.failures) failures.push({ ...failure, file: path });
      for (const document of found.documents) {
        const placed = packages.get(document.package) ?? [];
        placed.push({ ...document, file });
        packages.set(document.package, placed);
      }
    }
  });
  const entries = [...packages].sort(([a], [b]) => compareNames(a, b));
  return {
    format: storeFormat,
    files: paths,
    packages: entries.map(([name, documents]) => toEntry(name, documents)),
    failures,
  };
}

/** Gives the names of all packages, unreadable ones included; the empty name comes last. */
export function packageNamesOf({ packages, failures }: StoreIndex): readonly string[] {
  const names = [
    ...packages.map(({ name }) => name),
    ...failures.flatMap((failure) => failure.packages),
  ];
  return [...new Set(names)].sort(compareNames);
}
