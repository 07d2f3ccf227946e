import type { ChannelFilter, OperatorCatalog, OperatorPackage, YamlPath } from '../config.ts';
import { catalogName } from './catalog-name.ts';
import { below, duplicates, type Located } from './finding.ts';
import { isLenientVersion } from './lenient-version.ts';
import type { Violation } from './violation.ts';

const quote = JSON.stringify;

interface Range {
  readonly minVersion?: string;
  readonly maxVersion?: string;
}

/** Finds a version inside the name of a bundle: `cluster-logging.v5.8.0`. */
function versionIn(text: string, key: string): { readonly fix?: string } {
  const version = /\d+\.\d+\.\d+[0-9A-Za-z.+-]*/.exec(text)?.[0];
  return version !== undefined && isLenientVersion(version) ? { fix: `${key}: ${version}` } : {};
}

/** Checks the bounds of one range, the upper first as oc-mirror does. */
function checkVersions(range: Range, owner: string, path: YamlPath): Violation[] {
  return (['maxVersion', 'minVersion'] as const).flatMap((key) => {
    const text = range[key];
    if (text === undefined || isLenientVersion(text)) return [];
    return [
      {
        code: 'operator-version',
        message: `${owner}: ${key} ${quote(text)} must respect semantic versioning notation`,
        summary: 'A version bound of an operator is not a version.',
        detail: `"${text}" cannot be read as a version. Write the version of the bundle, such as 1.2.3.`,
        ...versionIn(text, key),
        text,
        path: [...path, key],
      },
    ];
  });
}

function checkChannel(
  channel: ChannelFilter,
  inPackage: OperatorPackage,
  place: { readonly owner: string; readonly path: YamlPath },
): Violation[] {
  const { owner, path } = place;
  const found = checkVersions(channel, `${owner}: channel ${quote(channel.name)}`, path);
  const own = channel.minVersion ?? channel.maxVersion;
  const outer = inPackage.minVersion ?? inPackage.maxVersion;
  if (own === undefined || outer === undefined) return found;
  return [
    ...found,
    {
      code: 'mixed-ranges',
      message: `${owner}: mixing both filtering by minVersion/maxVersion and filtering by channel minVersion/maxVersion is not allowed`,
      summary: 'A package and one of its channels both have a version range.',
      detail: `The package "${inPackage.name}" has a range of its own, so its channel "${channel.name}" must not have one. Keep the range at one of the two places.`,
      text: own,
      path: [...path, channel.minVersion === undefined ? 'maxVersion' : 'minVersion'],
    },
  ];
}

function checkChannels(inPackage: OperatorPackage, owner: string, path: YamlPath): Violation[] {
  const repeated = new Set(duplicates(inPackage.channels, (c) => c.name).map((d) => d.index));
  return (inPackage.channels ?? []).flatMap((channel, index) => {
    const at = [...path, 'channels', index];
    const duplicate: Violation = {
      code: 'duplicate-channel',
      message: `${owner}: duplicate channel entry ${quote(channel.name)}`,
      summary: 'A channel of a package is listed twice.',
      detail: `The channel "${channel.name}" of package "${inPackage.name}" is listed twice. Keep one entry with the whole range.`,
      text: channel.name,
      path: [...at, 'name'],
    };
    const own = checkChannel(channel, inPackage, { owner, path: at });
    return repeated.has(index) ? [duplicate, ...own] : own;
  });
}

function checkPackages(catalog: OperatorCatalog, path: YamlPath): Violation[] {
  const of = `catalog ${quote(catalog.catalog)}`;
  const repeated = new Set(duplicates(catalog.packages, (p) => p.name).map((d) => d.index));
  return (catalog.packages ?? []).flatMap((inPackage, index) => {
    const at = [...path, 'packages', index];
    const owner = `${of}: operator ${quote(inPackage.name)}`;
    const duplicate: Violation = {
      code: 'duplicate-package',
      message: `${of}: duplicate package entry ${quote(inPackage.name)}`,
      summary: 'A package of a catalog is listed twice.',
      detail: `The package "${inPackage.name}" is listed twice below one catalog. Merge the two entries into one with all channels.`,
      text: inPackage.name,
      path: [...at, 'name'],
    };
    return [
      ...(repeated.has(index) ? [duplicate] : []),
      ...checkVersions(inPackage, owner, at),
      ...checkChannels(inPackage, owner, at),
    ];
  });
}

function invalidCatalog(catalog: OperatorCatalog, error: string, path: YamlPath): Violation {
  const target = error.startsWith('invalid target path');
  return {
    code: target ? 'target-catalog' : 'catalog-reference',
    message: error,
    summary: target
      ? 'The target path of a catalog is malformed.'
      : 'The reference of a catalog is malformed.',
    detail: target
      ? `"${catalog.targetCatalog}" has to be a path of lower-case names, without tag or digest; the tag goes to targetTag.`
      : `"${catalog.catalog}" cannot be read (${error}). A catalog needs a tag or a digest; "latest" is never assumed.`,
    text: target ? (catalog.targetCatalog ?? '') : catalog.catalog,
    ...(!target && catalog.catalog && !/[@]/.test(catalog.catalog)
      ? { fix: `catalog: ${catalog.catalog}:<tag>` }
      : {}),
    path: [...path, target ? 'targetCatalog' : 'catalog'],
  };
}

/**
 * Checks the operator catalogs of an ImageSetConfiguration, in oc-mirror's order.
 *
 * A catalog whose name cannot be told counts as the name "", as it does there: a second one is a duplicate too.
 * @see oc-mirror v2, §1.5
 */
export function checkOperators(imageSet: Located): Violation[] {
  const seen = new Set<string>();
  return (imageSet.mirror.operators ?? []).flatMap((catalog, index) => {
    const path = below(imageSet, 'operators', index);
    const named = catalogName(catalog);
    const name = 'value' in named ? named.value : '';
    const duplicate: Violation = {
      code: 'duplicate-catalog',
      message: `catalog ${quote(name)}: duplicate found in configuration`,
      summary: 'A catalog is listed twice.',
      detail: `Another entry already claims "${name}". Merge the packages of both into one entry, or give one of them another targetCatalog or targetTag.`,
      text: catalog.catalog,
      path: [...path, 'catalog'],
    };
    const found = [
      ...('error' in named ? [invalidCatalog(catalog, named.error, path)] : []),
      ...(seen.has(name) ? [duplicate] : []),
      ...(imageSet.kind === 'ImageSetConfiguration' ? checkPackages(catalog, path) : []),
    ];
    seen.add(name);
    return found;
  });
}
