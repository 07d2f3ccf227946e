import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verify } from '../../src/run/index.ts';
import { cosignTags } from '../../src/signature/index.ts';
import { makeImage, makeIndex, pushTo, type TestImage } from '../support/images.ts';
import { change, imagesConfig, type Lab, makeLab } from '../support/lab.ts';
import {
  makeOperatorCatalog,
  operatorsConfig,
  publishCatalog,
  writeLayout,
} from '../support/operators.ts';
import { tempDirectory } from '../support/temp-directory.ts';
import { byKey, keys, signatureImage, signedLayer, statement } from '../support/trust-cases.ts';

const digestOf = ({ manifest }: TestImage) => manifest.descriptor.digest;

/** Signs an image of the source with a key, under a name of its own tag. */
function sign(lab: Lab, image: TestImage, key = keys.one): void {
  const text = statement(digestOf(image), `${lab.source.host}/team/app:any`);
  const store = lab.source.fake?.store;
  const [tag = ''] = cosignTags(digestOf(image));
  if (store) pushTo(store, 'team/app', tag, signatureImage([signedLayer(text, key)]));
}

async function start() {
  const lab = await makeLab({ upstream: { components: 1, channels: {} } });
  const parts = { amd: makeImage({ seed: 'amd' }), arm: makeImage({ seed: 'arm' }) };
  const images = {
    signed: makeImage({ seed: 'signed' }),
    unsigned: makeImage({ seed: 'unsigned' }),
    strange: makeImage({ seed: 'strange' }),
    multi: makeIndex([parts.amd, parts.arm]),
  };
  for (const [tag, image] of Object.entries(images)) {
    if (lab.source.fake) pushTo(lab.source.fake.store, 'team/app', tag, image);
  }
  sign(lab, images.signed);
  sign(lab, images.strange, keys.two);
  sign(lab, parts.amd);
  const scope = `${lab.source.host}/team`;
  const rule = byKey(keys.one);
  const text = JSON.stringify({
    default: [{ type: 'reject' }],
    transports: { docker: { [scope]: rule } },
  });
  const policy = join(tempDirectory({ 'policy.json': text }), 'policy.json');
  const places = tempDirectory();
  return { lab, parts, trust: { policy, registriesDirectory: places }, scope, places };
}

const files = (lab: Lab, ...names: readonly string[]) => [
  imagesConfig(names.map((name) => `${lab.source.host}/team/app:${name}`)),
];
const tagsOf = (lab: Lab) => [...(lab.target.fake?.store.get('team/app')?.tags.keys() ?? [])];

describe('a trust policy', () => {
  it('keeps out the images that it rejects, and no others; each finding names the rule', async () => {
    const { lab, trust, scope } = await start();
    const wanted = files(lab, 'signed', 'unsigned', 'strange');
    const { planned, applied } = await lab.apply(change([], wanted), { trust, signatures: 'skip' });
    expect(applied?.result.status).toBe('partial');
    expect(tagsOf(lab)).toEqual(['signed']);
    const rejected = planned.diagnostics.filter(({ code }) => code === 'policy-rejected');
    expect(rejected.map(({ text, detail }) => [text, detail])).toEqual([
      [`${lab.source.host}/team/app:unsigned`, expect.stringContaining('there is no signature')],
      [`${lab.source.host}/team/app:strange`, expect.stringContaining('no key of the policy')],
    ]);
    for (const { detail, at } of rejected) {
      expect(detail).toContain(`transports.docker["${scope}"][0] (sigstoreSigned)`);
      expect(at?.file).toBe('imageset-config.yaml');
    }
  });

  it('wants a signature of each image of an index, and none of the index', async () => {
    const { lab, parts, trust } = await start();
    const changes = { trust, signatures: 'skip' } as const;
    const first = await lab.apply(change([], files(lab, 'signed', 'multi')), changes);
    expect(first.planned.diagnostics.map(({ text }) => text)).toEqual([
      `${lab.source.host}/team/app:multi`,
    ]);
    sign(lab, parts.arm);
    await lab.apply(change([], files(lab, 'signed', 'multi')), changes);
    expect(tagsOf(lab).sort()).toEqual(['multi', 'signed']);
  });

  it('removes nothing that was mirrored before it was there', async () => {
    const { lab, trust } = await start();
    const wanted = files(lab, 'signed', 'unsigned');
    await lab.apply(change([], wanted));
    const { planned } = await lab.apply(change(wanted, wanted), {
      trust,
      signatures: 'skip',
    });
    expect(planned.plan?.totals).toMatchObject({ keep: 2, delete: 0 });
    expect(planned.diagnostics).toMatchObject([{ code: 'policy-rejected', severity: 'warning' }]);
  });

  it('does not count signatures where registries.d says that there are none', async () => {
    const { lab, trust, places } = await start();
    mkdirSync(places, { recursive: true });
    writeFileSync(
      join(places, 'a.yaml'),
      `docker:\n  "${lab.source.host}":\n    use-sigstore-attachments: false\n`,
    );
    const report = await lab.mirror(files(lab, 'signed'), { trust });
    expect(report.imageFailures).toMatchObject([{ kind: 'additional', isRejected: true }]);
  });

  it('stops the run where a file of registries.d cannot be read', async () => {
    const { lab, trust, places } = await start();
    mkdirSync(join(places, 'a.yaml'));
    const mirrored = lab.mirror(files(lab, 'signed'), { trust });
    await expect(mirrored).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });

  it.each([
    ['{"default": []}', 'at least one requirement'],
    ['{"default": [{"type": "reject"}], "default": [{"type": "reject"}]}', 'twice'],
    ['{"default": [{"type": "reject", "keypath": "x"}]}', '"keypath" is no known key'],
    ['{"transports": {}}', '"default" is missing'],
  ])('that reads %s stops the run before it asks a registry', async (text, message) => {
    const { lab, places } = await start();
    const policy = join(tempDirectory({ 'policy.json': text }), 'policy.json');
    const trust = { policy, registriesDirectory: places };
    await expect(lab.mirror(files(lab, 'signed'), { trust })).rejects.toThrow(message);
    expect(tagsOf(lab)).toEqual([]);
  });

  it('judges a filtered catalog by the catalog that it is made of', async () => {
    const lab = await makeLab({ upstream: { components: 1, channels: {} } });
    await publishCatalog(lab, 'acme/index:v1', [{ name: 'acm', versions: ['1.0.0'] }]);
    const catalog = `${lab.source.host}/acme/index`;
    const entry = `catalog: ${catalog}:v1\n      packages: [{name: acm}]`;
    const accepted = [{ type: 'insecureAcceptAnything' }];
    const text = JSON.stringify({
      default: [{ type: 'reject' }],
      transports: { docker: { [catalog]: accepted } },
    });
    const policy = join(tempDirectory({ 'policy.json': text }), 'policy.json');
    const trust = { policy, registriesDirectory: tempDirectory() };
    const none = join(tempDirectory({ 'p.json': '{"default": [{"type": "reject"}]}' }), 'p.json');
    const all = await lab.mirror([operatorsConfig([entry])], { trust: { ...trust, policy: none } });
    const origins = all.imageFailures.map(({ origin }) => origin.replace(/@.*$/, ''));
    expect(origins).toContain(catalog);
    const report = await lab.mirror([operatorsConfig([entry])], { trust });
    expect(report.counts).toEqual([{ kind: 'operator', collected: 3, copied: 1 }]);
    expect(report.imageFailures.every(({ isRejected }) => isRejected)).toBe(true);
  });

  it('judges a catalog on disk by the rules for its directory', async () => {
    const lab = await makeLab({ upstream: { components: 1, channels: {} } });
    const directory = join(tempDirectory(), 'catalogs', 'ours');
    await writeLayout(
      directory,
      await makeOperatorCatalog(lab, [{ name: 'acm', versions: ['1.0.0'] }]),
    );
    const config = operatorsConfig([`{catalog: "oci://${directory}", targetCatalog: ours}`]);
    const docker = { '': [{ type: 'insecureAcceptAnything' }] };
    const mirror = async (oci: Readonly<Record<string, unknown>>, prefix: string) => {
      const text = JSON.stringify({ default: [{ type: 'reject' }], transports: { docker, oci } });
      const policy = join(tempDirectory({ 'policy.json': text }), 'policy.json');
      const trust = { policy, registriesDirectory: tempDirectory() };
      const target = `${lab.target.host}/${prefix}`;
      const { imageFailures } = await lab.mirror([config], { trust, target });
      return imageFailures.map(({ origin }) => origin);
    };
    expect(await mirror({}, 'none')).toEqual([`oci://${directory}`]);
    expect(await mirror({ [directory]: docker[''] }, 'own')).toEqual([]);
    expect(await mirror({ [dirname(directory)]: docker[''] }, 'above')).toEqual([]);
  });

  it('lets a repair bring signatures back with the image that they belong to, and judges that image', async () => {
    const { lab, trust } = await start();
    const takesAll = JSON.stringify({ default: [{ type: 'insecureAcceptAnything' }] });
    const open = join(tempDirectory({ 'policy.json': takesAll }), 'policy.json');
    await lab.apply(change(undefined, files(lab, 'signed', 'strange')), {
      trust: { ...trust, policy: open },
    });
    const there = lab.target.fake?.store.get('team/app');
    const [ours = '', theirs = ''] = ['signed', 'strange'].map(
      (seed) => cosignTags(digestOf(makeImage({ seed })))[0] ?? '',
    );
    for (const tag of [ours, theirs]) there?.tags.delete(tag);
    const report = await verify(lab.settings({ trust }), () => {}, { repairs: true });
    expect(report).toMatchObject({ changed: 1, damaged: 2 });
    expect(report.imageFailures.map(({ origin }) => origin)).toEqual([`team/app:${theirs}`]);
    expect(tagsOf(lab)).toContain(ours);
  });
});
