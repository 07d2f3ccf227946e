import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { extract } from 'tar-stream';
import { describe, expect, test } from 'vitest';
import {
  openCatalog,
  type PackageTexts,
  readCatalogImage,
  rebuildCached,
  rebuildCatalog,
} from '../../src/catalog/index.ts';
import { type MadeImage, openMade } from '../../src/image/index.ts';
import { silentLogger } from '../../src/log.ts';
import {
  type Descriptor,
  digestOf,
  type Manifest,
  mediaTypes,
  parseManifest,
} from '../../src/oci/index.ts';
import type { Repository } from '../../src/registry/index.ts';
import {
  makeCatalogImage,
  makeCatalogIndex,
  serveCatalog,
  type TestCatalog,
} from '../support/catalog.ts';
import { tempDirectory } from '../support/temp-directory.ts';

const texts: readonly PackageTexts[] = [
  {
    name: 'foo',
    texts: ['{"schema":"olm.package","name":"foo"}', '{"schema":"x","package":"foo"}'],
  },
  { name: '', texts: ['{"schema":"loose"}'] },
];
const layers = [
  [['bin/opm', 'opm']] as const,
  [
    ['configs/foo/catalog.json', '{"schema":"olm.package","name":"foo"}'],
    ['configs/bar', ''],
  ] as const,
];
const amd64 = { os: 'linux', architecture: 'amd64' };
const arm64 = { os: 'linux', architecture: 'arm64', variant: 'v8' };

async function rebuild(served: TestCatalog, packages = texts): Promise<MadeImage> {
  const image = await readCatalogImage(served.digest, served);
  return await rebuildCatalog(image, packages, tempDirectory());
}

async function bytesOf(repository: Repository, blob: Descriptor): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of await repository.blobs.fetch(blob)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function headersOf(bytes: Uint8Array): Promise<readonly unknown[]> {
  const found: unknown[] = [];
  const tar = extract();
  tar.end(bytes);
  for await (const entry of tar) {
    const { name, mode, uid, gid, uname, gname, mtime } = entry.header;
    found.push({ name, mode, uid, gid, uname, gname, mtime });
    entry.resume();
  }
  return found;
}

function decode(manifest: Manifest | undefined) {
  return JSON.parse(Buffer.from(manifest?.raw ?? '').toString());
}

async function configOf(rebuilt: MadeImage, served: TestCatalog) {
  const repository = openMade(rebuilt, served.repository);
  const [manifest] = rebuilt.manifests;
  if (!manifest) throw new Error('no manifest');
  return JSON.parse((await bytesOf(repository, manifest.config)).toString());
}

describe('a rebuilt catalog', () => {
  test('reads back as the packages it was made of', async () => {
    const served = serveCatalog(await makeCatalogImage({ layers }));
    const rebuilt = await rebuild(served);
    const source = { ...served, repository: openMade(rebuilt, served.repository) };
    const image = await readCatalogImage(rebuilt.index.descriptor.digest, source);
    served.asked.length = 0;
    const catalog = await openCatalog(image, source, {
      directory: tempDirectory(),
      log: silentLogger,
    });
    const found: PackageTexts[] = [];
    for (const name of catalog.packageNames) {
      const blobs = (await catalog.read(name))?.blobs ?? [];
      found.push({ name, texts: blobs.map(({ text }) => text) });
    }
    expect(found).toEqual(texts);
    // A reader of it reads none of the layers that it hides.
    expect(served.asked).toEqual([]);
  });

  test('is the same image however often it is made', async () => {
    const made = async () => await rebuild(serveCatalog(await makeCatalogImage({ layers })));
    expect((await made()).index.raw).toEqual((await made()).index.raw);
  });

  test('has nothing of the time, the user or the machine in its layers', async () => {
    const served = serveCatalog(await makeCatalogImage({ layers }));
    const rebuilt = await rebuild(served);
    const repository = openMade(rebuilt, served.repository);
    const manifest = decode(rebuilt.manifests[0]);
    const entries: unknown[] = [];
    for (const layer of manifest.layers.slice(2)) {
      const bytes = await bytesOf(repository, layer);
      // Time and system in the header of gzip.
      expect([...bytes.subarray(4, 8), bytes[9]]).toEqual([0, 0, 0, 0, 0xff]);
      entries.push(...(await headersOf(gunzipSync(bytes))));
    }
    const made = { uid: 0, gid: 0, uname: '', gname: '', mtime: new Date(0) };
    expect(entries).toEqual([
      { ...made, name: '.wh.configs', mode: 0o644 },
      { ...made, name: 'configs', mode: 0o755 },
      { ...made, name: 'configs/foo', mode: 0o755 },
      { ...made, name: 'configs/foo/catalog.json', mode: 0o644 },
      { ...made, name: 'configs/catalog.json', mode: 0o644 },
    ]);
  });

  test('keeps the layers below two new ones, whose digests are right', async () => {
    const served = serveCatalog(await makeCatalogImage({ layers }));
    const rebuilt = await rebuild(served);
    const repository = openMade(rebuilt, served.repository);
    const original = decode(await served.repository.manifests.fetch(served.digest));
    const manifest = decode(rebuilt.manifests[0]);
    expect(manifest.layers.slice(0, 2)).toEqual(original.layers);
    expect(rebuilt.kept.map(({ digest }) => digest)).toEqual(
      original.layers.map((layer: Descriptor) => layer.digest),
    );
    const config = await configOf(rebuilt, served);
    for (const [place, layer] of manifest.layers.entries()) {
      const bytes = await bytesOf(repository, layer);
      expect([digestOf(bytes), bytes.length]).toEqual([layer.digest, layer.size]);
      expect(digestOf(gunzipSync(bytes))).toBe(config.rootfs.diff_ids[place]);
    }
    expect(rebuilt.blobs).toHaveLength(3);
  });

  test('starts without the cache of the catalog it was', async () => {
    const command = ['serve', '/old', '--cache-dir=/tmp/cache'];
    const served = serveCatalog(
      await makeCatalogImage({ layers: [[['old/a', '']]], label: '/old', command }),
    );
    const { config } = await configOf(await rebuild(served), served);
    expect(config).toEqual({
      Entrypoint: ['/bin/opm'],
      Cmd: ['serve', '/configs'],
      Labels: { 'operators.operatorframework.io.index.configs.v1': '/configs', maker: 'test' },
    });
  });

  test('does not serve twice when the entrypoint serves', async () => {
    const entrypoint = ['/bin/opm', 'serve', '/configs', '--cache-dir=/tmp/cache'];
    const served = serveCatalog(await makeCatalogImage({ layers, entrypoint, command: [] }));
    const { config } = await configOf(await rebuild(served), served);
    expect(config).toMatchObject({ Entrypoint: ['/bin/opm'], Cmd: ['serve', '/configs'] });
  });

  test('has a history for each layer where the original has one', async () => {
    const history = [{ created_by: 'ADD' }, { created_by: 'COPY /configs' }];
    const served = serveCatalog(await makeCatalogImage({ layers, history }));
    const config = await configOf(await rebuild(served), served);
    expect(config.history).toHaveLength(4);
    expect(config.rootfs.diff_ids).toHaveLength(4);
  });

  test('keeps what the manifest says beside, but not what it is about', async () => {
    const image = await makeCatalogImage({ layers });
    const subject = { ...image.manifest.descriptor };
    const annotations = { 'org.opencontainers.image.url': 'https://catalog.test' };
    const raw = Buffer.from(JSON.stringify({ ...decode(image.manifest), subject, annotations }));
    const served = serveCatalog({ ...image, manifest: parseManifest(raw) });
    const { manifests } = await rebuild(served);
    expect(manifests[0]?.annotations).toEqual(annotations);
    expect(manifests[0]?.subject).toBeUndefined();
  });

  test('is an index of one image where the original is an image', async () => {
    const platform = { os: 'linux', architecture: 's390x' };
    const served = serveCatalog(await makeCatalogImage({ layers, platform }));
    const { index, manifests } = await rebuild(served);
    expect(decode(index)).toEqual({
      schemaVersion: 2,
      mediaType: mediaTypes.ociIndex,
      manifests: [{ ...manifests[0]?.descriptor, platform }],
    });
  });

  test('has all platforms of the original and none of its attestations', async () => {
    const unknown = { os: 'unknown', architecture: 'unknown' };
    const recipes = [amd64, unknown, arm64].map((platform) => ({ layers, platform }));
    const rebuilt = await rebuild(serveCatalog(await makeCatalogIndex(recipes)));
    expect(decode(rebuilt.index).manifests.map((one: Descriptor) => one.platform)).toEqual([
      amd64,
      arm64,
    ]);
    // A configuration for each, and the two layers once.
    expect(rebuilt.blobs).toHaveLength(4);
  });

  test('has the images that an index lists as artifacts of the type of their configuration', async () => {
    const index = await makeCatalogIndex([{ layers, platform: amd64 }]);
    const { manifests, ...rest } = decode(index.manifest);
    const artifactType = 'application/vnd.docker.container.image.v1+json';
    const listed = manifests.map((one: Descriptor) => ({ ...one, artifactType }));
    const raw = Buffer.from(JSON.stringify({ ...rest, manifests: listed }));
    const rebuilt = await rebuild(serveCatalog({ ...index, manifest: parseManifest(raw) }));
    expect(rebuilt.manifests).toHaveLength(1);
  });

  test('is made of the platforms that an archive has', async () => {
    const index = await makeCatalogIndex([amd64, arm64].map((platform) => ({ layers, platform })));
    const served = serveCatalog({ ...index, children: index.children.slice(0, 1) });
    const { instances } = await readCatalogImage(served.digest, served, 'skipped');
    expect(instances.map(({ platform }) => platform)).toEqual([amd64]);
    await expect(readCatalogImage(served.digest, served)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  test("is a Docker list of Docker's images", async () => {
    const served = serveCatalog(await makeCatalogImage({ layers, isDocker: true }));
    const { index, manifests } = await rebuild(served);
    expect(index.descriptor.mediaType).toBe(mediaTypes.dockerIndex);
    expect(manifests[0]?.descriptor.mediaType).toBe(mediaTypes.dockerManifest);
    expect(manifests[0]?.layers.at(-1)?.mediaType).toBe(mediaTypes.dockerLayerGzip);
  });

  test.each(['..', '.', 'a/b', '.wh.x', 'a\\b'])('has no package called %j', async (name) => {
    const served = serveCatalog(await makeCatalogImage({ layers }));
    await expect(rebuild(served, [{ name, texts: [] }])).rejects.toMatchObject({
      code: 'CATALOG_INVALID',
    });
  });

  test('comes as far as its packages can be read', async () => {
    const served = serveCatalog(await makeCatalogImage({ layers }));
    const image = await readCatalogImage(served.digest, served);
    const failing = (async function* (): AsyncGenerator<PackageTexts> {
      yield { name: 'foo', texts: ['{}'] };
      throw new Error('no more');
    })();
    await expect(rebuildCatalog(image, failing, tempDirectory())).rejects.toThrow('no more');
  });

  test('is refused for an image that describes other layers than it has', async () => {
    const image = await makeCatalogImage({ layers });
    const served = serveCatalog(image);
    const read = await readCatalogImage(served.digest, served);
    const [instance] = read.instances;
    if (!instance) throw new Error('no instance');
    const wrong = { ...instance, config: { ...instance.config, rootfs: { diff_ids: [] } } };
    const broken = { ...read, instances: [wrong] };
    await expect(rebuildCatalog(broken, texts, tempDirectory())).rejects.toThrow('describes 0');
  });
});

describe('a catalog that was rebuilt before', () => {
  async function twice() {
    const served = serveCatalog(await makeCatalogImage({ layers }));
    const image = await readCatalogImage(served.digest, served);
    const options = { directory: tempDirectory(), log: silentLogger };
    const catalog = await openCatalog(image, served, options);
    let made = 0;
    const packages = () => {
      made += 1;
      return texts;
    };
    const again = async (key = 'abc') => await rebuildCached(image, catalog, { key, packages });
    return {
      first: await again(),
      again,
      layers: join(catalog.directory, 'layers'),
      made: () => made,
    };
  }

  async function contentOf({ blobs, ...rest }: MadeImage) {
    const contents: unknown[] = [];
    for (const { descriptor, open } of blobs) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of await open()) chunks.push(chunk);
      contents.push([descriptor, digestOf(Buffer.concat(chunks))]);
    }
    return { ...rest, contents };
  }

  test('is the same and costs nothing', async () => {
    const { first, again, made } = await twice();
    expect(await contentOf(await again())).toEqual(await contentOf(first));
    expect(made()).toBe(1);
  });

  test('is made again for another choice', async () => {
    const { again, made } = await twice();
    await again('def');
    expect(made()).toBe(2);
  });

  test('is made again when one of its layers is not whole', async () => {
    const { first, again, layers: directory, made } = await twice();
    for (const name of readdirSync(directory)) writeFileSync(join(directory, name), 'other');
    expect(await contentOf(await again())).toEqual(await contentOf(first));
    rmSync(directory, { recursive: true });
    expect(await contentOf(await again())).toEqual(await contentOf(first));
    expect(made()).toBe(3);
  });
});
