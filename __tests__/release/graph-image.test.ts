import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { makeGraphData } from '../../src/fake-upstream/index.ts';
import { openMade, readImage } from '../../src/image/index.ts';
import {
  fetchGraphData,
  graphBaseRole,
  graphDataAddress,
  makeGraphImage,
  readGraphData,
  recallGraphImage,
} from '../../src/release/index.ts';
import { serveCatalog } from '../support/catalog.ts';
import { rawEntry, tarEnd } from '../support/tar.ts';
import { tempDirectory } from '../support/temp-directory.ts';
import { memoryWorkspace } from '../support/upstream.ts';

const files = { version: '1.2.0\n', 'channels/stable-4.16.yaml': 'name: stable-4.16\n' };

/** Packs files as another server might: with a time, an owner, and in an order of its own. */
async function packAs(names: readonly (keyof typeof files)[], mtime: Date): Promise<Uint8Array> {
  const tar = pack();
  for (const name of names)
    tar.entry({ name: `./${name}`, mtime, uid: 1000, mode: 0o600 }, files[name]);
  tar.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of tar) chunks.push(chunk as Uint8Array);
  return gzipSync(Buffer.concat(chunks));
}

async function make(archive: Uint8Array) {
  const { base } = await makeGraphData(files);
  const served = serveCatalog(base);
  const store = { workspace: memoryWorkspace(), directory: tempDirectory() };
  const image = await readImage(served.digest, served, graphBaseRole);
  const made = await makeGraphImage(await readGraphData(archive), image, store);
  return { made, served, store, repository: openMade(made, served.repository) };
}

describe('the graph image', () => {
  it('is the same whenever and wherever the same data were packed', async () => {
    const [one, other] = await Promise.all([
      make(await packAs(['version', 'channels/stable-4.16.yaml'], new Date(0))),
      make(await packAs(['channels/stable-4.16.yaml', 'version'], new Date(1e12))),
    ]);
    expect(one.made.index.descriptor).toEqual(other.made.index.descriptor);
  });

  it('has one layer with the data for all platforms of its base, and the command that copies them', async () => {
    const { archive } = await makeGraphData(files);
    const { made, served, repository } = await make(archive);
    const source = { repository, cache: served.cache };
    const { instances } = await readImage(made.index.descriptor.digest, source, graphBaseRole);
    expect(instances.map(({ platform }) => platform?.architecture)).toEqual(['amd64', 'arm64']);
    const layers = instances.map(({ manifest }) => manifest.layers.at(-1));
    expect(new Set(layers.map((layer) => layer?.digest)).size).toBe(1);
    expect(instances[0]?.config).toMatchObject({
      config: {
        Cmd: [
          '/bin/bash',
          '-c',
          'exec cp -rp /var/lib/cincinnati-graph-data/* /var/lib/cincinnati/graph-data',
        ],
      },
    });
    const [layer] = layers;
    const chunks: Uint8Array[] = [];
    for await (const chunk of layer ? await repository.blobs.fetch(layer) : []) chunks.push(chunk);
    const tar = gunzipSync(Buffer.concat(chunks)).toString('latin1');
    expect(tar).toContain('var/lib/cincinnati-graph-data/channels/stable-4.16.yaml');
    expect(tar).toContain('name: stable-4.16\n');
  });

  it('leaves no more than a few of its forerunners behind', async () => {
    const { base } = await makeGraphData(files);
    const served = serveCatalog(base);
    const store = { workspace: memoryWorkspace(), directory: tempDirectory() };
    const image = await readImage(served.digest, served, graphBaseRole);
    for (let day = 0; day < 20; day += 1) {
      const data = new Map([['channels/a', Buffer.from(`day ${day}`)]]);
      await makeGraphImage(data, image, store);
    }
    expect(readdirSync(join(store.directory, 'graph-image'))).toHaveLength(16);
  });

  it('is found again by its digest, unless its layer was damaged', async () => {
    const { archive } = await makeGraphData(files);
    const { made, store } = await make(archive);
    const { digest } = made.index.descriptor;
    expect((await recallGraphImage(digest, store))?.index.descriptor.digest).toBe(digest);
    const lost = { ...store, directory: tempDirectory() };
    expect(await recallGraphImage(digest, lost)).toBeUndefined();
  });
});

describe('the graph data', () => {
  it.each([
    [undefined, 'https://api.openshift.com/api/upgrades_info/graph-data'],
    [
      'https://updates.test/api/upgrades_info/v1/graph?x=1',
      'https://updates.test/api/upgrades_info/graph-data',
    ],
    ['http://updates.test/graph/', 'http://updates.test/graph-data'],
    ['http://updates.test', 'http://updates.test/graph-data'],
  ])('of the update service %s are at %s', (override, address) => {
    expect(graphDataAddress(override)).toBe(address);
  });

  it('are not taken from a page that says that there are none', async () => {
    const get = async () => ({ status: 404, body: new Uint8Array(), contentType: 'text/html' });
    await expect(fetchGraphData({ get, env: {} })).rejects.toThrow('unexpected HTTP status 404');
  });

  it.each([
    ['a page', gzipSync('<html>'), /cannot be unpacked/],
    ['other files', gzipSync(Buffer.concat([rawEntry({ name: 'a' }, 'b'), tarEnd])), /no channels/],
    [
      'a device',
      gzipSync(Buffer.concat([rawEntry({ name: 'channels/a', type: '3' }), tarEnd])),
      /no file, directory or symbolic link: channels\/a/,
    ],
    [
      'a huge file',
      gzipSync(Buffer.concat([rawEntry({ name: 'channels/a', size: 2 ** 30 }), tarEnd])),
      /more than 16 MiB/,
    ],
  ])('are refused when they are %s', async (_, archive, message) => {
    await expect(readGraphData(archive)).rejects.toThrow(message);
  });

  it('lead out of no directory', async () => {
    const tar = Buffer.concat([rawEntry({ name: '../../channels/a' }, 'x'), tarEnd]);
    expect([...(await readGraphData(tar)).keys()]).toEqual(['channels', 'channels/a']);
  });
});
