import { isMap, isScalar, isSeq, type YAMLMap } from 'yaml';
import { findEntry } from '../../yaml/index.ts';
import { dockerTransport, readImageSpec } from '../image-spec.ts';
import type { LegacyField } from '../legacy.ts';
import { isTargetPath } from '../target-name.ts';
import { drop, type Mend, rename, rewriteEntry, type Site } from './mend.ts';
import { writeRange } from './versions.ts';

function textOf(node: unknown): string | undefined {
  return isScalar(node) ? String(node.value ?? '') : undefined;
}

const skipsTls =
  '; its skipTLS is not part of an image set any more: the action has insecure-registries, the command line --dest-tls-verify=false';

function storageReason({ value, key }: Site): string {
  const registry = isMap(value) ? findEntry(value, 'registry')?.value : undefined;
  const skip = isMap(registry) ? textOf(findEntry(registry, 'skipTLS')?.value) : undefined;
  const isSkipped = skip !== undefined && /^(?:true|yes|on|y)$/i.test(skip);
  return `"${key}" is deleted: v2 keeps no metadata in a storage backend${isSkipped ? skipsTls : ''}`;
}

function deletion(site: Site): Mend[] {
  const isStorage = site.key.toLowerCase() === 'storageconfig';
  const reason = isStorage
    ? storageReason(site)
    : `"${site.key}" is deleted: v2 mirrors the latest version where no range is given`;
  return drop(site, reason);
}

const bounds = ['minVersion', 'maxVersion', 'startingVersion', 'versions', 'bundles', 'minBundle'];

function hasRange(map: YAMLMap): boolean {
  return bounds.some((name) => findEntry(map, name) !== undefined);
}

function listed(map: YAMLMap, name: string): YAMLMap[] {
  const value = findEntry(map, name)?.value;
  return isSeq(value) ? value.items.filter((item) => isMap(item)) : [];
}

/** Gives the packages of a catalog, each with whether all that it selects has a range. */
function packagesOf(catalog: YAMLMap) {
  return listed(catalog, 'packages').map((map) => {
    const channels = listed(map, 'channels');
    const isWhole = hasRange(map) || (channels.length > 0 && channels.every(hasRange));
    return {
      name: textOf(findEntry(map, 'name')?.value) ?? '',
      isWhole,
      isRanged: isWhole || channels.some(hasRange),
    };
  });
}

/** `headsOnly: false` meant every bundle, which v2 cannot say beside a range. */
function allBundles(site: Site): Mend[] {
  const packages = packagesOf(site.map);
  if (site.has('full')) return [];
  if (!hasRange(site.map) && !packages.some(({ isRanged }) => isRanged)) {
    const reason = `"${site.key}: false" is now "full: true", which says the same in v2`;
    return rewriteEntry(site, ['full', 'true'], reason);
  }
  const open = packages.filter(({ isWhole }) => !isWhole).map(({ name }) => name);
  const narrowed =
    open.length === 0
      ? ''
      : `; look at ${open.join(', ')}: without a version of their own only their heads are mirrored now`;
  return drop(
    site,
    `"${site.key}: false" is deleted: v2 refuses "full" beside versions${narrowed}`,
  );
}

function heads(site: Site): Mend[] {
  const written = textOf(site.value)?.toLowerCase() ?? '';
  if (['true', 'yes', 'on', 'y'].includes(written)) {
    return drop(site, `"${site.key}: true" is deleted: v2 mirrors the heads by itself`);
  }
  const isFalse = ['false', 'no', 'off', 'n'].includes(written);
  return isFalse && site.struct.goName === 'Operator' ? allBundles(site) : [];
}

/** v1 gave the last component of the path, v2 takes the whole path. */
function targetCatalog(site: Site): Mend[] {
  if (site.has('targetCatalog')) {
    return drop(site, `"${site.key}" is deleted: targetCatalog already decided in v1`);
  }
  const name = textOf(site.value) ?? '';
  const catalog = textOf(findEntry(site.map, 'catalog')?.value);
  const path = catalog === undefined ? undefined : pathOf(catalog);
  if (path === undefined) return [];
  const target = path.includes('/') ? path.replace(/[^/]*$/, name) : name;
  if (!isTargetPath(target)) return [];
  const reason = `"${site.key}" is now targetCatalog with the path of the catalog`;
  return rewriteEntry(site, ['targetCatalog', target], reason);
}

/** Gives the repository of a catalog without its registry; a catalog on disk has no path in a registry. */
function pathOf(catalog: string): string | undefined {
  const { spec } = readImageSpec(catalog);
  return spec && (spec.transport === dockerTransport ? spec.path : '');
}

function renamed(site: Site, name: string): Mend[] {
  return site.has(name) ? [] : rename(site, name, `"${site.key}" is now ${name}, as v2 calls it`);
}

/** Mends a field of oc-mirror v1 where v2 can say the same; else nothing, and a person decides. */
export function mendLegacy(site: Site, field: LegacyField): Mend[] {
  switch (field.mending) {
    case 'delete':
      return deletion(site);
    case 'heads':
      return heads(site);
    case 'range':
      return writeRange(site);
    case 'target-catalog':
      return targetCatalog(site);
    default:
      return field.renamed === undefined ? [] : renamed(site, field.renamed);
  }
}
