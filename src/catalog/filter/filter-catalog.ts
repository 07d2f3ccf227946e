import { compareText, nearestNames } from '../../base/index.ts';
import { messageOf } from '../../errors.ts';
import type { CatalogReader, PackageBlobs } from '../model.ts';
import type { ImageParser } from './bundle.ts';
import { ownSchemas } from './content.ts';
import { filterPackage, takePackage } from './filter-package.ts';
import { parseRange, rangeText, type VersionBounds } from './range.ts';
import type { FilterError, FilteredPackage, FilterFinding } from './result.ts';
import {
  type CatalogWish,
  isWholeCatalog,
  type LocatedPackage,
  locateEntries,
  locatePackages,
} from './wish.ts';

/** The kept part of a catalog, package by package; plain JSON data if it has no errors. */
export interface FilteredCatalog {
  /** By name, the packageless blobs (of empty name) last. */
  readonly packages: readonly FilteredPackage[];
  /** Any of them fails the whole catalog. */
  readonly errors: readonly FilterError[];
  readonly findings: readonly FilterFinding[];
  /** The catalog is mirrored unchanged: nothing is filtered or rebuilt. */
  readonly isWhole: boolean;
}

function rangeFault(bounds: VersionBounds): string | undefined {
  if (parseRange(bounds)) return undefined;
  const text = JSON.stringify(rangeText(bounds));
  return `versionRange is not in valid semantic versionning format: improper constraint: ${text}`;
}

function* faultsOf(
  wish: LocatedPackage,
  index: number,
): Generator<Pick<FilterError, 'message' | 'path'>> {
  const invalid = `package ${JSON.stringify(wish.name)} at index [${index}] is invalid: `;
  if (wish.name === '') yield { message: `${invalid}name must be specified`, path: wish.path };
  const fault = rangeFault(wish);
  if (fault) yield { message: `${invalid}${fault}`, path: wish.path };
  for (const [inner, channel] of wish.channels.entries()) {
    const { name, path } = channel;
    const inChannel = `${invalid}channel ${JSON.stringify(name)} at index [${inner}] is invalid: `;
    if (name === '') yield { message: `${inChannel}name must be specified`, path };
    if (rangeText(channel) && rangeText(wish)) {
      const both = `package specifies a VersionRange, while channel ${JSON.stringify(name)} at index [${inner}] equally specifies one`;
      yield {
        message: `${invalid}${both}: package.VersionRange and channel.VersionRange are exclusive`,
        path,
      };
    }
    const wrong = rangeFault(channel);
    if (wrong) yield { message: `${inChannel}${wrong}`, path };
  }
}

/** Lists the faults for which oc-mirror refuses an entry before it reads the catalog; repeated packages are checked too. */
function validateWish(wish: CatalogWish): readonly FilterError[] {
  return locateEntries(wish).flatMap((one, index) =>
    [...faultsOf(one, index)].map(({ message, path }) => ({
      code: 'filter-invalid',
      message: `failed to validate catalog filter: ${message}`,
      path,
      package: one.name,
    })),
  );
}

/** A name such as `web-terminal.v1.14.0` is that of a bundle, which begins with that of its package. */
function unknownPackage(wish: LocatedPackage, known: readonly string[]): FilterFinding {
  const name = wish.name.replace(/\.v?\d.*$/, '');
  return {
    code: 'unknown-package',
    path: [...wish.path, 'name'],
    package: wish.name,
    candidates: nearestNames(name, known),
  };
}

type Reading =
  | { readonly blobs: PackageBlobs | undefined }
  | { readonly error: Pick<FilterError, 'code' | 'message' | 'cause'> };

async function read(reader: CatalogReader, name: string): Promise<Reading> {
  try {
    return { blobs: await reader.read(name) };
  } catch (cause) {
    const message = `failed to load catalog config: ${messageOf(cause)}`;
    return { error: { code: 'package-unreadable', message, cause } };
  }
}

/** Blobs of no package cannot be named: their channels and bundles are dropped, other schemas are kept. */
function onlyOthers({ name, blobs }: PackageBlobs): PackageBlobs {
  return { name, blobs: blobs.filter(({ schema }) => !ownSchemas.includes(schema)) };
}

/** Packages that are not settled keep their bundles only if no other package is settled. */
function settle(packages: readonly FilteredPackage[]): readonly FilteredPackage[] {
  const isSettled = packages.some((one) => one.isSettled && one.name !== '');
  if (!isSettled) return packages;
  return packages.map((one) => (one.isSettled ? one : { ...one, bundles: [] }));
}

interface Taken {
  readonly filtered?: FilteredPackage;
  readonly errors: readonly FilterError[];
  readonly findings: readonly FilterFinding[];
}

interface Question {
  readonly reader: CatalogReader;
  readonly wish: CatalogWish;
  readonly parseImage: ImageParser;
}

function filterOne(
  { wish, parseImage }: Question,
  blobs: PackageBlobs,
  located: LocatedPackage | undefined,
): FilteredPackage {
  if (isWholeCatalog(wish)) return takePackage(blobs, parseImage);
  const isLoose = blobs.name === '' && (wish.packages ?? []).length > 0;
  return filterPackage(isLoose ? onlyOthers(blobs) : blobs, {
    ...(located && { wish: located }),
    full: wish.full === true,
    parseImage,
  });
}

async function take(question: Question, name: string, located?: LocatedPackage): Promise<Taken> {
  const { reader } = question;
  const reading = await read(reader, name);
  if ('error' in reading) {
    const error = { ...reading.error, package: name, path: located?.path ?? [] };
    return { errors: [error], findings: [] };
  }
  if (!reading.blobs) {
    const findings = located ? [unknownPackage(located, reader.packageNames)] : [];
    return { errors: [], findings };
  }
  const filtered = filterOne(question, reading.blobs, located);
  return { filtered, errors: filtered.errors, findings: filtered.findings };
}

/** oc-mirror checks all packages in these phases and reports the errors of the first that has any. */
const phases: readonly (readonly FilterError['code'][])[] = [
  ['package-unreadable'],
  ['bundle-version'],
  ['default-channel-unknown', 'default-channel-dropped'],
];

function phaseOf({ code }: FilterError): number {
  const phase = phases.findIndex((codes) => codes.includes(code));
  return phase < 0 ? phases.length : phase;
}

/**
 * Filters a catalog as oc-mirror does, package by package.
 *
 * Reads the named packages and the blobs of no package only. Memory: one package, and the names of what is kept.
 * A catalog with errors must not be mirrored. All errors are reported; those that oc-mirror would report come first.
 * @see spec 5.4, 5.5 and 15
 */
export async function filterCatalog(
  reader: CatalogReader,
  wish: CatalogWish,
  parseImage: ImageParser,
): Promise<FilteredCatalog> {
  const isWhole = isWholeCatalog(wish);
  const invalid = validateWish(wish);
  if (invalid.length > 0) return { packages: [], errors: invalid, findings: [], isWhole };
  const question = { reader, wish, parseImage };
  const taken: Taken[] = [];
  const located = locatePackages(wish).toSorted((a, b) => compareText(a.name, b.name));
  for (const one of located) taken.push(await take(question, one.name, one));
  const others = reader.packageNames.filter((name) => located.length === 0 || name === '');
  for (const name of others) taken.push(await take(question, name));
  return {
    packages: settle(taken.flatMap(({ filtered }) => filtered ?? [])),
    errors: taken.flatMap(({ errors }) => errors).sort((a, b) => phaseOf(a) - phaseOf(b)),
    findings: taken.flatMap(({ findings }) => findings),
    isWhole,
  };
}

/** A kept bundle with an image that cannot be parsed; it fails the catalog. */
export interface BundleImageFailure {
  readonly package: string;
  readonly bundle: string;
  /** In oc-mirror's words. */
  readonly message: string;
  readonly path: FilteredPackage['path'];
}

/** Lists the kept bundles with an image that cannot be parsed. */
export function imageFailures({ packages }: FilteredCatalog): readonly BundleImageFailure[] {
  return packages.flatMap(({ name, bundles, path }) =>
    bundles.flatMap(({ name: bundle, imageError }) =>
      imageError === undefined ? [] : [{ package: name, bundle, message: imageError, path }],
    ),
  );
}

/** Tells whether the images of any kept bundle can be parsed; else oc-mirror fails with `no related images found`. */
export function hasRelatedImages({ packages }: FilteredCatalog): boolean {
  return packages.some(({ bundles }) => bundles.some((one) => one.imageError === undefined));
}
