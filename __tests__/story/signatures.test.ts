import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type Descriptor,
  type Digest,
  mediaTypes,
  parseManifest,
  referrersTag,
} from '../../src/oci/index.ts';
import * as run from '../../src/run/index.ts';
import { cosignTags, findAttachments } from '../../src/signature/index.ts';
import { makeBlob, makeImage, makeIndex, pushTo, type TestImage } from '../support/images.ts';
import { change, imagesConfig, type Lab, makeLab } from '../support/lab.ts';
import { tempDirectory } from '../support/temp-directory.ts';

const bundle = 'application/vnd.dev.sigstore.bundle.v0.3+json';
const none = { components: 1, channels: {} };

/** A lab with images at the source, `team/app:<name>`. */
async function start(names: readonly string[], options: Parameters<typeof makeLab>[0] = {}) {
  const lab = await makeLab({ upstream: none, ...options });
  const images = new Map(names.map((name) => [name, makeImage({ seed: name })]));
  for (const [name, image] of images) push(lab, name, image);
  return { lab, digestOf: (name: string) => digestIn(images.get(name)) };
}

function digestIn(image: TestImage | undefined): Digest {
  if (!image) throw new Error('the test has no such image');
  return image.manifest.descriptor.digest;
}

function push(
  lab: Lab,
  tag: string | undefined,
  image: TestImage,
  side: 'source' | 'target' = 'source',
) {
  const store = lab[side].fake?.store;
  if (store) pushTo(store, 'team/app', tag, image);
}

/** Signs a digest at the source as cosign 2 does. */
function sign(lab: Lab, digest: Digest, seed = 'signature'): TestImage {
  const signature = makeImage({ seed: `${seed} of ${digest}` });
  push(lab, cosignTags(digest)[0], signature);
  return signature;
}

/** Adds a signature in the target to those of an image. */
function countersign(lab: Lab, { manifest, blobs }: TestImage, subject: Digest) {
  const [tag = ''] = cosignTags(subject);
  const own = makeBlob(new TextEncoder().encode('countersigned'));
  const json: { layers: object[] } = JSON.parse(new TextDecoder().decode(manifest.raw));
  const more = JSON.stringify({ ...json, layers: [...json.layers, own.descriptor] });
  const both = parseManifest(new TextEncoder().encode(more), manifest.descriptor.mediaType);
  push(lab, tag, { manifest: both, blobs: [...blobs, own], children: [] }, 'target');
  return { tag, digest: both.descriptor.digest };
}

/** Attaches a referrer as cosign 3 does. */
function attach(lab: Lab, subject: Descriptor, seed: string, side: 'source' | 'target' = 'source') {
  const referrer = makeImage({ seed, subject, artifactType: bundle });
  push(lab, undefined, referrer, side);
  return referrer;
}

/** Makes a referrer that has no configuration, as tools for artifacts do. */
function artifactOf(subject: Descriptor): TestImage {
  const config = makeBlob(new TextEncoder().encode('{}'), mediaTypes.ociEmpty);
  const facts = { schemaVersion: 2, mediaType: mediaTypes.ociManifest, artifactType: bundle };
  const text = JSON.stringify({ ...facts, config: config.descriptor, layers: [], subject });
  const manifest = parseManifest(new TextEncoder().encode(text));
  return { manifest, blobs: [config], children: [] };
}

const files = (lab: Lab, ...names: readonly string[]) => [
  imagesConfig(names.map((name) => `${lab.source.host}/team/app:${name}`)),
];
const tagsOf = (lab: Lab) =>
  [...(lab.target.fake?.store.get('team/app')?.tags.keys() ?? [])].sort();
const app = (lab: Lab, side: 'source' | 'target' = 'target') =>
  lab.wire.repository(lab[side].host, 'team/app');

describe('signatures', () => {
  it('come with their image, are counted apart, and cost a second run no write', async () => {
    const { lab, digestOf } = await start(['one', 'two']);
    sign(lab, digestOf('one'));
    const [tag = ''] = cosignTags(digestOf('one'));
    const both = files(lab, 'one', 'two');
    const { applied, planned } = await lab.apply(change([], both));
    expect(applied?.result.status).toBe('applied');
    expect(planned.plan?.totals).toMatchObject({ mirror: 2, signatures: { mirror: 1 } });
    expect(tagsOf(lab)).toEqual(['one', tag, 'two']);
    // The log counts images.
    const counts = lab.events.flatMap((event) =>
      event.type === 'outcome' ? [`${event.index + 1} / ${event.total}`] : [],
    );
    expect(counts).toEqual(['1 / 2', '2 / 2']);
    expect((await run.history(lab.settings()))[0]?.counts).toMatchObject({ mirrored: 2 });
    const again = await lab.apply(change(both, both));
    expect(again.planned.plan?.totals).toMatchObject({ keep: 2, signatures: { keep: 1 } });
    expect(again.applied?.result.outcomes).toEqual([]);
  });

  it('are looked up again after an hour where they are missing, and others after a day', async () => {
    const { lab, digestOf } = await start(['one', 'two']);
    sign(lab, digestOf('one'));
    const both = files(lab, 'one', 'two');
    const began = lab.settings().clock.now();
    const askedAt = async (hours: number) => {
      lab.source.fake?.log.clear();
      const clock = { ...lab.settings().clock, now: () => began + hours * 3_600_000 };
      await lab.apply(change(both, both), { clock });
      const hex = (name: string) => digestOf(name).slice('sha256:'.length);
      const paths = lab.source.fake?.log.entries.map(({ path }) => path) ?? [];
      return ['one', 'two'].filter((name) =>
        paths.some((path) => path.endsWith(`sha256-${hex(name)}.sig`)),
      );
    };
    expect(await askedAt(0)).toEqual(['one', 'two']);
    expect(await askedAt(0.5)).toEqual([]);
    expect(await askedAt(1)).toEqual(['two']);
    expect(await askedAt(24)).toEqual(['one', 'two']);
  });

  it('are missed in one notice at the line of an image, and no failure', async () => {
    const { lab, digestOf } = await start(['one', 'two', 'three']);
    sign(lab, digestOf('two'));
    const { planned, applied } = await lab.apply(change([], files(lab, 'one', 'two', 'three')));
    const { host } = lab.source;
    expect(planned.diagnostics).toEqual([
      expect.objectContaining({
        severity: 'notice',
        code: 'signatures-missing',
        summary: `1 of 3 images from ${host} are signed.`,
        detail: expect.stringContaining(
          `Not signed: ${host}/team/app:one, ${host}/team/app:three.`,
        ),
        at: { file: 'imageset-config.yaml', line: 5, column: 7 },
      }),
    ]);
    expect(applied?.result.status).toBe('applied');
  });

  it('go with their image and with no other', async () => {
    const { lab, digestOf } = await start(['one', 'two']);
    for (const name of ['one', 'two']) sign(lab, digestOf(name));
    const both = files(lab, 'one', 'two');
    await lab.apply(change([], both));
    const { planned } = await lab.apply(change(both, files(lab, 'two')));
    expect(planned.plan?.totals).toMatchObject({ delete: 1, signatures: { delete: 1, keep: 1 } });
    expect(tagsOf(lab)).toEqual([cosignTags(digestOf('two'))[0], 'two']);
    const restored = await run.restore(lab.settings(), { undo: 'last' }, () => {});
    expect(restored).toMatchObject({ done: 1, total: 1, signatures: { done: 1, total: 1 } });
    expect(tagsOf(lab)).toContain(cosignTags(digestOf('one'))[0]);
    const [lost = ''] = cosignTags(digestOf('two'));
    lab.target.fake?.store.get('team/app')?.tags.delete(lost);
    const checked = await run.verify(lab.settings(), () => {});
    expect(checked).toMatchObject({ done: 2, total: 2, signatures: { done: 1, total: 2 } });
    expect(checked.imageFailures).toHaveLength(1);
  });

  it('stay when the registry refuses to delete their image', async () => {
    const { lab, digestOf } = await start(['one', 'two']);
    sign(lab, digestOf('one'));
    const both = files(lab, 'one', 'two');
    await lab.apply(change([], both));
    const path = new RegExp(`/manifests/${digestOf('one')}$`);
    lab.target.fake?.faults.add({ method: 'DELETE', path, status: 403, times: 9 });
    const { applied } = await lab.apply(change(both, files(lab, 'two')));
    expect(applied?.result.outcomes.map(({ result }) => result).sort()).toEqual(['failed', 'held']);
    expect(tagsOf(lab)).toEqual(['one', cosignTags(digestOf('one'))[0], 'two']);
  });

  it('stay when the registry deletes no manifest and refuses to remove the tag of their image', async () => {
    const { lab, digestOf } = await start(['one', 'two'], { target: { digestDelete: 'off' } });
    sign(lab, digestOf('one'));
    const both = files(lab, 'one', 'two');
    await lab.apply(change([], both));
    const path = /\/manifests\/one$/;
    lab.target.fake?.faults.add({ method: 'DELETE', path, status: 403, times: 9 });
    const { applied } = await lab.apply(change(both, files(lab, 'two')));
    expect(applied?.result.outcomes.map(({ result }) => result).sort()).toEqual(['failed', 'held']);
    expect(tagsOf(lab)).toEqual(['one', cosignTags(digestOf('one'))[0], 'two']);
    lab.target.fake?.faults.clear();
    await lab.apply(change(both, files(lab, 'two')));
    expect(tagsOf(lab)).toEqual(['two']);
  });

  it('stay as long as another tag keeps their image', async () => {
    const { lab, digestOf } = await start(['one']);
    push(lab, 'same', makeImage({ seed: 'one' }));
    sign(lab, digestOf('one'));
    const both = files(lab, 'one', 'same');
    await lab.apply(change([], both));
    const { planned } = await lab.apply(change(both, files(lab, 'same')));
    expect(planned.plan?.totals).toMatchObject({ untag: 1, delete: 0, signatures: { keep: 1 } });
    expect(tagsOf(lab)).toEqual(['same', cosignTags(digestOf('one'))[0]]);
  });

  it('stay as long as a tag of somebody else keeps their image', async () => {
    const { lab, digestOf } = await start(['one', 'two']);
    sign(lab, digestOf('one'));
    const both = files(lab, 'one', 'two');
    await lab.apply(change([], both));
    push(lab, 'by-hand', makeImage({ seed: 'one' }), 'target');
    const { planned } = await lab.apply(change(both, files(lab, 'two')));
    const held = planned.plan?.changes.find(({ action }) => action === 'hold');
    expect(held).toMatchObject({ kind: 'signature', reason: 'subject-stays' });
    expect(tagsOf(lab)).toEqual(['by-hand', cosignTags(digestOf('one'))[0], 'two']);
  });

  it('stay although their source has lost them, until their image goes', async () => {
    const { lab, digestOf } = await start(['one', 'two']);
    sign(lab, digestOf('one'));
    const both = files(lab, 'one', 'two');
    await lab.apply(change([], both));
    const [tag = ''] = cosignTags(digestOf('one'));
    lab.source.fake?.store.get('team/app')?.tags.delete(tag);
    const { clock } = lab.settings();
    const tomorrow = { ...clock, now: () => clock.now() + 24 * 3_600_000 };
    const kept = await lab.apply(change(both, both), { clock: tomorrow });
    expect(kept.planned.plan?.totals.signatures).toMatchObject({ keep: 1 });
    await lab.apply(change(both, files(lab, 'two')));
    expect(tagsOf(lab)).toEqual(['two']);
  });

  it('are neither copied nor removed with signatures: skip', async () => {
    const { lab, digestOf } = await start(['one', 'two']);
    for (const name of ['one', 'two']) sign(lab, digestOf(name));
    const [first, second] = [files(lab, 'one'), files(lab, 'one', 'two')];
    await lab.apply(change([], first));
    const { planned } = await lab.apply(change(first, second), { signatures: 'skip' });
    expect(planned.diagnostics).toEqual([]);
    expect(tagsOf(lab)).toEqual(['one', cosignTags(digestOf('one'))[0], 'two']);
  });

  it('come from a mirror of their source that holds digests alone, where nothing else can be reached', async () => {
    const { lab, digestOf } = await start(['one', 'two']);
    sign(lab, digestOf('one'));
    const gone = '127.0.0.1:1';
    const conf = [
      ...[
        '[[registry]]',
        `location = "${gone}"`,
        'insecure = true',
        'mirror-by-digest-only = true',
      ],
      ...['[[registry.mirror]]', `location = "${lab.source.host}"`, 'insecure = true'],
    ];
    const registriesConf = join(
      tempDirectory({ 'registries.conf': conf.join('\n') }),
      'registries.conf',
    );
    const images = ['one', 'two'].map((name) => `${gone}/team/app@${digestOf(name)}`);
    const { planned, applied } = await lab.apply(change([], [imagesConfig(images)]), {
      registriesConf,
    });
    expect(applied?.result.status).toBe('applied');
    expect(planned.diagnostics.map(({ code }) => code)).toEqual(['signatures-missing']);
    expect(tagsOf(lab)).toContain(cosignTags(digestOf('one'))[0]);
  });

  it('that cannot be copied fail alone', async () => {
    const { lab, digestOf } = await start(['one']);
    const signature = sign(lab, digestOf('one'));
    const blobs = lab.source.fake?.store.get('team/app')?.blobs;
    for (const { descriptor } of signature.blobs) blobs?.delete(descriptor.digest);
    const report = await lab.mirror(files(lab, 'one'));
    expect(report.counts).toEqual([{ kind: 'additional', collected: 1, copied: 1 }]);
    expect(report.imageFailures).toMatchObject([
      { kind: 'additional', isAttached: true, side: 'source', at: { line: 5 } },
    ]);
    expect(tagsOf(lab)).toEqual(['one']);
  });

  it('of the images of an index come with it', async () => {
    const { lab } = await start([]);
    const children = ['amd64', 'arm64'].map((seed) => makeImage({ seed }));
    push(lab, 'multi', makeIndex(children));
    for (const child of children) sign(lab, digestIn(child));
    const { planned } = await lab.apply(change([], files(lab, 'multi')));
    expect(planned.diagnostics).toEqual([]);
    const tags = children.map((child) => cosignTags(digestIn(child))[0]);
    expect(tagsOf(lab)).toEqual(['multi', ...tags].sort());
  });

  it('of the images of an index come with it to two places, of which each wants another platform', async () => {
    const { lab } = await start([], { target: { sparseIndexes: 'accepted' } });
    const children = ['amd64', 'arm64'].map((seed) => makeImage({ seed, architecture: seed }));
    push(lab, 'multi', makeIndex(children));
    for (const child of children) sign(lab, digestIn(child));
    const name = `${lab.source.host}/team/app:multi`;
    const entries = ['amd64', 'arm64'].map(
      (one) =>
        `{name: "${name}", platforms: [{os: linux, architecture: ${one}}], targetRepo: ${one}}`,
    );
    const file = imagesConfig([]);
    const text = file.text.replace(/additionalImages:.*/s, `additionalImages: [${entries}]\n`);
    await lab.mirror([{ ...file, text }]);
    const tagsOf = (one: string) =>
      [...(lab.target.fake?.store.get(one)?.tags.keys() ?? [])].sort();
    expect(['amd64', 'arm64'].map(tagsOf)).toEqual(
      children.map((child) => ['multi', ...cosignTags(digestIn(child)).slice(0, 1)].sort()),
    );
  });

  it('go with an image whose removal was not reviewed at first', async () => {
    const { lab, digestOf } = await start(['one', 'two']);
    sign(lab, digestOf('one'));
    const both = files(lab, 'one', 'two');
    await lab.apply(change([], both));
    push(lab, 'one', makeImage({ seed: 'newer' }));
    await lab.apply(change(both, both), {}, async () => ({ require: 'deletes', reviewed: [] }));
    expect(tagsOf(lab)).toEqual(['one', cosignTags(digestOf('one'))[0], 'two']);
    await lab.apply(change(both, both));
    expect(tagsOf(lab)).toEqual(['one', 'two']);
  });

  it('go later where their image went and they could not', async () => {
    const { lab, digestOf } = await start(['one', 'two']);
    const signature = sign(lab, digestOf('one'));
    const both = files(lab, 'one', 'two');
    await lab.apply(change([], both));
    push(lab, 'one', makeImage({ seed: 'newer' }));
    const path = new RegExp(`/manifests/${digestIn(signature)}$`);
    lab.target.fake?.faults.add({ method: 'DELETE', path, status: 403, times: 9 });
    await lab.apply(change(both, both));
    expect(tagsOf(lab)).toEqual(['one', cosignTags(digestOf('one'))[0], 'two']);
    lab.target.fake?.faults.clear();
    const { planned } = await lab.apply(change(both, both));
    expect(planned.plan?.totals).toMatchObject({ delete: 0, signatures: { delete: 1 } });
    expect(tagsOf(lab)).toEqual(['one', 'two']);
  });

  it('stay with an image that lost its tag to a newer one where nothing was to be removed', async () => {
    const { lab, digestOf } = await start(['one', 'two']);
    sign(lab, digestOf('one'));
    const both = files(lab, 'one', 'two');
    await lab.mirror(both);
    push(lab, 'one', makeImage({ seed: 'newer' }));
    await lab.mirror(both);
    await lab.apply(change(both, both));
    expect(await app(lab).manifests.resolve(digestOf('one'))).toBeDefined();
    expect(tagsOf(lab)).toContain(cosignTags(digestOf('one'))[0]);
  });

  it('that others added in the target stay beside those of the source', async () => {
    const { lab, digestOf } = await start(['one', 'two']);
    const { tag, digest } = countersign(lab, sign(lab, digestOf('one')), digestOf('one'));
    const wanted = files(lab, 'one', 'two');
    const { planned } = await lab.apply(change([], wanted));
    expect(planned.plan?.totals.signatures).toMatchObject({ keep: 1, retag: 0 });
    expect((await app(lab).manifests.resolve(tag))?.digest).toBe(digest);
    const again = await lab.apply(change(wanted, wanted));
    expect(again.applied?.result.traffic.writes).toBe(0);
    await lab.apply(change(wanted, files(lab, 'two')));
    expect(tagsOf(lab)).toEqual(['two']);
  });

  it('that others added in the target after they were mirrored stay, too', async () => {
    const { lab, digestOf } = await start(['one', 'two', 'three']);
    const signature = sign(lab, digestOf('one'));
    const all = files(lab, 'one', 'two', 'three');
    await lab.apply(change([], all));
    const { tag, digest } = countersign(lab, signature, digestOf('one'));
    await lab.apply(change(all, files(lab, 'one', 'two')));
    expect((await app(lab).manifests.resolve(tag))?.digest).toBe(digest);
    expect(tagsOf(lab)).toEqual(['one', tag, 'two']);
  });

  it('that were made again replace the former ones', async () => {
    const { lab, digestOf } = await start(['one']);
    sign(lab, digestOf('one'));
    const one = files(lab, 'one');
    await lab.apply(change([], one));
    const newer = sign(lab, digestOf('one'), 'newer signature');
    const { clock } = lab.settings();
    const tomorrow = { ...clock, now: () => clock.now() + 24 * 3_600_000 };
    const { planned } = await lab.apply(change(one, one), { clock: tomorrow });
    expect(planned.plan?.totals.signatures).toMatchObject({ retag: 1, delete: 1 });
    const [tag = ''] = cosignTags(digestOf('one'));
    expect((await app(lab).manifests.resolve(tag))?.digest).toBe(digestIn(newer));
  });
});

describe('referrers', () => {
  it('come with their image and are found in a target without the API', async () => {
    const { lab, digestOf } = await start(['one'], { target: { referrers: 'off' } });
    const { descriptor } = makeImage({ seed: 'one' }).manifest;
    const attestation = attach(lab, descriptor, 'attestation');
    attach(lab, attestation.manifest.descriptor, 'signature of the attestation');
    const { planned } = await lab.apply(change([], files(lab, 'one')));
    expect(planned.plan?.totals).toMatchObject({ mirror: 1, signatures: { mirror: 2 } });
    const there = await findAttachments(app(lab), digestOf('one'));
    const found = await findAttachments(app(lab, 'source'), digestOf('one'));
    expect(there.map(({ descriptor }) => descriptor)).toEqual(
      found.map(({ descriptor }) => descriptor),
    );
    const again = await lab.apply(change(files(lab, 'one'), files(lab, 'one')));
    expect(again.applied?.result.outcomes).toEqual([]);
  });

  it('go with their image', async () => {
    const { lab, digestOf } = await start(['one', 'two']);
    attach(lab, makeImage({ seed: 'one' }).manifest.descriptor, 'attestation');
    const both = files(lab, 'one', 'two');
    await lab.apply(change([], both));
    expect(await app(lab).referrers.list(digestOf('one'))).toHaveLength(1);
    const { applied } = await lab.apply(change(both, files(lab, 'two')));
    expect(applied?.result.status).toBe('applied');
    expect(tagsOf(lab)).toEqual(['two']);
    expect(await app(lab).referrers.list(digestOf('one'))).toEqual([]);
  });

  it('that the registry does not take are left out with a note, and hinder nothing', async () => {
    const { lab, digestOf } = await start(['one', 'two'], { target: { artifacts: 'images' } });
    sign(lab, digestOf('one'));
    const subject = makeImage({ seed: 'one' }).manifest.descriptor;
    push(lab, undefined, artifactOf(subject));
    const both = files(lab, 'one', 'two');
    const { applied } = await lab.apply(change([], both));
    expect(applied?.result.status).toBe('applied');
    expect(applied?.result.notes).toEqual([
      expect.stringMatching(/^1 attachment of images could not be mirrored.*signatures: skip/),
    ]);
    expect(tagsOf(lab)).toEqual(['one', cosignTags(digestOf('one'))[0], 'two']);
    const removed = await lab.apply(change(both, files(lab, 'two')));
    expect(removed.applied?.result.status).toBe('applied');
    expect(tagsOf(lab)).toEqual(['two']);
  });

  it('that somebody attached in the target stay', async () => {
    const { lab, digestOf } = await start(['one'], { target: { referrers: 'off' } });
    const { descriptor } = makeImage({ seed: 'one' }).manifest;
    attach(lab, descriptor, 'first');
    const one = files(lab, 'one');
    await lab.apply(change([], one));
    const foreign = attach(lab, descriptor, 'foreign', 'target');
    push(lab, referrersTag(digestOf('one')), makeIndex([foreign]), 'target');
    const { planned } = await lab.apply(change(one, one));
    expect(planned.plan?.totals.signatures).toMatchObject({ retag: 1 });
    const listed = await app(lab).referrers.list(digestOf('one'));
    expect(listed.map(({ digest }) => digest)).toContain(digestIn(foreign));
    expect(listed).toHaveLength(2);
    const again = await lab.apply(change(one, one));
    expect(again.planned.plan?.totals.signatures).toMatchObject({ keep: 1, retag: 0 });
  });

  it('that only the API lists come with a plan file on another machine', async () => {
    const { lab } = await start(['one', 'two']);
    attach(lab, makeImage({ seed: 'one' }).manifest.descriptor, 'attestation');
    const both = files(lab, 'one', 'two');
    const planText = (await lab.plan(change([], both))).files.get('plan.json') ?? '';
    const request = { planText, approval: { require: 'none' }, files: both } as const;
    const elsewhere = lab.settings({ workspace: join(tempDirectory(), 'working-dir') });
    expect((await run.apply(elsewhere, request, () => {})).result.status).toBe('applied');
  });

  it('that only the API lists may be more by now than were reviewed', async () => {
    const { lab, digestOf } = await start(['one', 'two']);
    const subject = makeImage({ seed: 'one' }).manifest.descriptor;
    attach(lab, subject, 'attestation');
    const request = change([], files(lab, 'one', 'two'));
    const { plan } = await lab.plan(request);
    attach(lab, subject, 'another');
    const workspace = join(tempDirectory(), 'working-dir');
    const { applied } = await lab.apply(request, { workspace }, async () => ({
      require: 'deletes',
      reviewed: plan ? [{ digest: plan.digest, plan }] : [],
    }));
    expect(applied?.result.status).toBe('applied');
    expect(await app(lab).referrers.list(digestOf('one'))).toHaveLength(2);
  });

  it('of an image that is mirrored by its digest lie beside its tag', async () => {
    const { lab, digestOf } = await start(['one']);
    attach(lab, makeImage({ seed: 'one' }).manifest.descriptor, 'attestation');
    const byDigest = [imagesConfig([`${lab.source.host}/team/app@${digestOf('one')}`])];
    await lab.apply(change([], byDigest));
    const tag = referrersTag(digestOf('one'));
    expect(tagsOf(lab)).toEqual([tag, `${tag}.referrers`]);
    expect((await app(lab).manifests.resolve(tag))?.digest).toBe(digestOf('one'));
    expect(await app(lab).referrers.list(digestOf('one'))).toHaveLength(1);
  });

  it('leave the tag alone by which another tool mirrored their image', async () => {
    const { lab, digestOf } = await start(['one', 'two']);
    attach(lab, makeImage({ seed: 'one' }).manifest.descriptor, 'attestation');
    const tag = referrersTag(digestOf('one'));
    push(lab, tag, makeImage({ seed: 'one' }), 'target');
    const both = files(lab, 'one', 'two');
    await lab.apply(change([], both));
    expect((await app(lab).manifests.resolve(tag))?.digest).toBe(digestOf('one'));
    expect(tagsOf(lab)).toEqual(['one', tag, `${tag}.referrers`, 'two']);
    attach(lab, makeImage({ seed: 'one' }).manifest.descriptor, 'another');
    const { clock } = lab.settings();
    const tomorrow = { ...clock, now: () => clock.now() + 24 * 3_600_000 };
    const { planned } = await lab.apply(change(both, both), { clock: tomorrow });
    expect(planned.plan?.totals.signatures).toMatchObject({ retag: 1 });
    await lab.apply(change(both, files(lab, 'two')));
    expect((await app(lab).manifests.resolve(tag))?.digest).toBe(digestOf('one'));
  });

  it('make room for their image when it is mirrored by its digest as well', async () => {
    const { lab, digestOf } = await start(['one', 'two']);
    attach(lab, makeImage({ seed: 'one' }).manifest.descriptor, 'attestation');
    const { host } = lab.source;
    const both = files(lab, 'one', 'two');
    await lab.apply(change([], both));
    const byDigest = [
      imagesConfig([`${host}/team/app:two`, `${host}/team/app@${digestOf('one')}`]),
    ];
    await lab.apply(change(both, byDigest));
    const tag = referrersTag(digestOf('one'));
    expect((await app(lab).manifests.resolve(tag))?.digest).toBe(digestOf('one'));
    expect(tagsOf(lab)).toEqual([tag, `${tag}.referrers`, 'two']);
    await lab.apply(change(byDigest, files(lab, 'two')));
    expect(tagsOf(lab)).toEqual(['two']);
    expect(await app(lab).manifests.resolve(digestOf('one'))).toBeUndefined();
  });
});
