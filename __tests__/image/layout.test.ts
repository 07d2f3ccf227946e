import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openCatalog, readCatalogImage } from '../../src/catalog/index.ts';
import { openLayout } from '../../src/image/index.ts';
import { silentLogger } from '../../src/log.ts';
import { type Digest, digestOf } from '../../src/oci/index.ts';
import { makeCatalogImage, memoryCache } from '../support/catalog.ts';
import { writeLayout } from '../support/image-layout.ts';
import { tempDirectory } from '../support/temp-directory.ts';

const pathOf = (digest: Digest) => `blobs/${digest.replace(':', '/')}`;

const anImage = async (name: string) =>
  await makeCatalogImage({
    layers: [[['configs/a.json', `{"schema":"olm.package","name":"${name}"}`]]],
  });

describe('an image layout', () => {
  test('is its one manifest', async () => {
    const image = await anImage('foo');
    const { root, repository } = await openLayout(writeLayout([image]));
    expect(root.descriptor).toEqual(image.manifest.descriptor);
    const source = { repository, cache: memoryCache() };
    const catalog = await openCatalog(
      await readCatalogImage(root.descriptor.digest, source),
      source,
      {
        directory: tempDirectory(),
        log: silentLogger,
      },
    );
    expect(catalog.packageNames).toEqual(['foo']);
  });

  test('of several manifests is one index of them', async () => {
    const images = [await anImage('foo'), await anImage('bar')];
    const { root, repository } = await openLayout(writeLayout(images));
    expect(root.kind === 'index' && root.manifests).toEqual(
      images.map(({ manifest }) => manifest.descriptor),
    );
    expect(await repository.manifests.fetch(root.descriptor.digest)).toBe(root);
    const source = { repository, cache: memoryCache() };
    expect((await readCatalogImage(root.descriptor.digest, source)).instances).toHaveLength(2);
  });

  test('is verified: a file with other content than its name says is refused', async () => {
    const image = await anImage('foo');
    const directory = writeLayout([image]);
    const { repository } = await openLayout(directory);
    const layer = image.manifest.kind === 'image' ? image.manifest.layers[0] : undefined;
    if (!layer) throw new Error('no layer');
    const path = join(directory, 'blobs', 'sha256', layer.digest.slice(7));
    writeFileSync(path, Buffer.alloc(layer.size));
    const read = async () => {
      for await (const _ of await repository.blobs.fetch(layer));
    };
    await expect(read()).rejects.toMatchObject({ code: 'DIGEST_MISMATCH' });
    const manifest = image.manifest.descriptor.digest;
    writeFileSync(join(directory, 'blobs', 'sha256', manifest.slice(7)), '{}');
    await expect(openLayout(directory)).rejects.toMatchObject({ code: 'DIGEST_MISMATCH' });
  });

  test('lacks what is not there, and takes nothing', async () => {
    const { repository } = await openLayout(writeLayout([await anImage('foo')]));
    const digest = digestOf(Buffer.from('x'));
    expect(await repository.manifests.resolve(digest)).toBeUndefined();
    expect(await repository.manifests.fetch('../../index.json')).toBeUndefined();
    expect(await repository.blobs.exists(digest)).toBe(false);
    await expect(repository.blobs.fetch({ digest, mediaType: 'x', size: 1 })).rejects.toMatchObject(
      { code: 'NOT_FOUND' },
    );
    await expect(repository.manifests.delete(digest)).rejects.toMatchObject({
      code: 'UNSUPPORTED',
    });
  });

  test.each([
    ['is not there', {}],
    ['lists nothing', { 'index.json': '{"schemaVersion":2,"manifests":[]}' }],
  ])('whose index %s is none', async (_, files) => {
    await expect(openLayout(tempDirectory(files))).rejects.toMatchObject({
      code: 'CATALOG_INVALID',
    });
  });

  test('is none where a device lies in the place of its index, and has no blob that is a device', async () => {
    const device = tempDirectory();
    symlinkSync('/dev/zero', join(device, 'index.json'));
    await expect(openLayout(device)).rejects.toThrow(/index\.json is no file/);
    const image = await anImage('foo');
    const { repository } = await openLayout(writeLayout([image]));
    const [blob] = image.blobs;
    const digest = digestOf(Buffer.from('device'));
    expect(blob && (await repository.blobs.exists(blob.descriptor.digest))).toBe(true);
    symlinkSync('/dev/zero', join(repository.registry.slice('oci://'.length), pathOf(digest)));
    expect(await repository.blobs.exists(digest)).toBe(false);
  });
});
