import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createFakeRegistry,
  type FakeRegistry,
  type ServedRegistry,
  serve,
} from '../../src/fake-registry/index.ts';
import { connect, type Registries, type RegistryRules } from '../../src/registry/index.ts';
import { makeBlob, makeImage, pushTo, seededBytes } from '../support/images.ts';
import { bytesOf, sourceOf, wireOptions } from '../support/wire.ts';

const image = makeImage({ seed: 'endpoint' });
const { digest } = image.manifest.descriptor;

describe('mirrors that registries.conf names', () => {
  let mirror: FakeRegistry;
  let origin: FakeRegistry;
  let mirrorServer: ServedRegistry;
  let originServer: ServedRegistry;
  let registries: Registries;

  beforeEach(async () => {
    [mirror, origin] = [createFakeRegistry(), createFakeRegistry()];
    [mirrorServer, originServer] = [await serve(mirror), await serve(origin)];
    const rules: RegistryRules = {
      endpoints: (registry, repository) => [
        { registry: mirrorServer.host, repository: `cache/${repository}`, insecure: true },
        { registry, repository, insecure: false },
      ],
    };
    registries = connect(wireOptions({ rules }));
    pushTo(origin.store, 'app', 'v1', image);
  });
  afterEach(async () => {
    await registries.close();
    await originServer.close();
    if (mirrorServer) await mirrorServer.close().catch(() => {});
  });
  const open = () => registries.repository(originServer.host, 'app');

  it('are read first, under their own name', async () => {
    pushTo(mirror.store, 'cache/app', 'v1', image);
    expect((await open().manifests.fetch(digest))?.raw).toEqual(image.manifest.raw);
    for (const { descriptor, bytes } of image.blobs) {
      const read = await bytesOf(await open().blobs.fetch(descriptor));
      expect(Buffer.compare(read, bytes)).toBe(0);
    }
    expect(origin.log.entries).toEqual([]);
  });

  it('pass on what they do not have', async () => {
    expect(await open().manifests.resolve('v1')).toEqual(image.manifest.descriptor);
    const [config] = image.blobs;
    if (config)
      expect(await bytesOf(await open().blobs.fetch(config.descriptor))).toHaveLength(
        config.bytes.byteLength,
      );
    expect(await open().manifests.resolve('none')).toBeUndefined();
  });

  it('pass on when they refuse', async () => {
    mirror.faults.add({ path: /cache/, status: 403 });
    expect(await open().manifests.resolve('v1')).toEqual(image.manifest.descriptor);
  });

  it('are left out for the rest of the run when nobody is there', async () => {
    await mirrorServer.close();
    for (let time = 0; time < 3; time += 1) await open().manifests.resolve('v1');
    expect(registries.traffic().retries).toBe(1);
  });

  it('are not written to, and do not stand for the list of tags', async () => {
    const { descriptor, bytes } = makeBlob(seededBytes('write', 10));
    await open().blobs.push(descriptor, sourceOf(bytes));
    expect(await open().tags.list()).toEqual(['v1']);
    expect(mirror.log.entries).toEqual([]);
  });

  it('leave it to the registry itself to say that a blob is missing', async () => {
    const { descriptor } = makeBlob(seededBytes('missing', 10));
    const missing = open().blobs.fetch(descriptor);
    await expect(missing).rejects.toMatchObject({
      code: 'NOT_FOUND',
      url: expect.stringContaining(originServer.host),
    });
    expect(await open().blobs.exists(descriptor.digest)).toBe(false);
  });
});
