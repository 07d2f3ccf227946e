import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { packLayer } from '../../src/fake-upstream/index.ts';
import { packChart } from '../../src/helm/archive.ts';
import {
  chartLimits,
  loadChart,
  missingDependencies,
  readChartArchive,
  readLocalChart,
} from '../../src/helm/index.ts';
import { readChartDirectory } from '../../src/helm/local-chart.ts';
import { makeTar } from '../support/catalog.ts';
import { makeChart } from '../support/charts.ts';
import { tempDirectory } from '../support/temp-directory.ts';

const parent = `apiVersion: v2
name: app
version: 1.0.0
appVersion: 2
dependencies:
- {name: db, version: 1.x, repository: "https://charts.test", condition: db.enabled, alias: store}
- {name: gone, version: 1.x, repository: "https://charts.test"}
`;

describe('a chart', () => {
  it('is read with the charts inside it, and names those that it lacks', async () => {
    const { archive } = await makeChart('app', '1.0.0', {
      'Chart.yaml': parent,
      'charts/db/Chart.yaml': 'name: db\nversion: 1.1.0\n',
      'charts/_ignored/Chart.yaml': 'name: ignored\n',
    });
    const chart = await loadChart(await readChartArchive(archive, 'app'), 'app');
    expect(chart).toMatchObject({ name: 'app', appVersion: '2', isLibrary: false });
    expect(chart.subcharts.map(({ name }) => name)).toEqual(['db']);
    expect(chart.dependencies[0]).toEqual({ name: 'db', key: 'store', conditions: ['db.enabled'] });
    expect(missingDependencies(chart)).toEqual(['gone']);
  });

  it('may have another chart as an archive in its archive', async () => {
    const inner = await makeChart('db', '1.1.0');
    const tar = await makeTar([['app/Chart.yaml', 'name: app\n']]);
    const outer = await readChartArchive(tar, 'app');
    const files = new Map([...outer, ['charts/db-1.1.0.tgz', inner.archive]]);
    const repacked = await readChartArchive(await packChart(files), 'app');
    const chart = await loadChart(repacked, 'app');
    expect(chart.subcharts.map(({ name, version }) => [name, version])).toEqual([['db', '1.1.0']]);
  });

  it('of the first format declares its dependencies in a file of their own', async () => {
    const { archive } = await makeChart('old', '1.0.0', {
      'Chart.yaml': 'apiVersion: v1\nname: old\n',
      'requirements.yaml': 'dependencies: [{name: db}]\n',
    });
    const chart = await loadChart(await readChartArchive(archive, 'old'), 'old');
    expect(missingDependencies(chart)).toEqual(['db']);
  });

  it.each([
    ['has no Chart.yaml', packLayer({ 'app/values.yaml': '' }), /it has no Chart\.yaml/],
    ['is no archive', Promise.resolve(Buffer.from('<html>')), /cannot be unpacked|cut off/],
    [
      'describes itself as a list',
      packLayer({ 'a/Chart.yaml': '- a' }),
      /Chart\.yaml is no mapping/,
    ],
  ])('that %s is refused by name', async (_, bytes, message) => {
    const load = async () =>
      loadChart(await readChartArchive(await bytes, 'The chart'), 'The chart');
    await expect(load()).rejects.toThrow(message);
  });

  it('that unpacks to more than Helm takes is refused before it is kept', async () => {
    const size = chartLimits.file.most + 1;
    const tar = await makeTar([['app/big', 'x'.repeat(size)]]);
    await expect(readChartArchive(gzipSync(tar), 'The chart')).rejects.toMatchObject({
      code: 'TOO_LARGE',
    });
  });

  it('cannot hold itself without end', async () => {
    let { archive } = await makeChart('deep', '1.0.0');
    for (let depth = 0; depth < 10; depth += 1) {
      archive = await packChart(
        new Map([
          ['Chart.yaml', Buffer.from('name: deep\n')],
          ['charts/deep.tgz', archive],
        ]),
      );
    }
    const files = await readChartArchive(archive, 'deep');
    await expect(loadChart(files, 'deep')).rejects.toThrow(/charts inside each other/);
  });
});

describe('a chart in a directory', () => {
  it('is read without the files that it ignores, and links lead in no circle', async () => {
    const root = tempDirectory({
      'app/Chart.yaml': 'name: app\n',
      'app/.helmignore': '# notes\n*.md\nsecret/\n!KEEP.md\n/top.txt\n',
      'app/README.md': '',
      'app/KEEP.md': '',
      'app/secret/a.yaml': '',
      'app/top.txt': '',
      'app/templates/top.txt': '',
    });
    mkdirSync(join(root, 'app/loop'));
    symlinkSync('../loop', join(root, 'app/loop/up'));
    const files = await readChartDirectory(join(root, 'app'));
    const names = [...files.keys()].filter((name) => !name.startsWith('loop/'));
    expect(names).toEqual(['.helmignore', 'Chart.yaml', 'KEEP.md', 'templates/top.txt']);
  });

  it('is read in a moment whatever its .helmignore says, and refused where matching takes too long', async () => {
    const names = Array.from({ length: 6 }, (_, index) => `app/${'a'.repeat(200)}${index}`);
    const files = Object.fromEntries(names.map((name) => [name, '']));
    const read = async (ignore: string) => {
      const all = { ...files, 'app/Chart.yaml': '', 'app/.helmignore': ignore };
      return await readChartDirectory(join(tempDirectory(all), 'app'));
    };
    expect((await read(`${'*a'.repeat(40)}b\n`)).size).toBe(8);
    await expect(read(`*[${'x'.repeat(60_000)}]`)).rejects.toThrow(/steps to match all paths/);
    await expect(read('#'.repeat(70_000))).rejects.toThrow(/more than 65536 bytes/);
  });

  it('is no device: that has no end', async () => {
    await expect(readLocalChart('/dev/zero', 'isc.yaml')).rejects.toThrow(
      '/dev/zero is neither a file nor a directory',
    );
  });

  it('shows no file that a link leads to outside of it', async () => {
    const root = tempDirectory({ 'app/Chart.yaml': 'name: app\n', secret: 'hush', 'app/a': '' });
    symlinkSync('a', join(root, 'app/b'));
    expect([...(await readChartDirectory(join(root, 'app'))).keys()]).toContain('b');
    symlinkSync('../secret', join(root, 'app/c'));
    await expect(readChartDirectory(join(root, 'app'))).rejects.toThrow(
      'The chart file c is a link that leaves the chart.',
    );
  });

  it('is found from the file that names it', async () => {
    const root = tempDirectory({
      'sets/isc.yaml': '',
      'sets/charts/app/Chart.yaml': 'name: app\n',
    });
    const files = await readLocalChart('charts/app', join(root, 'sets/isc.yaml'));
    expect([...files.keys()]).toEqual(['Chart.yaml']);
  });

  it('that is missing fails with the places where it was looked for, and says from where a path counts', async () => {
    await expect(readLocalChart('charts/none', '/sets/isc.yaml')).rejects.toMatchObject({
      message: 'no such file or directory: charts/none, /sets/charts/none',
      hint: expect.stringContaining('counts from the current directory'),
    });
  });
});
