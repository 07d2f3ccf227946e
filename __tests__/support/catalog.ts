import { createHash } from 'node:crypto';
import { createWriteStream, mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip, gzipSync } from 'node:zlib';
import { type Header, pack } from 'tar-stream';
import type { ByteCache, CatalogSource } from '../../src/catalog/index.ts';
import { content, type FakeImage, makeIndex } from '../../src/fake-upstream/index.ts';
import {
  type Digest,
  digestOf,
  mediaTypes,
  type Platform,
  parseManifest,
} from '../../src/oci/index.ts';
import { memoryRegistry } from './memory-registry.ts';

/** An entry of a layer: a file of this text, or whatever the header says. */
export type TestEntry = readonly [name: string, text: string] | Partial<Header>;

function isFile(entry: TestEntry): entry is readonly [name: string, text: string] {
  return Array.isArray(entry);
}

/** Packs entries as a tar, in their order, with their names as they are. */
export async function makeTar(entries: readonly TestEntry[]): Promise<Uint8Array> {
  const tar = pack();
  for (const entry of entries) {
    if (isFile(entry)) tar.entry({ name: entry[0], mtime: new Date(0) }, entry[1]);
    else tar.entry({ name: '', mtime: new Date(0), ...entry } as Header);
  }
  tar.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of tar) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}

/** What to make a catalog image of. */
export interface CatalogRecipe {
  /** Entries of each layer, the lowest first; bytes are a layer as it is. */
  readonly layers: readonly (readonly TestEntry[] | Uint8Array)[];
  /** The label; absent: `/configs`, `null`: none. */
  readonly label?: string | null;
  readonly history?: readonly unknown[];
  readonly platform?: Platform;
  /** Docker schema 2 instead of OCI. */
  readonly isDocker?: boolean;
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
}

function encode(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

/** Media types of one kind of image. */
const types = {
  oci: {
    manifest: mediaTypes.ociManifest,
    config: mediaTypes.ociConfig,
    layer: mediaTypes.ociLayerGzip,
  },
  docker: {
    manifest: mediaTypes.dockerManifest,
    config: 'application/vnd.docker.container.image.v1+json',
    layer: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
  },
};

/** Makes a catalog image in memory. */
export async function makeCatalogImage(recipe: CatalogRecipe): Promise<FakeImage> {
  const { label = '/configs', platform = { os: 'linux', architecture: 'amd64' } } = recipe;
  const type = recipe.isDocker ? types.docker : types.oci;
  const tars: Uint8Array[] = [];
  for (const layer of recipe.layers) {
    tars.push(layer instanceof Uint8Array ? layer : await makeTar(layer));
  }
  const layers = recipe.layers.map((layer, index) => {
    const bytes = tars[index] ?? new Uint8Array();
    return content(type.layer, () => (layer instanceof Uint8Array ? bytes : gzipSync(bytes)));
  });
  const config = content(type.config, () =>
    encode({
      ...platform,
      config: {
        Entrypoint: recipe.entrypoint ?? ['/bin/opm'],
        Cmd: recipe.command ?? ['serve', '/configs', '--cache-dir=/tmp/cache'],
        ...(label !== null && {
          Labels: { 'operators.operatorframework.io.index.configs.v1': label, maker: 'test' },
        }),
      },
      rootfs: { type: 'layers', diff_ids: tars.map((bytes) => digestOf(bytes)) },
      ...(recipe.history && { history: recipe.history }),
    }),
  );
  const raw = encode({
    schemaVersion: 2,
    mediaType: type.manifest,
    config: config.descriptor,
    layers: layers.map(({ descriptor }) => descriptor),
  });
  return { manifest: parseManifest(raw), blobs: [config, ...layers], children: [] };
}

/** Makes a catalog for several platforms. */
export async function makeCatalogIndex(
  recipes: readonly (CatalogRecipe & { readonly platform: Platform })[],
): Promise<FakeImage> {
  const children: { readonly image: FakeImage; readonly platform: Platform }[] = [];
  for (const recipe of recipes) {
    children.push({ image: await makeCatalogImage(recipe), platform: recipe.platform });
  }
  return makeIndex(children);
}

/** A cache in memory. */
export function memoryCache(): ByteCache & { readonly contents: Map<Digest, Uint8Array> } {
  const contents = new Map<Digest, Uint8Array>();
  return {
    contents,
    get: async (digest) => contents.get(digest),
    async put(digest, bytes) {
      contents.set(digest, bytes);
    },
  };
}

/** A catalog in a registry in memory. */
export interface TestCatalog extends CatalogSource {
  readonly digest: Digest;
  /** What was asked of the registry. */
  readonly asked: string[];
}

/** Puts a catalog into a registry in memory. */
export function serveCatalog(image: FakeImage): TestCatalog {
  const registry = memoryRegistry();
  const put = (one: FakeImage): void => {
    for (const blob of one.blobs) registry.putBlob('redhat/index', blob);
    one.children.forEach(put);
    registry.putManifest('redhat/index', one.manifest);
  };
  put(image);
  return {
    digest: image.manifest.descriptor.digest,
    asked: registry.asked,
    repository: registry.repository('registry.test', 'redhat/index'),
    cache: memoryCache(),
  };
}

/** How big a generated catalog is. */
export interface GeneratedShape {
  readonly packages: number;
  /** Bundles of each package. */
  readonly bundles: number;
  /** Bytes of each bundle's document, about. */
  readonly bundleBytes: number;
  /** One file for all packages, or one for each. */
  readonly files: 'one' | 'each';
}

/** Documents of one generated package: as catalogs of the field have them, filled up with text. */
export function generatePackage(index: number, shape: GeneratedShape): readonly unknown[] {
  const name = `operator-${String(index).padStart(4, '0')}`;
  const hex = (seed: string): string => createHash('sha256').update(seed).digest('hex');
  const versions = Array.from({ length: shape.bundles }, (_, step) => `1.${step}.0`);
  const nameOf = (version: string): string => `${name}.v${version}`;
  const entries = versions.map((version, step) => ({
    name: nameOf(version),
    ...(step > 0 && { replaces: nameOf(versions[step - 1] ?? '') }),
  }));
  // As compressible as real catalogs, about one to eight.
  const textOf = (seed: string): string =>
    Array.from({ length: Math.ceil(shape.bundleBytes / 620) }, (_, line) =>
      `${hex(`${seed} ${line}`)} says "quoted" \\ {[ text } ] \n`.padEnd(
        600,
        'as it repeats itself ',
      ),
    ).join('');
  const bundles = versions.map((version) => {
    const image = `registry.test/${name}/bundle@sha256:${hex(`bundle ${name} ${version}`)}`;
    const operand = `registry.test/${name}/operand@sha256:${hex(`operand ${name} ${version}`)}`;
    return {
      schema: 'olm.bundle',
      name: nameOf(version),
      package: name,
      image,
      properties: [
        { type: 'olm.package', value: { packageName: name, version } },
        {
          type: 'olm.csv.metadata',
          value: {
            displayName: `Operator ${index}`,
            description: textOf(nameOf(version)),
          },
        },
      ],
      relatedImages: [
        { name: '', image },
        { name: 'operand', image: operand },
      ],
    };
  });
  return [
    { schema: 'olm.package', name, defaultChannel: 'stable' },
    { schema: 'olm.channel', package: name, name: 'stable', entries },
    ...bundles,
  ];
}

function* generateFiles(shape: GeneratedShape): Generator<readonly [string, Buffer]> {
  const text = (index: number): string =>
    generatePackage(index, shape)
      .map((document) => JSON.stringify(document, null, 4))
      .join('\n');
  if (shape.files === 'one') {
    const all = Array.from({ length: shape.packages }, (_, index) => Buffer.from(text(index)));
    yield ['configs/index.json', Buffer.concat(all)];
    return;
  }
  for (let index = 0; index < shape.packages; index += 1) {
    yield [`configs/operator-${index}/catalog.json`, Buffer.from(text(index))];
  }
}

function hashing(): { readonly stream: Transform; digest(): Digest } {
  const hash = createHash('sha256');
  const stream = new Transform({
    transform(chunk: Uint8Array, _, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  return { stream, digest: () => `sha256:${hash.digest('hex')}` as Digest };
}

/** Writes a generated catalog as an image layout; gives the bytes of its documents. */
export async function writeGeneratedLayout(
  directory: string,
  shape: GeneratedShape,
): Promise<number> {
  const blobs = join(directory, 'blobs', 'sha256');
  mkdirSync(blobs, { recursive: true });
  const put = (mediaType: string, value: unknown) => {
    const bytes = encode(value);
    const digest = digestOf(bytes);
    writeFileSync(join(blobs, digest.slice(7)), bytes);
    return { mediaType, digest, size: bytes.byteLength };
  };
  let total = 0;
  const tar = pack();
  const feeding = (async () => {
    for (const [name, bytes] of generateFiles(shape)) {
      total += bytes.byteLength;
      await new Promise<void>((done, fail) => {
        tar.entry({ name, mtime: new Date(0) }, bytes, (error) => (error ? fail(error) : done()));
      });
    }
    tar.finalize();
  })();
  const plain = hashing();
  const packed = hashing();
  const temporary = join(directory, 'layer.tmp');
  await pipeline(
    tar,
    plain.stream,
    createGzip({ level: 1 }),
    packed.stream,
    createWriteStream(temporary),
  );
  await feeding;
  const digest = packed.digest();
  const size = statSync(temporary).size;
  renameSync(temporary, join(blobs, digest.slice(7)));
  const layer = { mediaType: mediaTypes.ociLayerGzip, digest, size };
  const config = put(mediaTypes.ociConfig, {
    os: 'linux',
    architecture: 'amd64',
    config: {
      Entrypoint: ['/bin/opm'],
      Cmd: ['serve', '/configs'],
      Labels: { 'operators.operatorframework.io.index.configs.v1': '/configs' },
    },
    rootfs: { type: 'layers', diff_ids: [plain.digest()] },
  });
  const manifest = put(mediaTypes.ociManifest, {
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    config,
    layers: [layer],
  });
  writeFileSync(join(directory, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  writeFileSync(join(directory, 'index.json'), encode({ schemaVersion: 2, manifests: [manifest] }));
  return total;
}
