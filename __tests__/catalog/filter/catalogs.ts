import type { CatalogBlob, CatalogReader } from '../../../src/catalog/model.ts';

/** One step of a channel, as a catalog writes it. */
export interface Step {
  readonly name: string;
  readonly replaces?: string;
  readonly skips?: readonly string[];
  readonly skipRange?: string;
}

/** A bundle in short. */
export interface ShortBundle {
  readonly name: string;
  /** Absent: it has no `olm.package` property. */
  readonly version?: string;
  /** Absent: its own image and one more. */
  readonly images?: readonly string[];
  readonly properties?: readonly { readonly type: string; readonly value: unknown }[];
}

/** A package in short. */
export interface ShortPackage {
  readonly name: string;
  readonly defaultChannel?: string;
  readonly channels: readonly { readonly name: string; readonly entries: readonly Step[] }[];
  readonly bundles: readonly ShortBundle[];
  readonly others?: readonly Readonly<Record<string, unknown>>[];
}

/** The image of a bundle itself. */
export function imageOf(bundle: string, packageName = ''): string {
  return `registry.test/${packageName}${packageName && '/'}${bundle.toLowerCase().replaceAll('+', '_')}:v1`;
}

function bundleBlob(bundle: ShortBundle, owner: string): Record<string, unknown> {
  const own = imageOf(bundle.name, owner);
  const version = bundle.version !== undefined && {
    type: 'olm.package',
    value: { packageName: owner, version: bundle.version },
  };
  return {
    schema: 'olm.bundle',
    name: bundle.name,
    package: owner,
    image: own,
    properties: [...(version ? [version] : []), ...(bundle.properties ?? [])],
    relatedImages: (bundle.images ?? [own, `${own}-operand`]).map((image) => ({
      name: '',
      image,
    })),
  };
}

/** Makes a document of a catalog. */
export function blobOf(value: Readonly<Record<string, unknown>>): CatalogBlob {
  const { schema, name, package: owner } = value as Record<string, string>;
  const of = schema === 'olm.package' ? name : owner;
  return {
    schema: schema ?? '',
    ...(name !== undefined && { name }),
    ...(of !== undefined && { package: of }),
    value,
    text: JSON.stringify(value),
  };
}

/** Writes a package out as its documents. */
export function documentsOf(short: ShortPackage): readonly Readonly<Record<string, unknown>>[] {
  const owner = short.name;
  return [
    { schema: 'olm.package', name: owner, defaultChannel: short.defaultChannel ?? '' },
    ...short.channels.map((channel) => ({ schema: 'olm.channel', package: owner, ...channel })),
    ...short.bundles.map((bundle) => bundleBlob(bundle, owner)),
    ...(short.others ?? []),
  ];
}

/** A catalog in memory; documents of no package among `loose`. */
export function readerOf(
  packages: readonly ShortPackage[],
  loose: readonly Readonly<Record<string, unknown>>[] = [],
): CatalogReader & { readonly asked: string[] } {
  const blobs = [...packages.flatMap(documentsOf), ...loose].map(blobOf);
  const names = [...new Set(blobs.map((blob) => blob.package ?? ''))];
  const asked: string[] = [];
  return {
    asked,
    packageNames: names.sort((a, b) => (a === '' ? 1 : b === '' ? -1 : a < b ? -1 : 1)),
    async read(name) {
      asked.push(name);
      const own = blobs.filter((blob) => (blob.package ?? '') === name);
      return own.length > 0 ? { name, blobs: own } : undefined;
    },
  };
}

/** A chain of bundles `<name>.v<version>`, each replacing the one before. */
export function chainOf(name: string, versions: readonly string[]): readonly Step[] {
  return versions.map((version, index) => ({
    name: `${name}.v${version}`,
    ...(index > 0 && { replaces: `${name}.v${versions[index - 1]}` }),
  }));
}

/** The bundles of a chain. */
export function bundlesOf(name: string, versions: readonly string[]): readonly ShortBundle[] {
  return versions.map((version) => ({ name: `${name}.v${version}`, version }));
}
