import { describe, expect, it } from 'vitest';
import { type Digest, digestOf, mediaTypes, parseManifest } from '../../src/oci/index.ts';
import { makeBlob, makeImage, seededBytes } from '../support/images.ts';
import { change, imagesConfig } from '../support/lab.ts';
import { repositoryOf } from './hands.ts';
import {
  digestOfImage,
  type ImageLab,
  makeImageLab,
  mirrorAll,
  publish,
  pullTarget,
} from './image-lab.ts';

/** How often the source was asked for a blob. */
function fetchesOf({ from }: ImageLab, blob: Digest): number {
  return from.log.entries.filter(
    ({ method, path }) => method === 'GET' && path.endsWith(`/blobs/${blob}`),
  ).length;
}

describe('an additional image', () => {
  it('lies where targetRepo and targetTag say', async () => {
    const lab = await makeImageLab();
    const image = makeImage({ seed: 'app' });
    const name = await publish(lab, 'team/app', image, 'v1');
    const file = imagesConfig([
      `${name}:v1`,
      `${name}:v1\n      targetRepo: else/where`,
      `${name}:v1\n      targetTag: stable`,
      `${name}@${digestOfImage(image)}`,
      `${name}:v2@${digestOfImage(image)}`,
    ]);
    const places = await mirrorAll(lab, file);
    const hex = digestOfImage(image).slice('sha256:'.length);
    expect(places).toEqual([
      'else/where:v1',
      `team/app:sha256-${hex}`,
      'team/app:stable',
      'team/app:v1',
      'team/app:v2',
    ]);
    for (const place of places) {
      const [repository = '', tag = ''] = place.split(':');
      expect(await pullTarget(lab, repository, tag)).toBe(digestOfImage(image));
    }
  });

  it('follows its tag upstream; what the tag named before goes', async () => {
    const lab = await makeImageLab();
    const [first, second] = [makeImage({ seed: 'first' }), makeImage({ seed: 'second' })];
    const name = await publish(lab, 'team/app', first, 'latest');
    const file = imagesConfig([`${name}:latest`]);
    await mirrorAll(lab, file);
    await publish(lab, 'team/app', second, 'latest');
    const { plan } = await lab.plan(change([file], [file]));
    expect(plan?.changes).toMatchObject([
      { action: 'delete', reason: 'replaced', digest: digestOfImage(first) },
      { action: 'retag', digest: digestOfImage(second), previous: digestOfImage(first) },
    ]);
    await mirrorAll(lab, file);
    expect(await pullTarget(lab, 'team/app', 'latest')).toBe(digestOfImage(second));
    const { manifests } = repositoryOf(lab, lab.target, 'team/app');
    expect(await manifests.resolve(digestOfImage(first))).toBeUndefined();
  });

  it('that loses one of its two tags loses only the tag', async () => {
    const lab = await makeImageLab();
    const image = makeImage({ seed: 'app' });
    const name = await publish(lab, 'team/app', image, 'v1');
    const two = imagesConfig([`${name}:v1`, `${name}:v1\n      targetTag: stable`]);
    const one = imagesConfig([`${name}:v1\n      targetTag: stable`]);
    await mirrorAll(lab, two);
    const { planned, applied } = await lab.apply(change([two], [one]));
    expect(planned.plan?.totals).toMatchObject({ untag: 1, delete: 0, keep: 1 });
    expect(applied?.result.status).toBe('applied');
    expect(await repositoryOf(lab, lab.target, 'team/app').tags.list()).toEqual(['stable']);
    expect(await pullTarget(lab, 'team/app', digestOfImage(image))).toBe(digestOfImage(image));
  });

  it('moves a blob that two repositories share over the wire once', async () => {
    const lab = await makeImageLab();
    const image = makeImage({ seed: 'shared', layers: [5000] });
    const one = await publish(lab, 'team/one', image, 'v1');
    const two = await publish(lab, 'team/two', image, 'v1');
    await mirrorAll(lab, imagesConfig([`${one}:v1`, `${two}:v1`]));
    for (const { descriptor } of image.blobs) expect(fetchesOf(lab, descriptor.digest)).toBe(1);
    expect(await pullTarget(lab, 'team/one', 'v1')).toBe(digestOfImage(image));
    expect(await pullTarget(lab, 'team/two', 'v1')).toBe(digestOfImage(image));
  });

  it('comes with layers and configuration of whatever type', async () => {
    const lab = await makeImageLab();
    const parts = ['config', 'model', 'notes'].map((part) =>
      makeBlob(seededBytes(part, 300), `application/vnd.example.${part}+json`),
    );
    const [config, ...layers] = parts.map(({ descriptor }) => descriptor);
    const raw = JSON.stringify({
      schemaVersion: 2,
      mediaType: mediaTypes.ociManifest,
      artifactType: 'application/vnd.example',
      config,
      layers,
      annotations: { 'org.example/a': 'b' },
    });
    const manifest = parseManifest(new TextEncoder().encode(raw));
    const artifact = { manifest, blobs: parts, children: [] };
    const name = await publish(lab, 'team/artifact', artifact, 'v1');
    await mirrorAll(lab, imagesConfig([`${name}:v1`]));
    expect(await pullTarget(lab, 'team/artifact', 'v1')).toBe(digestOfImage(artifact));
  });

  it('comes with blobs that are named by sha512', async () => {
    const lab = await makeImageLab();
    const config = makeBlob(new TextEncoder().encode('{}'), mediaTypes.ociConfig, 'sha512');
    const layer = makeBlob(seededBytes('strong', 900), mediaTypes.ociLayerGzip, 'sha512');
    const raw = JSON.stringify({
      schemaVersion: 2,
      mediaType: mediaTypes.ociManifest,
      config: config.descriptor,
      layers: [layer.descriptor],
    });
    const manifest = parseManifest(new TextEncoder().encode(raw));
    const image = { manifest, blobs: [config, layer], children: [] };
    const name = await publish(lab, 'team/strong', image, 'v1');
    await mirrorAll(lab, imagesConfig([`${name}:v1`]));
    expect(await pullTarget(lab, 'team/strong', 'v1')).toBe(digestOfImage(image));
  });

  it('leaves its foreign layers where they are', async () => {
    const lab = await makeImageLab();
    const { blobs } = makeImage({ seed: 'windows' });
    const [config, own] = blobs;
    const bytes = seededBytes('licensed', 2000);
    const foreign = {
      mediaType: 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip',
      digest: digestOf(bytes),
      size: bytes.byteLength,
      urls: ['https://licensed.example/layer'],
    };
    const raw = JSON.stringify({
      schemaVersion: 2,
      mediaType: mediaTypes.dockerManifest,
      config: {
        ...config?.descriptor,
        mediaType: 'application/vnd.docker.container.image.v1+json',
      },
      layers: [foreign, own?.descriptor],
    });
    const manifest = parseManifest(new TextEncoder().encode(raw));
    const name = await publish(
      lab,
      'team/windows',
      { manifest, blobs: blobs.slice(0, 2), children: [] },
      'v1',
    );
    await mirrorAll(lab, imagesConfig([`${name}:v1`]));
    const mirrored = await repositoryOf(lab, lab.target, 'team/windows').manifests.fetch('v1');
    expect(mirrored?.raw).toEqual(manifest.raw);
    expect(lab.to.store.get('team/windows')?.blobs.has(foreign.digest)).toBe(false);
    expect(fetchesOf(lab, foreign.digest)).toBe(0);
  });
});
