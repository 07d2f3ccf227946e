import { satisfies, validRange } from 'semver';
import { listNames } from '../../base/index.ts';
import {
  byNewestHead,
  type CatalogOffers,
  type FilteredBundle,
  type FilteredCatalog,
  type FilteredPackage,
} from '../filter/index.ts';
import { type Advice, isOlder, lowerBound, yamlText } from './advice.ts';

/** The catalogs of an image set, and the packages that one of them could add. */
export interface DependencyContext {
  /** All catalogs of the image set, including the one in question. */
  readonly mirrored: readonly FilteredCatalog[];
  /** The content of the catalog in question; without it no package can be named for a kind of resource. */
  readonly offers?: CatalogOffers;
}

/** Tells whether a version is in a range of OLM; a range that cannot be read counts as met. */
function isIn(version: string, range: string): boolean {
  if (validRange(range) === null) return true;
  return satisfies(version, range, { includePrerelease: true });
}

/** A requirement of bundles that nothing meets: a package in some ranges, or a kind of resource. */
interface Missing {
  readonly what: string;
  /** Packages that meet it, the likeliest first. */
  readonly packages: readonly string[];
  readonly ranges: readonly string[];
  readonly by: readonly string[];
}

interface Requirement {
  readonly name: string;
  readonly range: string;
}

/** Groups unmet requirements of a package's bundles by their name. */
function groupUnmet(
  owner: FilteredPackage,
  unmetOf: (bundle: FilteredBundle) => readonly Requirement[],
): readonly (Pick<Missing, 'ranges' | 'by'> & { readonly name: string })[] {
  const unmet = owner.bundles.flatMap((bundle) =>
    unmetOf(bundle).map((one) => ({ ...one, by: bundle.name })),
  );
  return [...Map.groupBy(unmet, ({ name }) => name)].map(([name, all]) => ({
    name,
    ranges: [...new Set(all.map(({ range }) => range))],
    by: all.map(({ by }) => by),
  }));
}

function missingPackages(owner: FilteredPackage, context: DependencyContext): readonly Missing[] {
  const mirrored = context.mirrored.flatMap(({ packages }) => packages);
  const isMet = ({ name, range }: Requirement): boolean =>
    mirrored.some((one) => one.name === name && one.bundles.some((b) => isIn(b.version, range)));
  return groupUnmet(owner, ({ requires }) => requires.packages.filter((one) => !isMet(one))).map(
    ({ name, ...unmet }) => ({ ...unmet, what: `package "${name}"`, packages: [name] }),
  );
}

function missingGvks(owner: FilteredPackage, context: DependencyContext): readonly Missing[] {
  const bundles = context.mirrored.flatMap(({ packages }) =>
    packages.flatMap((one) => one.bundles),
  );
  const provided = new Set(bundles.flatMap(({ provides }) => provides));
  const unmetOf = ({ requires }: FilteredBundle) =>
    requires.gvks.filter((gvk) => !provided.has(gvk)).map((name) => ({ name, range: '' }));
  return groupUnmet(owner, unmetOf).map(({ name, by }) => ({
    what: `a package that brings ${name}`,
    packages: ownOf(context.offers?.providers, name) ?? [],
    ranges: [],
    by,
  }));
}

/** Gives an own value of a record; a package may be called `constructor`. */
function ownOf<T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return record && Object.hasOwn(record, name) ? record[name] : undefined;
}

/** The newest version in each range, in ascending order. */
function wantedVersions(
  name: string,
  ranges: readonly string[],
  offers?: CatalogOffers,
): readonly string[] {
  const known = ownOf(offers?.versions, name);
  const wanted = ranges.map((range) => known?.findLast((version) => isIn(version, range)));
  return (known ?? []).filter((version) => wanted.includes(version));
}

/** The entry to add: the package with a channel whose head meets the ranges, the default channel first; else a minVersion. */
function entryFor(name: string, ranges: readonly string[], offers?: CatalogOffers): string {
  const known = ownOf(offers?.packages, name);
  const meets = (known?.channels ?? []).filter(({ head }) =>
    ranges.every((range) => head !== undefined && isIn(head.version, range)),
  );
  const channel =
    meets.find((one) => one.name === known?.defaultChannel) ?? meets.toSorted(byNewestHead)[0];
  const entry = `- name: ${yamlText(name)}`;
  if (!channel || !known) {
    const [lowest] = wantedVersions(name, ranges, offers);
    return lowest === undefined ? entry : `${entry}\n  minVersion: ${yamlText(lowest)}`;
  }
  const listed = `${entry}\n  channels:\n    - name: ${yamlText(channel.name)}`;
  return channel.name === known.defaultChannel
    ? listed
    : `${listed}\n  defaultChannel: ${yamlText(channel.name)}`;
}

/** Widens the range of a package that the entry already names. */
function widened(kept: FilteredPackage, wanted: readonly string[]): Pick<Advice, 'fix' | 'path'> {
  const versions = kept.bundles.map(({ version }) => version);
  const [lowest, highest] = [wanted[0], wanted.at(-1)];
  if (lowest === undefined || highest === undefined) return { path: kept.path };
  if (versions.every((version) => isOlder(lowest, version))) {
    const [channel, ...others] = kept.channels;
    // The version may be in any of several channels, so the author has to choose.
    if (kept.asks.channels && !kept.asks.range && others.length > 0) return { path: kept.path };
    return lowerBound(kept, channel?.name ?? '', lowest);
  }
  const isAbove = versions.every((version) => isOlder(version, highest));
  if (!isAbove || !kept.asks.range) return { path: kept.path };
  return { path: kept.path, fix: `maxVersion: ${yamlText(highest)}` };
}

/** Warns of a package whose kept versions do not meet the ranges. */
function adviseVersions(
  owner: FilteredPackage,
  { kept, missing }: { readonly kept: FilteredPackage; readonly missing: Missing },
  offers?: CatalogOffers,
): Advice {
  const { what, ranges, by } = missing;
  const versions = kept.bundles.map(({ version }) => version);
  return {
    severity: 'warning',
    code: 'operator-dependency-missing',
    summary: 'A version that an operator requires is not mirrored.',
    detail: `Package "${owner.name}" requires ${what} (${ranges.join(', ')}) for ${listNames(by)}; only ${listNames(versions)} would be mirrored. oc-mirror never follows dependencies.`,
    ...widened(kept, wantedVersions(kept.name, ranges, offers)),
  };
}

/** A requirement with the package that has it. */
interface Owned {
  readonly owner: FilteredPackage;
  readonly missing: Missing;
}

/** A package to add, or a kind of resource that no package of the catalog brings. */
function aimOf({ packages, what }: Missing): string {
  return packages[0] ?? what;
}

/** Puts requirements together whose packages have one in common, as required or as requiring. */
function familiesOf(all: readonly Owned[]): readonly (readonly Owned[])[] {
  let families: (readonly Owned[])[] = [];
  for (const one of all) {
    const names = new Set([one.owner.name, aimOf(one.missing)]);
    const isKin = (family: readonly Owned[]) =>
      family.some(({ owner, missing }) => names.has(owner.name) || names.has(aimOf(missing)));
    const kin = families.filter(isKin);
    families = [...families.filter((family) => !kin.includes(family)), [...kin.flat(), one]];
  }
  return families;
}

/** Tells the requirement of one package, and the bundles that have it. */
function speakOf({ owner, missing: { what, ranges, by } }: Owned): string {
  const inRange = ranges.filter((range) => range !== '').join(', ');
  return `Package "${owner.name}" requires ${what}${inRange && ` (${inRange})`} for ${listNames(by)}.`;
}

/** Tells the requirements of a family of packages, each missing thing once. */
function speakOfAll(family: readonly Owned[]): string {
  const things = [...Map.groupBy(family, ({ missing }) => missing.what)].map(([what, same]) => {
    const ranges = new Set(same.flatMap(({ missing }) => missing.ranges).filter(Boolean));
    return `${what}${ranges.size > 0 ? ` (${[...ranges].join(', ')})` : ''}`;
  });
  const owners = [...new Set(family.map(({ owner }) => `"${owner.name}"`))];
  const subject =
    owners.length > 1
      ? `Packages ${listNames(owners)} require`
      : `Package ${listNames(owners)} requires`;
  return `${subject} ${listNames(things)}.`;
}

function adviseFamily(family: readonly Owned[], offers?: CatalogOffers): Advice {
  const things = [...Map.groupBy(family, ({ missing }) => aimOf(missing)).values()];
  const found = things.map((same) => {
    const [{ packages = [], what = '' } = {}] = same.map(({ missing }) => missing);
    const offered = packages.filter((name) => !offers || Object.hasOwn(offers.packages, name));
    return { what, offered, ranges: same.flatMap(({ missing }) => missing.ranges) };
  });
  const entries = found.flatMap(({ offered: [first], ranges }) =>
    first === undefined ? [] : entryFor(first, [...new Set(ranges)], offers),
  );
  const lacking = found.flatMap(({ what, offered }) => (offered.length === 0 ? what : []));
  const choices = found.length === 1 ? (found[0]?.offered ?? []) : [];
  const [lead] = family;
  const it = found.length > 1 ? 'them' : 'it';
  return {
    severity: 'warning',
    code: 'operator-dependency-missing',
    summary: 'A package that an operator requires is not mirrored.',
    detail: [
      lead && family.length === 1 ? speakOf(lead) : speakOfAll(family),
      ...(entries.length > 0
        ? [
            `Without ${it} the operator cannot be installed where clusters have no other source of ${it}.`,
          ]
        : []),
      ...(lacking.length > 0
        ? [`This catalog does not have ${listNames(lacking)}; another may have it.`]
        : []),
      ...(choices.length > 1 ? [`Any of ${listNames(choices)} will do.`] : []),
      'oc-mirror never follows dependencies.',
    ].join(' '),
    ...(entries.length > 0 && { fix: entries.join('\n') }),
    path: (lead?.owner.path.length ?? 0) > 0 ? ['packages'] : [],
  };
}

function missingOf(owner: FilteredPackage, context: DependencyContext): readonly Owned[] {
  const packages = missingPackages(owner, context);
  const named = new Set(packages.flatMap((one) => one.packages));
  // A package that is to be added provides its kinds of resource too.
  const gvks = missingGvks(owner, context).filter(
    (one) => !one.packages.some((name) => named.has(name)),
  );
  return [...packages, ...gvks].map((missing) => ({ owner, missing }));
}

/**
 * Finds requirements of kept bundles (`olm.package.required`, `olm.gvk.required`) that the image set does not meet, once for
 * each family of packages that belong together.
 * @see spec 5.4: dependencies are never followed
 */
export function adviseDependencies(
  filtered: FilteredCatalog,
  context: DependencyContext,
): readonly Advice[] {
  if (filtered.isWhole) return [];
  const all = filtered.packages.flatMap((owner) => missingOf(owner, context));
  const keptOf = ({ missing }: Owned): FilteredPackage | undefined => {
    const [first = ''] = missing.packages;
    const kept = filtered.packages.find(({ name, path }) => name === first && path.length > 0);
    return kept && kept.bundles.length > 0 && missing.ranges.length > 0 ? kept : undefined;
  };
  const narrow = all.flatMap((one) => {
    const kept = keptOf(one);
    return kept ? adviseVersions(one.owner, { kept, missing: one.missing }, context.offers) : [];
  });
  const families = familiesOf(all.filter((one) => keptOf(one) === undefined));
  return [...families.map((family) => adviseFamily(family, context.offers)), ...narrow];
}
