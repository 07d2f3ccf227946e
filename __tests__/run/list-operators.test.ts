import { rm, writeFile } from 'node:fs/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { pushInto } from '../../src/fake-upstream/index.ts';
import type { LogLevel } from '../../src/log.ts';
import { type Listing, type ListOperatorsRequest, listOperators } from '../../src/run/index.ts';
import { makeCatalogImage } from '../support/catalog.ts';
import { hasDockerRegistry } from '../support/docker-registry.ts';
import { type Lab, type LabOptions, makeLab } from '../support/lab.ts';
import { publishCatalog, type TestPackage } from '../support/operators.ts';

const packages: readonly TestPackage[] = [
  { name: 'acm', versions: ['1.0.0', '1.1.0'] },
  { name: 'kiali', versions: ['2.0.0'] },
];
const table = [
  'NAME   DISPLAY NAME  DEFAULT CHANNEL',
  'acm                  stable',
  'kiali                stable',
];

async function makeListLab(options: LabOptions = {}) {
  const lab = await makeLab(options);
  const digest = await publishCatalog(lab, 'acme/index:v1', packages);
  lab.source.fake?.log.clear();
  const said: string[] = [];
  const log = { log: (level: LogLevel, text: string) => void said.push(`${level}: ${text}`) };
  const name = `${lab.source.host}/acme/index`;
  const list = (request: ListOperatorsRequest): Promise<Listing> =>
    listOperators(lab.settings({ log, retryTimes: 0 }), request);
  const warnings = () => said.filter((line) => line.startsWith('warn: '));
  return { lab, list, name, catalog: `${name}:v1`, digest, warnings };
}

function requestsOf({ source }: Lab): readonly string[] {
  return (source.fake?.log.entries ?? []).map(({ method, path }) => `${method} ${path}`);
}

describe('a list of operators', () => {
  it('has packages, channels and versions', async () => {
    const { list, catalog } = await makeListLab();
    expect(await list({ catalog })).toEqual({ lines: table, failures: [] });
    expect((await list({ catalog, package: 'acm' })).lines.slice(3)).toEqual([
      'PACKAGE  CHANNEL  HEAD',
      'acm      stable   acm.v1.1.0',
    ]);
    expect((await list({ catalog, package: 'acm', channel: 'stable' })).lines).toEqual([
      'VERSIONS',
      '1.0.0',
      '1.1.0',
    ]);
  });

  it('costs one question the second time, and none where the catalog is named by its digest', async () => {
    const { lab, list, name, catalog, digest } = await makeListLab();
    await list({ catalog });
    lab.source.fake?.log.clear();
    await list({ catalog, package: 'acm' });
    expect(requestsOf(lab).filter((line) => line !== 'GET /v2/')).toEqual([
      'HEAD /v2/acme/index/manifests/v1',
    ]);
    lab.source.fake?.log.clear();
    expect((await list({ catalog: `${name}@${digest}` })).lines).toEqual(table);
    expect(requestsOf(lab)).toEqual([]);
  });

  it('reads what a plan has unpacked, and follows a tag that moves', async () => {
    const { lab, list, catalog } = await makeListLab();
    await list({ catalog });
    await publishCatalog(lab, 'acme/index:v1', [{ name: 'new', versions: ['1.0.0'] }]);
    expect((await list({ catalog })).lines.at(-1)).toBe('new                 stable');
  });

  it.each([
    [
      'a package',
      { package: 'kialli' },
      'operator "kialli" not found in catalog',
      'Did you mean kiali?',
    ],
    [
      'a channel',
      { package: 'acm', channel: 'stabel' },
      'channel "stabel" not found for operator "acm"',
      'Did you mean stable?',
    ],
  ])(
    'of %s that is not there is an error with the nearest names',
    async (_, more, message, hint) => {
      const { list, catalog } = await makeListLab();
      await expect(list({ catalog, ...more })).rejects.toMatchObject({
        code: 'INPUT_INVALID',
        message,
        hint: expect.stringContaining(hint),
      });
    },
  );
});

describe('a list of a catalog of which a package is broken', () => {
  it('has the others, and fails naming the broken one', async () => {
    const { lab, list } = await makeListLab();
    const image = await makeCatalogImage({
      layers: [
        [
          ['configs/good/catalog.json', '{"schema":"olm.package","name":"good"}'],
          ['configs/bad/catalog.json', '{"schema":"olm.package","name":"bad"}{'],
        ],
      ],
    });
    const sink = pushInto((name) => lab.wire.repository(lab.source.host, name));
    for (const blob of image.blobs) await sink.putBlob('acme/broken', blob);
    await sink.putManifest('acme/broken', image.manifest, 'v1');
    const catalog = `${lab.source.host}/acme/broken:v1`;
    const { lines, failures } = await list({ catalog });
    expect(lines.map((line) => line.trim()).slice(1)).toEqual(['good']);
    expect(failures.map(({ message }) => message)).toEqual([expect.stringContaining('"bad"')]);
    await expect(list({ catalog, package: 'bad' })).rejects.toMatchObject({
      code: 'CATALOG_INVALID',
    });
  });
});

describe('a list of a catalog whose registry cannot be asked', () => {
  it('is of what the workspace has, with a warning', async () => {
    const { lab, list, catalog, digest, warnings } = await makeListLab();
    await list({ catalog });
    expect(warnings()).toEqual([]);
    lab.source.fake?.faults.add({ status: 503, times: 1000 });
    expect(await list({ catalog })).toEqual({ lines: table, failures: [] });
    expect(warnings()).toEqual([expect.stringContaining(`as the workspace has it (${digest})`)]);
  });

  it('fails where the workspace does not have it', async () => {
    const { lab, list, catalog } = await makeListLab();
    lab.source.fake?.faults.add({ status: 503, times: 1000 });
    const { lines, failures } = await list({ catalog });
    expect(lines).toEqual([]);
    expect(failures).toEqual([
      expect.objectContaining({ message: expect.stringMatching(/^failed to load catalog: /) }),
    ]);
  });

  it.each([
    ['says that there is no such tag', 404],
    ['lets nobody in', 401],
    ['forbids it', 403],
  ])('fails, whatever the workspace has, where the registry %s', async (_, status) => {
    const { lab, list, catalog } = await makeListLab();
    await list({ catalog });
    lab.source.fake?.faults.add({ status, times: 1000 });
    expect((await list({ catalog })).failures).toHaveLength(1);
  });
});

describe('a list of what is no catalog', () => {
  it.each([
    ['acme/index', 'tag and digest are empty'],
    ['HOST/acme/none:v1', 'has no tag v1'],
    ['HOST/openshift-release-dev/ocp-release:4.16.5-x86_64', 'no file-based catalog'],
    ['helm://x', 'unknown transport helm://'],
  ])('%s fails in one sentence', async (text, reason) => {
    const { lab, list } = await makeListLab();
    const { failures } = await list({ catalog: text.replace('HOST', lab.source.host) });
    expect(failures.map(({ message }) => message)).toEqual([
      expect.stringMatching(new RegExp(`^failed to load catalog: .*${reason}`)),
    ]);
  });
});

describe('a list of published catalogs', () => {
  async function makeMirrored() {
    const made = await makeListLab();
    const { lab } = made;
    const path = `${lab.workspace}-registries.conf`;
    const host = (name: string) =>
      `[[registry]]\nprefix = "${name}"\nlocation = "${lab.source.host}"\ninsecure = true\n`;
    await writeFile(path, host('registry.redhat.io'));
    onTestFinished(() => rm(path));
    return { ...made, settings: lab.settings({ registriesConf: path, retryTimes: 0 }) };
  }

  it('says which are there for a version, and which are not', async () => {
    const { lab, settings } = await makeMirrored();
    await publishCatalog(lab, 'redhat/redhat-operator-index:v4.22', packages);
    expect(await listOperators(settings, { version: '4.22' })).toEqual({
      lines: [
        'Available OpenShift OperatorHub catalogs:',
        'OpenShift 4.22:',
        'registry.redhat.io/redhat/redhat-operator-index:v4.22',
        'Invalid catalog reference "registry.redhat.io/redhat/certified-operator-index:v4.22", please check version',
        'Invalid catalog reference "registry.redhat.io/redhat/community-operator-index:v4.22", please check version',
      ],
      failures: [],
    });
  });

  it('tells of those that cannot be asked for, one by one', async () => {
    const { lab, settings } = await makeMirrored();
    lab.source.fake?.faults.add({ path: /certified/, status: 403, times: 1000 });
    const { lines, failures } = await listOperators(settings, { version: '4.22' });
    expect(lines).toHaveLength(4);
    expect(failures.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^failed to check catalog "registry\.redhat\.io\/redhat\/certified-operator-index:v4\.22" versions: /,
      ),
    ]);
  });

  it('asks for no tag that is none', async () => {
    const { settings } = await makeMirrored();
    const { failures } = await listOperators(settings, { version: '../x' });
    expect(failures[0]?.message).toContain('is no repository');
  });
});

describe.skipIf(!hasDockerRegistry())('a list of operators on a real registry', () => {
  it('has what the catalog has', async () => {
    const { list, catalog } = await makeListLab({ kind: 'docker' });
    expect(await list({ catalog })).toEqual({ lines: table, failures: [] });
    expect((await list({ catalog: catalog.replace(':v1', ':v2') })).failures).toHaveLength(1);
  });
});
