import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openCache } from '../../src/archive/index.ts';
import { serveUpstream } from '../../src/fake-upstream/index.ts';
import type { ConfigFile, MirrorReport, Settings } from '../../src/run/index.ts';
import * as run from '../../src/run/index.ts';
import { makeCatalogImage } from '../support/catalog.ts';
import { answerCharts, makeChart } from '../support/charts.ts';
import { makeImage, pushTo } from '../support/images.ts';
import { imagesConfig, type Lab, makeLab } from '../support/lab.ts';
import { publishCatalog, publishImage, type TestPackage } from '../support/operators.ts';

const packages: readonly TestPackage[] = [
  { name: 'acm', versions: ['1.0.0', '1.1.0'], shares: ['proxy'] },
  { name: 'kiali', versions: ['2.0.0'] },
];

/** Where one side of the gap keeps its files. */
interface Side {
  readonly directory: string;
  readonly cache: string;
}

function sideOf(lab: Lab, name: string): Side {
  const directory = join(dirname(lab.workspace), name);
  mkdirSync(directory, { recursive: true });
  return { directory, cache: join(directory, 'cache') };
}

const mirrorOnly: Partial<Settings> = {
  options: { prune: 'none', maxDelete: { count: 0 }, protect: [] },
};

async function toDisk(
  lab: Lab,
  file: ConfigFile,
  { directory, cache, ...more }: Side & Partial<Settings>,
): Promise<MirrorReport> {
  const workspace = join(directory, 'working-dir');
  const place = { target: 'localhost:55000', workspace };
  const settings = lab.settings({ ...mirrorOnly, ...place, ...more });
  const request = { directory, cache, stream: 'team-a', large: 'alone' } as const;
  return await run.mirror(
    settings,
    { files: [file], dryRun: 'no', destination: 'disk', toDisk: request },
    () => {},
  );
}

async function fromDisk(
  lab: Lab,
  file: ConfigFile,
  { directory, cache, ...more }: Side & Partial<Settings>,
): Promise<MirrorReport> {
  const workspace = join(directory, 'working-dir');
  const target = `${lab.target.host}/inside`;
  return await run.mirror(
    lab.settings({ ...mirrorOnly, target, workspace, ...more }),
    { files: [file], dryRun: 'no', destination: 'registry', fromDisk: { directory, cache } },
    () => {},
  );
}

/** Carries the files of an archive over the gap; everything else stays behind. */
function carry(from: Side, to: Side): void {
  for (const name of readdirSync(from.directory)) {
    if (name.endsWith('.tar')) renameSync(join(from.directory, name), join(to.directory, name));
  }
}

/** An image set of everything, and its source. */
async function setUp() {
  const graphData = { version: '1.2.0\n', 'channels/stable-4.16.yaml': 'name: stable-4.16\n' };
  const lab = await makeLab({ upstream: { graphData } });
  const registriesConf = join(dirname(lab.workspace), 'registries.conf');
  mkdirSync(dirname(registriesConf), { recursive: true });
  writeFileSync(
    registriesConf,
    `[[registry]]\nprefix = "registry.access.redhat.com"\nlocation = "${lab.source.host}"\ninsecure = true\n`,
  );
  const digest = await publishCatalog(lab, 'acme/index:v1', packages);
  const app = makeImage({ seed: 'app' });
  const store = lab.source.fake?.store;
  if (store) {
    pushTo(store, 'team/app', 'latest', app);
    pushTo(store, 'team/web', 'v1', makeImage({ seed: 'web' }));
    const { digest: signed } = app.manifest.descriptor;
    pushTo(store, 'team/app', `${signed.replace(':', '-')}.sig`, makeImage({ seed: 'signature' }));
    const ofCatalog = `${digest.replace(':', '-')}.sig`;
    pushTo(store, 'acme/index', ofCatalog, makeImage({ seed: 'signature of the catalog' }));
    const subject = app.manifest.descriptor;
    pushTo(store, 'team/app', undefined, makeImage({ seed: 'sbom', subject }));
  }
  const { host } = lab.source;
  const chart = await makeChart('web', '1.0.0', { 'values.yaml': `image: ${host}/team/web:v1\n` });
  const charts = await serveUpstream({ answer: answerCharts([chart]) });
  onTestFinished(charts.close);
  const chartsUrl = charts.env.UPDATE_URL_OVERRIDE.replace('/graph', '/charts/');
  const file: ConfigFile = {
    name: 'isc.yaml',
    text: `kind: ImageSetConfiguration
apiVersion: mirror.openshift.io/v2alpha1
mirror:
  platform:
    graph: true
    channels: [{name: stable-4.16, minVersion: 4.16.5, maxVersion: 4.16.5}]
  operators:
    - {catalog: "${host}/acme/index:v1", targetTag: mine, packages: [{name: acm}]}
    - {catalog: "${host}/acme/index@${digest}", targetCatalog: acme/second, packages: [{name: kiali}]}
  helm:
    repositories: [{name: r, url: "${chartsUrl}", charts: [{name: web, version: 1.0.0}]}]
  additionalImages:
    - {name: "${host}/team/app:latest", targetRepo: else/where, targetTag: stable}
    - {name: "${host}/team/app@${app.manifest.descriptor.digest}"}
`,
  };
  return { lab, file, charts, outside: { registriesConf } };
}

describe('an image set over an air gap', () => {
  it('comes out of the archive as it would have come from its sources', async () => {
    const { lab, file, charts, outside: reached } = await setUp();
    const [outside, inside] = [sideOf(lab, 'outside'), sideOf(lab, 'inside')];
    const written = await toDisk(lab, file, { ...outside, ...reached });
    expect(written.failures).toEqual([]);
    expect(written.imageFailures).toEqual([]);
    expect(written.archive?.paths).toEqual([join(outside.directory, 'mirror_000001.tar')]);
    expect(lab.target.fake?.log.entries).toEqual([]);
    // Only the filtered catalog is mirrored, and nobody signed that.
    const cached = (name: string) => openCache(outside.cache).links(name).tags();
    expect(await cached('team/app')).toContainEqual(expect.stringMatching(/\.sig$/));
    expect(await cached('acme/index')).not.toContainEqual(expect.stringMatching(/\.sig$/));

    carry(outside, inside);
    const asked = () =>
      [lab.asked, charts.asked, lab.source.fake?.log.entries].map((one) => one?.length);
    const before = asked();
    const loaded = await fromDisk(lab, file, inside);
    expect(loaded.failures).toEqual([]);
    expect(loaded.imageFailures).toEqual([]);
    expect(loaded.counts).toEqual(written.counts);
    const sources = loaded.mapping.map(({ source }) => source.split('/')[2]);
    expect(new Set(sources)).toEqual(new Set(['localhost:55000']));
    // Nobody outside was asked for anything.
    expect(asked()).toEqual(before);

    const removal = file.text
      .replace('ImageSetConfiguration', 'DeleteImageSetConfiguration')
      .replace('mirror:\n', 'delete:\n');
    const list = await run.deleteGenerate(
      lab.settings({
        target: `${lab.target.host}/inside`,
        workspace: join(inside.directory, 'working-dir'),
      }),
      { file: { name: 'disc.yaml', text: removal }, cache: inside.cache, signatures: 'keep' },
    );
    expect(list.failures).toEqual([]);
    expect(list.deleteImages).toContain('openshift/release-images:4.16.5-x86_64');
    expect(list.deleteImages).toContain('acme/acm-bundle');
    expect(asked()).toEqual(before);

    const direct = await run.mirror(
      lab.settings({ ...mirrorOnly, ...reached, target: `${lab.target.host}/direct` }),
      { files: [file], dryRun: 'no', destination: 'registry' },
      () => {},
    );
    expect(direct.imageFailures).toEqual([]);
    const placesOf = (prefix: string) =>
      [...(lab.target.fake?.store ?? [])]
        .filter(([name]) => name.startsWith(`${prefix}/`) && !name.includes('imageset-mirror'))
        .map(([name, { tags }]) => [name.slice(prefix.length), [...tags].sort()])
        .sort();
    expect(placesOf('direct').length).toBeGreaterThan(5);
    expect(placesOf('inside')).toEqual(placesOf('direct'));
    const named = (files: ReadonlyMap<string, string>) => [...files.keys()].sort();
    expect(named(loaded.clusterResources)).toEqual(named(direct.clusterResources));
  });

  it("has a release of somebody's own, known by tags alone", async () => {
    const lab = await makeLab();
    const { host, fake } = lab.source;
    const from = { kind: 'DockerImage', name: `${host}/own/part:v1` };
    const references = { kind: 'ImageStream', spec: { tags: [{ name: 'cli', from }] } };
    const metadata = '{"kind":"cincinnati-metadata-v0","version":""}';
    const payload = await makeCatalogImage({
      layers: [
        [
          ['release-manifests/image-references', JSON.stringify(references)],
          ['release-manifests/release-metadata', metadata],
        ],
      ],
    });
    const part = makeImage({ seed: 'part' });
    await publishImage(lab, 'own/release:v1', payload);
    if (fake) pushTo(fake.store, 'own/part', 'v1', part);
    const file: ConfigFile = {
      name: 'isc.yaml',
      text: `kind: ImageSetConfiguration
apiVersion: mirror.openshift.io/v2alpha1
mirror:
  platform: {release: "${host}/own/release:v1"}
`,
    };
    const unsigned = { verifySignatures: 'off' } as const;
    const [outside, inside] = [sideOf(lab, 'outside'), sideOf(lab, 'inside')];
    await toDisk(lab, file, { ...outside, ...unsigned });
    carry(outside, inside);
    const asked = fake?.log.entries.length;
    const loaded = await fromDisk(lab, file, { ...inside, ...unsigned });
    expect(loaded.failures).toEqual([]);
    expect(fake?.log.entries.length).toBe(asked);
    const tags = (name: string) => [...(lab.target.fake?.store.get(name)?.tags ?? [])];
    const { hex } = payload.manifest.descriptor.digest.match(/(?<hex>[0-9a-f]{64})/)?.groups ?? {};
    expect(tags('inside/openshift/release-images')).toEqual([
      [hex, payload.manifest.descriptor.digest],
    ]);
    expect(tags('inside/openshift/release')).toEqual([
      [`${hex}-cli`, part.manifest.descriptor.digest],
    ]);
  });

  it('comes by increments, of which each needs the one before', async () => {
    const lab = await makeLab();
    const [one, two] = [makeImage({ seed: 'one' }), makeImage({ seed: 'two' })];
    const store = lab.source.fake?.store;
    if (store)
      for (const [tag, image] of Object.entries({ one, two })) pushTo(store, 'app', tag, image);
    const named = (...tags: readonly string[]) =>
      imagesConfig(tags.map((tag) => `${lab.source.host}/app:${tag}`));
    const [outside, inside] = [sideOf(lab, 'outside'), sideOf(lab, 'inside')];
    await toDisk(lab, named('one'), outside);
    const first = sideOf(lab, 'first');
    carry(outside, first);
    const second = await toDisk(lab, named('one', 'two'), outside);
    expect(second.archive).toMatchObject({ generation: 2, base: 1, blobs: 4, assumed: 4 });
    carry(outside, inside);

    const tooEarly = fromDisk(lab, named('one', 'two'), inside);
    await expect(tooEarly).rejects.toMatchObject({
      code: 'ARCHIVE_INCOMPLETE',
      hint: expect.stringContaining('Load generation 1 of "team-a" first'),
    });
    expect([...(lab.target.fake?.store.keys() ?? [])]).toEqual([]);

    await fromDisk(lab, named('one'), { ...first, cache: inside.cache });
    const report = await fromDisk(lab, named('one', 'two'), inside);
    expect(report.imageFailures).toEqual([]);
    const tags = lab.target.fake?.store.get('inside/app')?.tags;
    expect([...(tags?.keys() ?? [])].sort()).toEqual(['one', 'two']);
  });

  it('says that a catalog lies in an archive before', async () => {
    const lab = await makeLab();
    const { host, fake } = lab.source;
    if (fake) pushTo(fake.store, 'app', 'one', makeImage({ seed: 'one' }));
    const [outside, inside] = [sideOf(lab, 'outside'), sideOf(lab, 'inside')];
    await toDisk(lab, imagesConfig([`${host}/app:one`]), outside);
    carry(outside, inside);
    const text = `kind: ImageSetConfiguration
apiVersion: mirror.openshift.io/v2alpha1
mirror: {operators: [{catalog: "${host}/acme/index:v1"}]}
`;
    const loaded = await fromDisk(lab, { name: 'isc.yaml', text }, inside);
    expect(loaded.failures[0]?.message).toContain(`has no catalog ${host}/acme/index:v1`);
  });

  it('leaves the archive before when an image cannot be had', async () => {
    const lab = await makeLab();
    const store = lab.source.fake?.store;
    if (store) pushTo(store, 'app', 'one', makeImage({ seed: 'one' }));
    const outside = sideOf(lab, 'outside');
    const name = (tag: string) => `${lab.source.host}/app:${tag}`;
    await toDisk(lab, imagesConfig([name('one')]), outside);
    const failed = await toDisk(lab, imagesConfig([name('one'), name('lost')]), outside);
    expect(failed.imageFailures).toHaveLength(1);
    expect(failed.archive).toBeUndefined();
    expect(readdirSync(outside.directory)).toContain('mirror_000001.tar');
  });

  it('fetches nothing that the cache has, and again what it lost', async () => {
    const lab = await makeLab();
    const store = lab.source.fake?.store;
    if (store) pushTo(store, 'app', 'one', makeImage({ seed: 'one' }));
    const outside = sideOf(lab, 'outside');
    const file = imagesConfig([`${lab.source.host}/app:one`]);
    const fetched = () =>
      lab.source.fake?.log.entries.filter(
        ({ method, path }) => method === 'GET' && path.includes('/blobs/'),
      ).length;
    await toDisk(lab, file, outside);
    expect(fetched()).toBe(3);
    await toDisk(lab, file, outside);
    expect(fetched()).toBe(3);
    rmSync(join(outside.cache, 'docker/registry/v2/blobs'), { recursive: true });
    const again = await toDisk(lab, file, outside);
    expect(again.imageFailures).toEqual([]);
    expect(fetched()).toBe(6);
  });
});
