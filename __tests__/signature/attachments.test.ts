import { describe, expect, it, onTestFinished } from 'vitest';
import type { FakeSettings } from '../../src/fake-registry/index.ts';
import { type Descriptor, parseManifest, referrersTag } from '../../src/oci/index.ts';
import {
  cosignTags,
  createReferrersIndex,
  findAttachments,
  isSigned,
} from '../../src/signature/index.ts';
import { makeImage, makeIndex, pushTo, type TestImage } from '../support/images.ts';
import { wired } from '../support/wire.ts';

const image = makeImage({ seed: 'image' });
const { digest } = image.manifest.descriptor;
const bundleType = 'application/vnd.dev.sigstore.bundle.v0.3+json';

/** A referrer of an image, a bundle of cosign unless it is said otherwise. */
function referrerOf(subject: TestImage, seed: string, artifactType = bundleType): TestImage {
  return makeImage({ seed, subject: subject.manifest.descriptor, artifactType });
}

function listed({ manifest }: TestImage): Descriptor {
  const { descriptor, artifactType, annotations } = manifest;
  return {
    ...descriptor,
    ...(artifactType && { artifactType }),
    ...(annotations && { annotations }),
  };
}

/** A repository `app` with the image. */
async function start(settings: Partial<FakeSettings> = {}) {
  const wire = await wired(settings);
  onTestFinished(wire.close);
  pushTo(wire.fake.store, 'app', 'v1', image);
  const push = (tag: string, one: TestImage) => pushTo(wire.fake.store, 'app', tag, one);
  return { ...wire, push, app: wire.registries.repository(wire.host, 'app') };
}

describe('attachments of an image', () => {
  it('are none for an image that nobody signed, after four questions', async () => {
    const { app, fake } = await start();
    expect(await findAttachments(app, digest)).toEqual([]);
    expect(fake.log.entries.filter(({ path }) => path.startsWith('/v2/app/'))).toHaveLength(4);
  });

  it('are what the tags of cosign name', async () => {
    const { app, push } = await start();
    const signature = makeImage({ seed: 'signature' });
    const [tag = ''] = cosignTags(digest);
    push(tag, signature);
    const found = await findAttachments(app, digest);
    const { descriptor } = signature.manifest;
    expect(found).toEqual([{ subject: digest, tag, descriptor, form: 'cosign-tag' }]);
    expect(isSigned(digest, found)).toBe(true);
  });

  it('are the referrers that a registry lists, under an index that stands for the list', async () => {
    const { app, push } = await start();
    const bundle = referrerOf(image, 'bundle');
    push('any', bundle);
    const [found] = await findAttachments(app, digest);
    expect(found?.tag).toBe(referrersTag(digest));
    expect(found?.index?.manifests).toEqual([listed(bundle)]);
    expect(found?.descriptor).toEqual(found?.index?.descriptor);
  });

  it('are named by the index of the registry itself where it has one', async () => {
    const { app, push } = await start({ referrers: 'off' });
    const bundle = referrerOf(image, 'bundle');
    push('any', bundle);
    const raw = new TextEncoder().encode(
      JSON.stringify({ manifests: [listed(bundle)], schemaVersion: 2 }),
    );
    const manifest = parseManifest(raw);
    push(referrersTag(digest), { manifest, blobs: [], children: [bundle] });
    const [found, ...more] = await findAttachments(app, digest);
    expect(found?.descriptor).toEqual(manifest.descriptor);
    expect([found?.index, more]).toEqual([undefined, []]);
  });

  it('are not the images of an index that is named by its own digest', async () => {
    const { app, push } = await start({ referrers: 'off' });
    const index = makeIndex([image]);
    const { digest: named } = index.manifest.descriptor;
    push(referrersTag(named), index);
    expect(await findAttachments(app, named)).toEqual([]);
  });

  it('are referrers of referrers too', async () => {
    const { app, push } = await start();
    const attestation = referrerOf(image, 'attestation');
    const signature = referrerOf(attestation, 'signature');
    push('one', attestation);
    push('two', signature);
    const found = await findAttachments(app, digest);
    const subjects = found.map(({ subject }) => subject);
    expect(subjects).toEqual([digest, attestation.manifest.descriptor.digest]);
  });

  it('are not followed for ever', async () => {
    const { app, push } = await start();
    let last = image;
    for (let level = 0; level < 6; level += 1) {
      last = referrerOf(last, `level ${level}`);
      push(`level-${level}`, last);
    }
    await expect(findAttachments(app, digest)).rejects.toMatchObject({ code: 'TOO_LARGE' });
  });
});

describe('an image', () => {
  const attached = (referrer: Descriptor) => [
    {
      subject: digest,
      tag: referrersTag(digest),
      descriptor: createReferrersIndex([referrer]).descriptor,
      form: 'referrers' as const,
      referrers: [referrer],
    },
  ];

  it('is not signed by an attestation or an SBOM', () => {
    const predicate = { 'dev.sigstore.bundle.predicateType': 'https://slsa.dev/provenance/v1' };
    const provenance = { ...listed(referrerOf(image, 'one')), annotations: predicate };
    const sbom = listed(referrerOf(image, 'two', 'application/spdx+json'));
    expect(isSigned(digest, attached(provenance))).toBe(false);
    expect(isSigned(digest, attached(sbom))).toBe(false);
  });

  it('is signed by a bundle or by notation', () => {
    const notation = listed(referrerOf(image, 'three', 'application/vnd.cncf.notary.signature'));
    expect(isSigned(digest, attached(listed(referrerOf(image, 'one'))))).toBe(true);
    expect(isSigned(digest, attached(notation))).toBe(true);
  });
});

describe('an index of referrers', () => {
  it('is the same in whatever order they were listed', () => {
    const [one, two] = ['one', 'two'].map((seed) => listed(referrerOf(image, seed)));
    if (!one || !two) throw new Error('two referrers were made');
    expect(createReferrersIndex([one, two]).raw).toEqual(createReferrersIndex([two, one, two]).raw);
  });
});
