import { isDeepStrictEqual } from 'node:util';
import semver from 'semver';
import {
  type ChannelWish,
  type PackageWish,
  parseVersion,
  type VersionBounds,
} from '../../catalog/index.ts';
import type { OperatorCatalog, YamlPath } from '../config.ts';
import { grammarError, readImageSpec, refusalReason } from '../image-spec.ts';
import { isTargetPath } from '../target-name.ts';
import {
  below,
  checkCharacters,
  duplicates,
  emptyRange,
  type Finding,
  type Rule,
} from './finding.ts';

const quote = JSON.stringify;

/** Gives the name by which oc-mirror tells catalogs apart, or the message with which it refuses the entry. */
function catalogName({ catalog, targetTag, targetCatalog }: OperatorCatalog): {
  readonly name?: string;
  readonly error?: string;
} {
  const { spec, error } = readImageSpec(catalog);
  if (!spec) return { error: error.message };
  const { reference, domain, path } = spec;
  const tagged = targetTag
    ? `${domain === '' ? path : `${domain}/${path}`}:${targetTag}`
    : reference;
  if (!targetCatalog) return { name: tagged };
  if (isTargetPath(targetCatalog)) return { name: tagged.replace(path, () => targetCatalog) };
  return {
    error: `invalid target path component ${quote(targetCatalog)}: should not contain a tag or digest. Expected format is 1 or more path components separated by /, where each path component is a set of alpha-numeric and regexp (?:[._]|__|[-]*). For more, see https://github.com/containers/image/blob/main/docker/reference/regexp.go`,
  };
}

/** Finds a version inside the name of a bundle: `cluster-logging.v5.8.0`. */
function versionIn(text: string, key: string): { readonly fix?: string } {
  const version = /\d+\.\d+\.\d+[0-9A-Za-z.+-]*/.exec(text)?.[0];
  return version && parseVersion(version) ? { fix: `${key}: ${version}` } : {};
}

/** Checks the bounds of one range, the upper first as oc-mirror does. */
function checkVersions(range: VersionBounds, owner: string, path: YamlPath): Finding[] {
  return (['maxVersion', 'minVersion'] as const).flatMap((key) => {
    const text = range[key];
    if (text === undefined || parseVersion(text)) return [];
    return [
      {
        severity: 'error',
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
  channel: ChannelWish,
  inPackage: PackageWish,
  place: { readonly owner: string; readonly path: YamlPath },
): Finding[] {
  const { owner, path } = place;
  const found = checkVersions(channel, `${owner}: channel ${quote(channel.name)}`, path);
  const own = channel.minVersion ?? channel.maxVersion;
  const outer = inPackage.minVersion ?? inPackage.maxVersion;
  if (own === undefined || outer === undefined) return found;
  return [
    ...found,
    {
      severity: 'error',
      code: 'mixed-ranges',
      message: `${owner}: mixing both filtering by minVersion/maxVersion and filtering by channel minVersion/maxVersion is not allowed`,
      summary: 'A package and one of its channels both have a version range.',
      detail: `The package "${inPackage.name}" has a range of its own, so its channel "${channel.name}" must not have one. Keep the range at one of the two places.`,
      text: own,
      path: [...path, channel.minVersion === undefined ? 'maxVersion' : 'minVersion'],
    },
  ];
}

/** Gives the index of the first entry of a name by that of each later one. */
function firstOf(repeated: readonly { readonly index: number; readonly first: number }[]) {
  return new Map(repeated.map(({ index, first }) => [index, first]));
}

/** Says how to get rid of an entry that is listed again: equal ones need no thought. */
function sameEntry(again: unknown, first: unknown, otherwise: string): string {
  return isDeepStrictEqual(again, first) ? 'Both entries say the same: delete one.' : otherwise;
}

function checkChannels(inPackage: PackageWish, owner: string, path: YamlPath): Finding[] {
  const repeated = firstOf(duplicates(inPackage.channels, (c) => c.name));
  return (inPackage.channels ?? []).flatMap((channel, index) => {
    const at = [...path, 'channels', index];
    const place = (repeated.get(index) ?? index) + 1;
    const first = inPackage.channels?.[place - 1];
    const remedy = sameEntry(channel, first, 'Keep one entry with the whole range.');
    const duplicate: Finding = {
      severity: 'error',
      code: 'duplicate-channel',
      message: `${owner}: duplicate channel entry ${quote(channel.name)}`,
      summary: 'A channel of a package is listed twice.',
      detail: `"${channel.name}" is already entry ${place} of the channels of "${inPackage.name}". ${remedy}`,
      text: channel.name,
      path: [...at, 'name'],
    };
    const own = checkChannel(channel, inPackage, { owner, path: at });
    return repeated.has(index) ? [duplicate, ...own] : own;
  });
}

function checkPackages(catalog: OperatorCatalog, path: YamlPath): Finding[] {
  const of = `catalog ${quote(catalog.catalog)}`;
  const repeated = firstOf(duplicates(catalog.packages, (p) => p.name));
  return (catalog.packages ?? []).flatMap((inPackage, index) => {
    const at = [...path, 'packages', index];
    const place = (repeated.get(index) ?? index) + 1;
    const first = catalog.packages?.[place - 1];
    const remedy = sameEntry(inPackage, first, 'Merge the two entries into one with all channels.');
    const owner = `${of}: operator ${quote(inPackage.name)}`;
    const duplicate: Finding = {
      severity: 'error',
      code: 'duplicate-package',
      message: `${of}: duplicate package entry ${quote(inPackage.name)}`,
      summary: 'A package of a catalog is listed twice.',
      detail: `"${inPackage.name}" is already entry ${place} of the packages. ${remedy}`,
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

function invalidCatalog(catalog: OperatorCatalog, error: string, path: YamlPath): Finding {
  const target = error.startsWith('invalid target path');
  return {
    severity: 'error',
    code: target ? 'target-catalog' : 'catalog-reference',
    message: error,
    summary: target
      ? 'The target path of a catalog is malformed.'
      : 'The reference of a catalog is malformed.',
    detail: target
      ? `"${catalog.targetCatalog}" has to be a path of lower-case names, without tag or digest; the tag goes to targetTag.`
      : `"${catalog.catalog}" cannot be read: ${refusalReason(error)}. A catalog needs a tag or a digest; "latest" is never assumed.`,
    text: target ? (catalog.targetCatalog ?? '') : catalog.catalog,
    ...(!target && catalog.catalog && !/[@]/.test(catalog.catalog)
      ? { fix: `catalog: ${catalog.catalog}:<tag>` }
      : {}),
    path: [...path, target ? 'targetCatalog' : 'catalog'],
  };
}

/** Finds a name that oc-mirror takes apart and no registry can have: `index:v4:18`. */
function checkGrammar({ catalog }: OperatorCatalog, path: YamlPath): Finding[] {
  const error = grammarError(catalog);
  if (error === undefined) return [];
  return [
    {
      severity: 'error',
      code: 'catalog-reference',
      summary: 'The reference of a catalog is malformed.',
      detail: `${error} Write host/path:tag or host/path@sha256:….`,
      text: catalog,
      path: [...path, 'catalog'],
    },
  ];
}

/**
 * Checks the operator catalogs of an ImageSetConfiguration, in oc-mirror's order; of a DeleteImageSetConfiguration only
 * their names, of which oc-mirror tells the first.
 *
 * A catalog whose name cannot be told counts as the name "", as it does there: a second one is a duplicate too.
 * @see oc-mirror v2, §1.5
 */
export const checkCatalogs: Rule = (imageSet) => {
  const seen = new Set<string>();
  const isMirror = imageSet.kind === 'ImageSetConfiguration';
  const found = (imageSet.mirror.operators ?? []).flatMap((catalog, index) => {
    const path = below(imageSet, 'operators', index);
    const { name = '', error } = catalogName(catalog);
    const duplicate: Finding = {
      severity: 'error',
      code: 'duplicate-catalog',
      message: `catalog ${quote(name)}: duplicate found in configuration`,
      summary: 'A catalog is listed twice.',
      detail: `Another entry already claims "${name}". Merge the packages of both into one entry, or give one of them another targetCatalog or targetTag.`,
      text: catalog.catalog,
      path: [...path, 'catalog'],
    };
    const own = [
      ...(error === undefined
        ? checkGrammar(catalog, path)
        : [invalidCatalog(catalog, error, path)]),
      ...(seen.has(name) ? [duplicate] : []),
      ...(isMirror ? checkPackages(catalog, path) : []),
    ];
    seen.add(name);
    return own;
  });
  return isMirror
    ? found
    : found.map((one, at) => (at === 0 ? one : { ...one, message: undefined }));
};

type NamedRange = VersionBounds & { readonly name: string };

function checkOrder(range: NamedRange, path: YamlPath): Finding[] {
  const read = (text = '') => semver.parse(text, { loose: true }) ?? undefined;
  const [min, max] = [read(range.minVersion), read(range.maxVersion)];
  if (!min || !max || semver.compare(min, max) <= 0) return [];
  const none = `bundle of "${range.name}"`;
  return [emptyRange(range, { summary: 'The version range of an operator is empty.', none }, path)];
}

function checkName(range: NamedRange, path: YamlPath): Finding[] {
  if (range.name) return checkCharacters(range.name, [...path, 'name']);
  return [
    {
      severity: 'error',
      code: 'missing-name',
      summary: 'A package or channel of an operator has no name.',
      detail: 'Without a name nothing can be selected. oc-mirror accepts the file and fails later.',
      fix: 'name: <name>',
      path: [...path, 'name'],
    },
  ];
}

/** Finds what makes an operator selection impossible before any catalog is read. */
export const checkSelections: Rule = (imageSet) => {
  const check = (range: NamedRange, path: YamlPath) => [
    ...checkName(range, path),
    ...checkOrder(range, path),
  ];
  return (imageSet.mirror.operators ?? []).flatMap((catalog, outer) =>
    (catalog.packages ?? []).flatMap((inPackage, index) => {
      const path = below(imageSet, 'operators', outer, 'packages', index);
      const channels = (inPackage.channels ?? []).flatMap((channel, inner) =>
        check(channel, [...path, 'channels', inner]),
      );
      return [...check(inPackage, path), ...channels];
    }),
  );
};
