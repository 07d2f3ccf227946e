import { describe, expect, it } from 'vitest';
import { ensureRepository } from '../../src/fake-registry/index.ts';
import { isLost, walk } from '../../src/mirror/index.ts';
import { mediaTypes, parseManifest, successors } from '../../src/oci/index.ts';
import { makeBlob, makeImage, makeIndex, pushTo, type TestImage } from '../support/images.ts';
import { imagesConfig, makeLab } from '../support/lab.ts';
import { makeScene, type Scene } from './scene.ts';

const digestOf = (one: TestImage) => one.manifest.descriptor.digest;
const image = makeImage({ seed: 'app' });
const attestation = makeImage({ seed: 'provenance' });

/** Writes a manifest anew with some fields changed. */
function rewritten(one: TestImage, fields: (json: { layers: object[] }) => object): TestImage {
  const json = JSON.parse(new TextDecoder().decode(one.manifest.raw));
  const raw = new TextEncoder().encode(JSON.stringify({ ...json, ...fields(json) }));
  return { ...one, manifest: parseManifest(raw) };
}

/** An index of an image and its attestation, as BuildKit writes it. */
const attested = rewritten(makeIndex([image, attestation]), () => ({
  manifests: [
    { ...image.manifest.descriptor, platform: { os: 'linux', architecture: 'amd64' } },
    {
      ...attestation.manifest.descriptor,
      platform: { os: 'unknown', architecture: 'unknown' },
      annotations: {
        'vnd.docker.reference.type': 'attestation-manifest',
        'vnd.docker.reference.digest': digestOf(image),
      },
    },
  ],
}));

/** BuildKit's older cache: an index of layers. */
const layers = [1, 2].map((seed) => makeBlob(new Uint8Array([seed, 3]), mediaTypes.ociLayerGzip));
const config = makeBlob(new Uint8Array([123, 125]), mediaTypes.buildkitCacheConfig);
const cache: TestImage = {
  ...rewritten(makeIndex([]), () => ({
    manifests: [...layers, config].map(({ descriptor }) => descriptor),
  })),
  blobs: [...layers, config],
};

async function copied(scene: Scene, one: TestImage) {
  const [from, to] = [scene.from('app'), scene.to('app')];
  return await scene.copier.copy({ from, to, tag: 'v1', digest: digestOf(one) });
}

const at = ({ target }: Scene) => ensureRepository(target.store, 'app');

describe('an index whose attestation its source does not have', () => {
  async function withoutAttestation(sparseIndexes: 'accepted' | 'refused') {
    const scene = await makeScene({ sparseIndexes });
    pushTo(scene.source.store, 'app', 'v1', attested);
    ensureRepository(scene.source.store, 'app').manifests.delete(digestOf(attestation));
    return scene;
  }

  it('comes unchanged where the target takes it, and what is missing is named', async () => {
    const scene = await withoutAttestation('accepted');
    expect((await copied(scene, attested)).missing).toEqual([digestOf(attestation)]);
    expect([...at(scene).manifests.keys()]).toEqual([digestOf(image), digestOf(attested)]);
    expect(at(scene).tags.get('v1')).toBe(digestOf(attested));
  });

  it('is told of each tag that wants it', async () => {
    const scene = await withoutAttestation('accepted');
    await copied(scene, attested);
    expect((await copied(scene, attested)).missing).toEqual([digestOf(attestation)]);
  });

  it('fails by name where the target refuses it', async () => {
    const scene = await withoutAttestation('refused');
    await expect(copied(scene, attested)).rejects.toMatchObject({
      side: 'target',
      message: expect.stringContaining(`/app@${digestOf(attestation)}`),
      hint: expect.stringContaining('validation.manifests.indexes.platforms'),
    });
    expect(at(scene).tags.size).toBe(0);
  });

  it('is not taken for one that lacks an image', async () => {
    const scene = await makeScene({ sparseIndexes: 'accepted' });
    pushTo(scene.source.store, 'app', 'v1', attested);
    ensureRepository(scene.source.store, 'app').manifests.delete(digestOf(image));
    await expect(copied(scene, attested)).rejects.toMatchObject({ side: 'source' });
    expect(at(scene).tags.size).toBe(0);
  });
});

it('an index is whole without an attestation that nobody has, and not without an image', async () => {
  const lostOf = async (there: readonly TestImage[]) => {
    const read = async (digest: string) => there.find((one) => digestOf(one) === digest)?.manifest;
    const found = await walk(digestOf(attested), { read });
    return found.filter(isLost).map(({ digest }) => digest);
  };
  expect(await lostOf([attested, image, attestation])).toEqual([]);
  expect(await lostOf([attested, image])).toEqual([]);
  expect(await lostOf([attested, attestation])).toEqual([digestOf(image)]);
  expect(await lostOf([])).toEqual([digestOf(attested)]);
});

it("BuildKit's cache comes whole: what an index lists as layers are blobs", async () => {
  const scene = await makeScene();
  pushTo(scene.source.store, 'app', 'v1', cache);
  await copied(scene, cache);
  expect(at(scene).tags.get('v1')).toBe(digestOf(cache));
  expect([...at(scene).blobs.keys()].toSorted()).toEqual(
    cache.blobs.map(({ descriptor }) => descriptor.digest).toSorted(),
  );
});

describe('a layer of a non-distributable type', () => {
  const types = [
    mediaTypes.dockerForeignLayer,
    'application/vnd.oci.image.layer.nondistributable.v1.tar+gzip',
  ];

  it.each(types)('comes like any other without URLs: %s', async (mediaType) => {
    const own = rewritten(image, ({ layers: all }) => ({
      layers: all.map((layer) => ({ ...layer, mediaType })),
    }));
    const scene = await makeScene();
    pushTo(scene.source.store, 'app', 'v1', own);
    await copied(scene, own);
    expect(at(scene).blobs.size).toBe(image.blobs.length);
    expect(successors(own.manifest).blobs).toHaveLength(image.blobs.length);
  });

  it.each(types)('stays where its URLs lead: %s', async (mediaType) => {
    const foreign = rewritten(image, ({ layers: all }) => ({
      layers: all.map((layer) => ({ ...layer, mediaType, urls: ['https://else.test/l'] })),
    }));
    const scene = await makeScene();
    pushTo(scene.source.store, 'app', 'v1', foreign);
    await copied(scene, foreign);
    expect(at(scene).blobs.size).toBe(1);
  });
});

it('an apply says of an image which attestation it came without', async () => {
  const lab = await makeLab({ target: { sparseIndexes: 'accepted' } });
  const store = lab.source.fake?.store;
  if (!store) throw new Error('no registry of this process');
  pushTo(store, 'team/app', 'v1', attested);
  ensureRepository(store, 'team/app').manifests.delete(digestOf(attestation));
  const files = [imagesConfig([`${lab.source.host}/team/app:v1`])];
  const { notes, imageFailures } = await lab.mirror(files);
  expect(imageFailures).toEqual([]);
  expect(notes).toEqual([
    `team/app:v1: Its source lacks the attestation ${digestOf(attestation)}; the image was mirrored without it.`,
  ]);
  // The second run finds it whole.
  expect((await lab.mirror(files)).traffic.writes).toBe(0);
});
