import { compareText } from '../../base/index.ts';
import { messageOf } from '../../errors.ts';
import type { CatalogReader, PackageBlobs } from '../model.ts';
import { filterPackage, takePackage } from './filter-package.ts';
import { nearestNames } from './nearest.ts';
import type { ImageParser } from './related-images.ts';
import type { FilterError, FilteredPackage, FilterFinding } from './result.ts';
import { validateWish } from './validate.ts';
import { type CatalogWish, isWholeCatalog, type LocatedPackage, locatePackages } from './wish.ts';

/** What a filter keeps of a catalog, package by package; plain data, which can be kept as JSON when it has no errors. */
export interface FilteredCatalog {
  /** By name, the packageless blobs (of empty name) last. */
  readonly packages: readonly FilteredPackage[];
  /** Any of them fails the whole catalog. */
  readonly errors: readonly FilterError[];
  readonly findings: readonly FilterFinding[];
  /** The catalog goes as it is: nothing is filtered, nothing rebuilt. */
  readonly isWhole: boolean;
}

function unknownPackage(wish: LocatedPackage, known: readonly string[]): FilterFinding {
  return {
    code: 'unknown-package',
    path: [...wish.path, 'name'],
    package: wish.name,
    candidates: nearestNames(wish.name, known),
  };
}

/** A package, or why it cannot be read. */
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

/** Blobs of no package can be chosen by no name: of them only what is neither channel nor bundle is kept. */
function onlyOthers({ name, blobs }: PackageBlobs): PackageBlobs {
  const chosen = ['olm.package', 'olm.channel', 'olm.bundle', 'olm.deprecations'];
  return { name, blobs: blobs.filter(({ schema }) => !chosen.includes(schema)) };
}

/** Bundles of packages in which no channel had a say stay only if no channel of the catalog had one. */
function settle(packages: readonly FilteredPackage[]): readonly FilteredPackage[] {
  const isSettled = packages.some((one) => one.isSettled && one.name !== '');
  if (!isSettled) return packages;
  return packages.map((one) => (one.isSettled ? one : { ...one, bundles: [] }));
}

/** What came of one package. */
interface Taken {
  readonly filtered?: FilteredPackage;
  readonly errors: readonly FilterError[];
  readonly findings: readonly FilterFinding[];
}

/** A catalog, what is asked of it, and how its images are read. */
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

/** What oc-mirror looks at first in all packages, and would tell alone. */
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
 * Only packages that are asked for are read, and the blobs of no package. Memory: one package, and what is kept by name.
 * A catalog with errors is not to be mirrored. All errors that can be told are told, first what oc-mirror would tell alone.
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

/** A kept bundle whose images cannot be told; it fails the catalog. */
export interface ImageFailure {
  readonly package: string;
  readonly bundle: string;
  /** In oc-mirror's words. */
  readonly message: string;
  readonly path: FilteredPackage['path'];
}

/** Lists the kept bundles whose images cannot be told. */
export function imageFailures({ packages }: FilteredCatalog): readonly ImageFailure[] {
  return packages.flatMap(({ name, bundles, path }) =>
    bundles.flatMap(({ name: bundle, imageError }) =>
      imageError === undefined ? [] : [{ package: name, bundle, message: imageError, path }],
    ),
  );
}

/** Tells whether any kept bundle has images that can be told; oc-mirror fails with `no related images found` where none has. */
export function hasRelatedImages({ packages }: FilteredCatalog): boolean {
  return packages.some(({ bundles }) => bundles.some((one) => one.imageError === undefined));
}
