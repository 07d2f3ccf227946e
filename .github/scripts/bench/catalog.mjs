// A catalog as large as those of the field, made up: how long it takes to know what an image set asks of it.

import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createGzip } from 'node:zlib';
import { pack } from 'tar-stream';
import { generateCatalog } from '../../../__tests__/support/generate-catalog.ts';
import { content, makeImage, noise } from '../../../src/fake-upstream/index.ts';
import { plainSink } from './plain-sink.mjs';
import { imageSet } from './world.mjs';

const packages = 300;
const bundles = 20;
const platform = { os: 'linux', architecture: 'amd64' };
const layerType = 'application/vnd.oci.image.layer.v1.tar+gzip';

/** Puts a small image on the source for every package and role; all versions of a package share them. */
async function putImages(host) {
  const sink = plainSink(host);
  const references = new Map();
  for (let index = 0; index < packages; index += 1) {
    const name = `operator-${String(index).padStart(4, '0')}`;
    for (const role of ['bundle', 'operand']) {
      const seed = `${name} ${role}`;
      const image = makeImage([content(layerType, () => noise(seed, 200))], platform);
      for (const blob of image.blobs) await sink.putBlob(`acme/${role}`, blob);
      await sink.putManifest(`acme/${role}`, image.manifest);
      references.set(seed, `${host}/acme/${role}@${image.manifest.descriptor.digest}`);
    }
  }
  return (need) => references.get(`${need.package} ${need.role}`);
}

/** Packs the files one after the other, so that only the packed layer is held. */
async function packCatalog(shape) {
  const tar = pack();
  const plain = createHash('sha256');
  tar.on('data', (chunk) => plain.update(chunk));
  const packed = tar.pipe(createGzip({ level: 6 }));
  const chunks = [];
  packed.on('data', (chunk) => chunks.push(chunk));
  const ended = new Promise((resolve, reject) => packed.once('end', resolve).once('error', reject));
  for (const [path, text] of generateCatalog(shape)) {
    await new Promise((resolve, reject) =>
      tar.entry({ name: `configs/${path}`, mtime: new Date(0) }, text, (error) =>
        error ? reject(error) : resolve(),
      ),
    );
  }
  tar.finalize();
  await ended;
  return { layer: Buffer.concat(chunks), diffId: `sha256:${plain.digest('hex')}` };
}

/** Puts the catalog on the source: `acme/index:v1`. */
async function putCatalog(host, bytes) {
  const bundleBytes = Math.round(bytes / (packages * bundles));
  const shape = { packages, bundles, bundleBytes, imageOf: await putImages(host) };
  const { layer, diffId } = await packCatalog(shape);
  const sink = plainSink(host);
  const put = async (mediaType, value) => {
    const raw = Buffer.isBuffer(value) ? value : Buffer.from(JSON.stringify(value));
    const digest = `sha256:${createHash('sha256').update(raw).digest('hex')}`;
    const descriptor = { mediaType, digest, size: raw.length };
    await sink.putBlob('acme/index', { descriptor, bytes: () => raw });
    return descriptor;
  };
  const config = await put('application/vnd.oci.image.config.v1+json', {
    ...platform,
    config: { Labels: { 'operators.operatorframework.io.index.configs.v1': '/configs' } },
    rootfs: { type: 'layers', diff_ids: [diffId] },
  });
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const layers = [await put(layerType, layer)];
  const raw = JSON.stringify({ schemaVersion: 2, mediaType, config, layers });
  await sink.putManifest('acme/index', { descriptor: { mediaType }, raw }, 'v1');
}

/** Nothing is known of the catalog; then it lies in the workspace. */
export async function catalog(lab, tools) {
  const { source, options } = lab;
  await source.start();
  await putCatalog(source.host, options.catalogBytes);
  await source.stop();
  mkdirSync(lab.path('catalog'), { recursive: true });
  const path = join(lab.path('catalog'), 'heads.yaml');
  writeFileSync(path, imageSet({ operators: [{ catalog: `${source.host}/acme/index:v1` }] }));
  for (let round = 0; round < options.rounds; round += 1) {
    for (const tool of tools.filter((one) => 'look' in one)) {
      const job = { imageSet: path, target: lab.target.host, workspace: lab.workspace(), env: {} };
      await lab.open({}, async () => {
        await lab.run('catalog', tool, tool.look(job));
        await lab.run('catalog again', tool, tool.look(job));
      });
    }
  }
}
