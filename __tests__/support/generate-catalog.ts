import { createHash } from 'node:crypto';

/** The size of a generated catalog. */
export interface CatalogShape {
  readonly packages: number;
  /** Bundles of each package, all in its channel `stable`, each replacing the one before. */
  readonly bundles: number;
  /** Bytes of each bundle's document, about. */
  readonly bundleBytes: number;
  /** Gives the reference of an image that a bundle needs. */
  readonly imageOf: (need: ImageNeed) => string;
}

/** An image that a bundle needs: its own, or the operand that it installs. */
export interface ImageNeed {
  readonly package: string;
  readonly version: string;
  readonly role: 'bundle' | 'operand';
}

/** The length of a line of a description; its start differs, the rest is a repetition. */
const lineLength = 600;

/** Text as compressible as real catalogs are, about one to eight. */
function describe(seed: string, bytes: number): string {
  const hex = (text: string): string => createHash('sha256').update(text).digest('hex');
  return Array.from({ length: Math.ceil(bytes / lineLength) }, (_, line) =>
    `${hex(`${seed} ${line}`)} says "quoted" \\ {[ text } ] \n`.padEnd(
      lineLength,
      'as it repeats itself ',
    ),
  ).join('');
}

function makeBundle(name: string, version: string, shape: CatalogShape): unknown {
  const image = shape.imageOf({ package: name, version, role: 'bundle' });
  const operand = shape.imageOf({ package: name, version, role: 'operand' });
  const description = describe(`${name} ${version}`, shape.bundleBytes);
  return {
    schema: 'olm.bundle',
    name: `${name}.v${version}`,
    package: name,
    image,
    properties: [
      { type: 'olm.package', value: { packageName: name, version } },
      { type: 'olm.csv.metadata', value: { displayName: name, description } },
    ],
    relatedImages: [
      { name: '', image },
      { name: 'operand', image: operand },
    ],
  };
}

function makePackage(name: string, shape: CatalogShape): readonly unknown[] {
  const versions = Array.from({ length: shape.bundles }, (_, step) => `1.${step}.0`);
  const entries = versions.map((version, step) => ({
    name: `${name}.v${version}`,
    ...(step > 0 && { replaces: `${name}.v${versions[step - 1]}` }),
  }));
  return [
    { schema: 'olm.package', name, defaultChannel: 'stable' },
    { schema: 'olm.channel', package: name, name: 'stable', entries },
    ...versions.map((version) => makeBundle(name, version, shape)),
  ];
}

/** Makes the files of a file-based catalog, one after the other: path below the catalog's root, and text. */
export function* generateCatalog(
  shape: CatalogShape,
): Generator<readonly [path: string, text: string]> {
  for (let index = 0; index < shape.packages; index += 1) {
    const name = `operator-${String(index).padStart(4, '0')}`;
    const documents = makePackage(name, shape);
    yield [`${name}/catalog.json`, documents.map((one) => JSON.stringify(one, null, 4)).join('\n')];
  }
}
