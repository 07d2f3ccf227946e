import { gzipSync } from 'node:zlib';
import { type Header, pack } from 'tar-stream';
import { openCatalog, readCatalogImage, type StoredCatalog } from '../../src/catalog/index.ts';
import type { ByteCache, ContentSource } from '../../src/content/index.ts';
import { content, type FakeImage, makeIndex } from '../../src/fake-upstream/index.ts';
import { silentLogger } from '../../src/log.ts';
import {
  type Digest,
  digestOf,
  mediaTypes,
  type Platform,
  parseManifest,
} from '../../src/oci/index.ts';
import { memoryRegistry } from './memory-registry.ts';
import { tempDirectory } from './temp-directory.ts';

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

/** The parts of a catalog image. */
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
export interface TestCatalog extends ContentSource {
  readonly digest: Digest;
  /** The requests that the registry got. */
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

/** Opens a catalog of one image in a workspace of its own. */
export async function openCatalogImage(recipe: CatalogRecipe): Promise<StoredCatalog> {
  const served = serveCatalog(await makeCatalogImage(recipe));
  const image = await readCatalogImage(served.digest, served);
  return await openCatalog(image, served, { directory: tempDirectory(), log: silentLogger });
}
