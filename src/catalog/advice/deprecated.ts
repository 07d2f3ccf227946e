import { listNames } from '../../base/index.ts';
import { byVersion, type FilteredBundle, type FilteredPackage } from '../filter/index.ts';
import { type Advice, isOlder, lowerBound, yamlText } from './advice.ts';

/** Starts the package at a version, unless that empties one of its channels. */
function startAt(owner: FilteredPackage, version: string): Partial<Advice> {
  const isSafe = owner.channels.every(({ head }) => !head || !isOlder(head.version, version));
  const isPlaced = owner.path.length > 0 && isSafe;
  return isPlaced ? { fix: `minVersion: ${yamlText(version)}`, path: owner.path } : {};
}

/** The fix: start the package, or its channels if they have the range, at the next bundle that is not deprecated. */
function wayOut(bundle: FilteredBundle, owner: FilteredPackage): Partial<Advice> {
  const sound = owner.bundles
    .filter(
      ({ version, deprecated }) => deprecated === undefined && isOlder(bundle.version, version),
    )
    .sort(byVersion);
  if (owner.asks.range || !owner.asks.channels) {
    const [next] = sound;
    return next ? startAt(owner, next.version) : {};
  }
  const ways = bundle.channels.flatMap((channel) => {
    const next = sound.find(({ channels }) => channels.includes(channel));
    return next ? lowerBound(owner, channel, next.version) : [];
  });
  const [first] = ways;
  return first ? { ...first, fix: ways.map(({ fix }) => fix).join('\n') } : {};
}

function nameAll(what: string, all: readonly { readonly name: string }[]): readonly string[] {
  if (all.length === 0) return [];
  return [`${what}${all.length > 1 ? 's' : ''} ${listNames(all.map(({ name }) => `"${name}"`))}`];
}

/** Warns once of everything in a package that one message deprecates. */
function adviseDeprecated(owner: FilteredPackage): readonly Advice[] {
  const bundles = owner.bundles.toSorted(byVersion);
  const all = [owner, ...owner.channels, ...bundles].flatMap((one) => one.deprecated ?? []);
  return [...new Set(all)].map((message) => {
    const isMeant = (one: { readonly deprecated?: string }) => one.deprecated === message;
    const newest = bundles.findLast(isMeant);
    const named = [
      ...(isMeant(owner) ? ['the package itself'] : []),
      ...nameAll('channel', owner.channels.filter(isMeant)),
      ...nameAll('bundle', bundles.filter(isMeant)),
    ];
    return {
      severity: 'warning',
      code: 'operator-deprecated',
      summary: 'Something that is mirrored is deprecated.',
      detail: `Of package "${owner.name}" the catalog deprecates ${named.join(' and ')}: ${message.trim() || 'no reason is given'}`,
      path: owner.path,
      ...(newest && wayOut(newest, owner)),
    };
  });
}

/** Tells once of all packages that an entry keeps without naming them: one line is the cause of all. */
function adviseUnnamed(owners: readonly FilteredPackage[]): readonly Advice[] {
  const found = owners.map((owner) => ({ owner, advice: adviseDeprecated(owner) }));
  const deprecated = found.filter(({ advice }) => advice.length > 0);
  const [first] = deprecated.flatMap(({ advice }) => advice);
  if (!first || deprecated.length === 1) return deprecated.flatMap(({ advice }) => advice);
  const names = listNames(deprecated.map(({ owner }) => `"${owner.name}"`));
  return [
    { ...first, detail: `The catalog deprecates parts of packages ${names}. ${first.detail}` },
  ];
}

/** Warns of kept packages, channels and bundles that the catalog deprecates, with its reason. */
export function adviseDeprecations(packages: readonly FilteredPackage[]): readonly Advice[] {
  const isNamed = ({ path }: FilteredPackage) => path.length > 0;
  return [
    ...adviseUnnamed(packages.filter((one) => !isNamed(one))),
    ...packages.filter(isNamed).flatMap(adviseDeprecated),
  ];
}
