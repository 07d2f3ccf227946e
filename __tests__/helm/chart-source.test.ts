import { describe, expect, it } from 'vitest';
import { type ChartSourceOptions, createChartSource, ociRequest } from '../../src/helm/index.ts';
import type { HttpAnswer } from '../../src/registry/index.ts';
import {
  answerCharts,
  chartImage,
  type FakeChart,
  indexOfCharts,
  makeChart,
} from '../support/charts.ts';
import { memoryRegistry } from '../support/memory-registry.ts';
import { memoryWorkspace } from '../support/upstream.ts';

type Answer = (url: URL) => Partial<HttpAnswer> | undefined;

async function world(charts: readonly FakeChart[], before: Answer = () => undefined) {
  const registry = memoryRegistry();
  const shelf = memoryWorkspace();
  const asked: string[] = [];
  const known = answerCharts(charts);
  const get = async (text: string): Promise<HttpAnswer> => {
    asked.push(text);
    const url = new URL(text);
    return { ...known(url), ...before(url) };
  };
  const cache = { get: async () => undefined, put: async () => {} };
  const open = (prefer: ChartSourceOptions['prefer'] = 'fresh') =>
    createChartSource({
      registries: { get, repository: registry.repository },
      cache,
      shelf,
      prefer,
    });
  return { registry, shelf, asked, open };
}

const url = 'https://charts.test/stable';
const request = { url, name: 'app', version: '1.0.0' };
const bytesOf = (text: string) => ({ body: Buffer.from(text) });

describe('a chart repository', () => {
  it.each(['', '/', '/index.yaml'])(
    'gives a chart whether its URL ends with %j or not',
    async (end) => {
      const app = await makeChart('app', '1.0.0');
      const { open, asked, shelf } = await world([app]);
      const pulled = await open().pull({ ...request, url: `${url}${end}` });
      expect(Buffer.from(pulled.bytes).equals(app.archive)).toBe(true);
      expect(asked).toEqual([`${url}/index.yaml`, `${url}/app-1.0.0.tgz`]);
      expect([...shelf.files.keys()].sort()).toEqual([
        'helm/charts/app-1.0.0.tgz',
        'helm/indexes/charts.test/stable/index.yaml',
      ]);
    },
  );

  it('is asked for its index once, and not for an archive that the workspace has', async () => {
    const charts = [await makeChart('app', '1.0.0'), await makeChart('app', '1.1.0')];
    const { open, asked } = await world(charts);
    await open().pull(request);
    const source = open();
    await source.pull(request);
    await source.pull({ ...request, version: '' });
    expect(asked.slice(2)).toEqual([`${url}/index.yaml`, `${url}/app-1.1.0.tgz`]);
  });

  it('lists every version of every chart but libraries', async () => {
    const library = { 'Chart.yaml': 'name: lib\nversion: 1.0.0\ntype: library\n' };
    const charts = [
      await makeChart('app', '1.1.0'),
      await makeChart('app', '1.0.0'),
      await makeChart('lib', '1.0.0', library),
    ];
    expect(await (await world(charts)).open().list(url)).toEqual([
      { name: 'app', version: '1.1.0' },
      { name: 'app', version: '1.0.0' },
    ]);
  });

  it('may name archives in other places, a registry among them', async () => {
    const app = await makeChart('app', '1.0.0+b');
    const index = (address: string) =>
      indexOfCharts([app]).replace('- app-1.0.0+b.tgz', `- ${address}`);
    const answer: Answer = ({ pathname }) => {
      if (pathname === '/web/index.yaml') return bytesOf(index('https://files.test/x/app.tgz'));
      if (pathname === '/oci/index.yaml') return bytesOf(index('oci://registry.test/charts/app'));
      return pathname === '/x/app.tgz' ? { status: 200, body: app.archive } : undefined;
    };
    const { open, registry } = await world([], answer);
    const image = chartImage(app);
    for (const blob of image.blobs) registry.putBlob('charts/app', blob);
    registry.putManifest('charts/app', image.manifest, '1.0.0_b');
    const version = '1.0.0+b';
    const web = await open().pull({ url: 'https://charts.test/web', name: 'app', version });
    expect(web.from).toBe('https://files.test/x/app.tgz');
    const oci = await open().pull({ url: 'https://charts.test/oci', name: 'app', version });
    expect(oci.from).toBe('registry.test/charts/app:1.0.0+b');
    expect(Buffer.from(oci.bytes).equals(app.archive)).toBe(true);
  });

  const broken: readonly (readonly [string, Answer, object])[] = [
    ['is not there', () => ({ status: 404 }), { code: 'NOT_FOUND' }],
    ['has an error', () => ({ status: 503 }), { code: 'UNEXPECTED_STATUS', status: 503 }],
    ['answers a page', () => bytesOf('<html>'), { code: 'CHART_INVALID' }],
    [
      'has another archive than its index says',
      ({ pathname }) => (pathname.endsWith('.tgz') ? bytesOf('other') : undefined),
      { code: 'DIGEST_MISMATCH' },
    ],
    [
      'names no archive',
      ({ pathname }) =>
        pathname.endsWith('.yaml') ? bytesOf('entries: {app: [{version: 1.0.0}]}') : undefined,
      { code: 'CHART_INVALID', message: 'chart "app" has no downloadable URLs' },
    ],
    [
      'does not have the chart',
      () => bytesOf('entries: {}'),
      {
        code: 'CHART_INVALID',
        message: `chart "app" version "1.0.0" not found in ${url} repository`,
      },
    ],
  ];
  it.each(broken)('that %s fails by name, and leaves no archive', async (_, answer, failure) => {
    const { open, shelf } = await world([await makeChart('app', '1.0.0')], answer);
    await expect(open().pull(request)).rejects.toMatchObject(failure);
    expect([...shelf.files.keys()].filter((name) => name.endsWith('.tgz'))).toEqual([]);
  });

  it('cannot lead a file of the workspace elsewhere by the names that it gives', async () => {
    const app = await makeChart('app', '1.0.0');
    const index = indexOfCharts([app]).replace('- app-1.0.0.tgz', '- x/..%2F..%2Fevil.sh');
    const { open, shelf } = await world([], ({ pathname }) =>
      pathname.endsWith('.yaml') ? bytesOf(index) : { status: 200, body: app.archive },
    );
    await open().pull(request);
    expect([...shelf.files.keys()]).toContain('helm/charts/app-1.0.0.tgz');
  });

  it('gets no request from a delete for files that an earlier run saved', async () => {
    const app = await makeChart('app', '1.0.0');
    const { open, shelf, asked } = await world([]);
    shelf.files.set('helm/charts/app-v1.0.0.tgz', app.archive);
    shelf.files.set(
      'helm/indexes/charts.test/stable/index.yaml',
      Buffer.from(indexOfCharts([app])),
    );
    expect(await open('saved').list(url)).toEqual([{ name: 'app', version: '1.0.0' }]);
    expect((await open('saved').pull(request)).from).toBe('helm/charts/app-v1.0.0.tgz');
    expect(asked).toEqual([]);
  });
});

describe('a chart of an archive', () => {
  it('that is missing fails without a request, and the hint names the archives before', async () => {
    const { open, shelf, asked } = await world([await makeChart('app', '1.0.0')]);
    await expect(open('archive').pull(request)).rejects.toMatchObject({
      code: 'ARCHIVE_INCOMPLETE',
      hint: expect.stringContaining('Load the archives before this one first'),
    });
    shelf.files.set('helm/charts/app-1.0.0.tgz', (await makeChart('app', '1.0.0')).archive);
    expect((await open('archive').pull(request)).from).toBe('helm/charts/app-1.0.0.tgz');
    expect(asked).toEqual([]);
  });
});

describe('a chart in a registry', () => {
  it('is found by its version, and the highest one by its tags', async () => {
    const { open, registry } = await world([]);
    const app = await makeChart('app', '1.0.0');
    const image = chartImage(app);
    for (const blob of image.blobs) registry.putBlob('charts/app', blob);
    registry.putManifest('charts/app', image.manifest, '1.0.0');
    const oci = { ...request, url: 'oci://registry.test/charts' };
    expect(Buffer.from((await open().pull(oci)).bytes).equals(app.archive)).toBe(true);
    await expect(open().pull({ ...oci, version: '2.0.0' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(open().list(oci.url)).rejects.toThrow(/has no list of its charts/);
  });

  it('may be named by its digest, and is found by it without a connection too', async () => {
    const { open, registry, shelf } = await world([]);
    const app = await makeChart('app', '1.0.0');
    const { blobs, manifest } = chartImage(app);
    for (const blob of blobs) registry.putBlob('charts/app', blob);
    registry.putManifest('charts/app', manifest, '1.0.0');
    const { digest } = manifest.descriptor;
    const named = ociRequest(`oci://registry.test/charts/app:1.0.0@${digest}`, '');
    expect(named).toEqual({ url: 'oci://registry.test/charts', name: 'app', version: digest });
    expect((await open().pull(named)).from).toBe(`registry.test/charts/app@${digest}`);
    const saved = await open('archive').pull(named);
    expect(shelf.files.get(saved.from)).toEqual(saved.bytes);
  });

  it('is no chart when it is another image', async () => {
    const { open, registry } = await world([]);
    const { manifest } = chartImage(await makeChart('app', '1.0.0'));
    const raw = Buffer.from(manifest.raw).toString().replace('helm.chart', 'other.thing');
    const { parseManifest } = await import('../../src/oci/index.ts');
    registry.putManifest('charts/app', parseManifest(Buffer.from(raw)), '1.0.0');
    const oci = { ...request, url: 'oci://registry.test/charts' };
    await expect(open().pull(oci)).rejects.toThrow(/is no chart/);
  });

  it.each(['oci://registry.test', 'oci://registry.test/UPPER', 'ftp://x/y'])(
    'has an address of its own form: %s',
    async (wrong) => {
      const { open } = await world([]);
      const name = wrong.endsWith('test') ? '' : 'app';
      await expect(open().pull({ ...request, url: wrong, name })).rejects.toMatchObject({
        code: 'CHART_INVALID',
      });
    },
  );
});
