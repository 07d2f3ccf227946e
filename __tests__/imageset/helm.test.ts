import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  collectImageSet,
  createHelmCollector,
  type HelmCollectorOptions,
  type MirrorSpec,
  sourceText,
} from '../../src/imageset/index.ts';
import { silentLogger } from '../../src/log.ts';
import type { HttpAnswer } from '../../src/registry/index.ts';
import { answerCharts, type FakeChart, makeChart } from '../support/charts.ts';
import { memoryRegistry } from '../support/memory-registry.ts';
import { tempDirectory } from '../support/temp-directory.ts';
import { imageSet, memoryWorkspace } from '../support/upstream.ts';
import { patientClock } from '../support/wire.ts';

/** A program that "renders" a chart as its own file `rendered`, whatever its templates are. */
const helm = `#!/bin/sh
if [ "$1" = version ]; then echo v9.8.7; exit; fi
tar -xzOf "$2" chart/rendered 2>/dev/null || { echo "Error: nothing to render" >&2; exit 1; }
if [ "$4" = --values ]; then cat "$5"; fi
`;

interface WorldOptions extends Partial<Pick<HelmCollectorOptions, 'values'>> {
  readonly withHelm?: 'no';
}

function collectorOf(charts: readonly FakeChart[], { values = [], withHelm }: WorldOptions = {}) {
  const root = tempDirectory({ 'bin/helm': helm });
  const answer = answerCharts(charts);
  return createHelmCollector({
    registries: {
      get: async (url): Promise<HttpAnswer> => answer(new URL(url)),
      repository: memoryRegistry().repository,
    },
    cache: { get: async () => undefined, put: async () => {} },
    shelf: memoryWorkspace(),
    values,
    env: { PATH: withHelm === 'no' ? '/nowhere' : `${join(root, 'bin')}:/bin:/usr/bin` },
    directory: join(root, 'work'),
    clock: patientClock(),
    log: silentLogger,
  });
}

function deployment(...images: readonly string[]): string {
  const containers = images.map((image) => `{image: "${image}"}`).join(', ');
  return `---\n# Source: app/templates/a.yaml\nspec: {template: {spec: {containers: [${containers}]}}}\n`;
}

function chart(name: string, ...images: readonly string[]) {
  return makeChart(name, '1.0.0', { rendered: deployment(...images) });
}

async function collect(
  spec: MirrorSpec['helm'],
  collector: ReturnType<typeof collectorOf>,
  kind: 'ImageSetConfiguration' | 'DeleteImageSetConfiguration' = 'ImageSetConfiguration',
) {
  const wanted = imageSet({ ...(spec && { helm: spec }) }, kind);
  const target = { registry: 'mirror.test', prefix: 'ns' };
  const found = await collectImageSet(wanted, [collector], target);
  const lines = (one: { readonly at?: { readonly line: number } | undefined }) =>
    wanted.pathAt(one.at?.line);
  return {
    ...found,
    places: found.placements.map(
      ({ origin, target: { repository, tag }, kind: what }) =>
        `${what} ${origin} > ${repository}:${tag}`,
    ),
    said: found.diagnostics.map((one) => `${one.severity} ${one.code} ${lines(one)}`),
    failed: found.failures.map((one) => `${one.message} @ ${lines(one.diagnostic)}`),
  };
}

const url = 'https://charts.test/stable/';
const repository = (...names: readonly string[]) => ({
  repositories: [{ name: 'r', url, charts: names.map((name) => ({ name, version: '1.0.0' })) }],
});

const digest = `sha256:${'a'.repeat(64)}`;

describe('the charts of an image set', () => {
  it('give their images at the places that oc-mirror gives them', async () => {
    const app = await chart(
      'app',
      'quay.io/a/tag:1',
      `quay.io/a/digest@${digest}`,
      `quay.io/a/both:1@${digest}`,
      'nginx:1',
    );
    const { places, placements, failed, said } = await collect(
      repository('app'),
      collectorOf([app]),
    );
    expect(places).toEqual([
      'helmImage quay.io/a/tag:1 > ns/a/tag:1',
      `helmImage quay.io/a/digest@${digest} > ns/a/digest:sha256-${'a'.repeat(64)}`,
      `helmImage quay.io/a/both:1@${digest} > ns/a/both:1`,
      'helmImage nginx:1 > ns/nginx:1',
    ]);
    expect(placements.map(sourceText)).toContain(`docker://quay.io/a/both@${digest}`);
    expect([failed, said]).toEqual([[], []]);
  });

  it('share an image, and each of them is a cause of it with its own entry', async () => {
    const charts = [await chart('app', 'q.io/a:1', 'q.io/a:1'), await chart('other', 'q.io/a:1')];
    const { placements } = await collect(repository('app', 'other'), collectorOf(charts));
    expect(placements).toMatchObject([
      {
        causes: [
          { path: 'mirror.helm.repositories[0].charts[0]', entry: `helm ${url} app` },
          { path: 'mirror.helm.repositories[0].charts[1]', entry: `helm ${url} other` },
        ],
      },
    ]);
    expect(placements[0]).not.toHaveProperty('neededBy');
  });

  it('are all of a repository when it names none', async () => {
    const charts = [await chart('app', 'q.io/a:1'), await chart('other', 'q.io/b:1')];
    const wanted = { repositories: [{ name: 'r', url }] };
    const { places, placements } = await collect(wanted, collectorOf(charts));
    expect(places).toHaveLength(2);
    expect(placements[1]?.causes).toMatchObject([{ path: 'mirror.helm.repositories[0]' }]);
  });

  it('fail alone: the others are collected, and what failed is a gap', async () => {
    const charts = [await chart('good', 'q.io/a:1'), await makeChart('bad', '1.0.0')];
    const wanted = {
      ...repository('good', 'bad', 'gone'),
      local: [{ name: 'here', path: '/nonexistent/chart' }],
    };
    const { places, failed, gaps } = await collect(wanted, collectorOf(charts));
    expect(places).toEqual(['helmImage q.io/a:1 > ns/a:1']);
    expect(failed).toEqual([
      expect.stringMatching(
        /^failed to load \/nonexistent\/chart: .*no such file or directory.* @ mirror\.helm\.local\.0$/,
      ),
      'failed to get template bad: Error: nothing to render @ mirror.helm.repositories.0.charts.1',
      `error pulling chart gone: chart "gone" version "1.0.0" not found in ${url} repository @ mirror.helm.repositories.0.charts.2`,
    ]);
    expect(gaps?.map(({ entry }) => entry)).toEqual([
      'helm /nonexistent/chart',
      `helm ${url} bad`,
      `helm ${url} gone`,
    ]);
  });

  it('leave nothing in a file for deleting when one of them fails', async () => {
    const collector = collectorOf([await chart('good', 'q.io/a:1')]);
    const kind = 'DeleteImageSetConfiguration';
    expect((await collect(repository('good', 'gone'), collector, kind)).places).toEqual([]);
    expect((await collect(repository('good'), collector, kind)).places).toHaveLength(1);
  });

  it('may lie in a directory of this machine, with images at paths and on platforms of their own', async () => {
    const root = tempDirectory({
      'app/Chart.yaml': 'name: app\n',
      'app/rendered': 'spec: {custom: [{image: "q.io/c:1"}]}\n',
    });
    const platforms = [{ os: 'linux', architecture: 'arm64' }];
    const imagePaths = ['{.spec.custom[*].image}'];
    const local = [{ path: join(root, 'app'), imagePaths, platforms }];
    const { placements } = await collect({ local }, collectorOf([]));
    expect(placements).toMatchObject([{ origin: 'q.io/c:1', platforms }]);
  });

  it('are rendered with the values files of their name', async () => {
    const root = tempDirectory({ 'values.yaml': deployment('q.io/values:1') });
    const path = join(root, 'values.yaml');
    const values = [
      { chart: 'app', path },
      { chart: 'other', path: '/nonexistent' },
    ];
    const charts = [await chart('app', 'q.io/a:1')];
    const { places } = await collect(repository('app'), collectorOf(charts, { values }));
    expect(places).toContain('helmImage q.io/values:1 > ns/values:1');
    const missing = collectorOf(charts, { values: [{ chart: 'app', path: '/nonexistent' }] });
    expect((await collect(repository('app'), missing)).failed).toEqual([
      expect.stringMatching(/^failed to load the values file \/nonexistent: /),
    ]);
  });

  it('warn of each image that cannot be mirrored', async () => {
    const app = await chart('app', 'quay.io/a/b', 'not an image', 'Quay.io/A/B:1', 'oci://x/y:1');
    const { places, said, diagnostics } = await collect(repository('app'), collectorOf([app]));
    expect(places).toEqual([]);
    expect(new Set(said)).toEqual(
      new Set(['warning chart-image-skipped mirror.helm.repositories.0.charts.0']),
    );
    expect(diagnostics[0]?.detail).toContain(
      'names "quay.io/a/b" in app/templates/a.yaml. It has neither tag nor digest',
    );
  });

  it('are told of when a chart that they depend on is missing', async () => {
    const app = await makeChart('app', '1.0.0', {
      'Chart.yaml': 'name: app\ndependencies: [{name: db}]\n',
      rendered: deployment('q.io/a:1'),
    });
    const { places, said } = await collect(repository('app'), collectorOf([app]));
    expect(places).toHaveLength(1);
    expect(said).toEqual(['warning chart-dependency-missing mirror.helm.repositories.0.charts.0']);
  });

  it.each([
    [{ imagePaths: ['{range .spec}'] }, 'mirror.helm.local.0.imagePaths.0'],
    [{ platforms: [{ os: 'linux', architecture: '' }] }, 'mirror.helm.local.0.platforms'],
  ])('fail on the line of the field that is wrong: %j', async (fields, line) => {
    const { path } = { path: tempDirectory({ 'Chart.yaml': 'name: app\n', rendered: '' }) };
    const { failed } = await collect({ local: [{ path, ...fields }] }, collectorOf([]));
    expect(failed).toEqual([
      expect.stringMatching(new RegExp(` @ ${line.replaceAll('.', '\\.')}$`)),
    ]);
  });
});

describe('without helm', () => {
  it('charts are read as text, with a warning for the image set and for what cannot be seen', async () => {
    const app = await makeChart('app', '1.0.0', {
      'values.yaml': 'image: {repository: q.io/a, tag: "1"}\n',
      'templates/a.yaml': 'image: {{ include "x" . }}\n',
    });
    const wanted = repository('app');
    const { places, said, diagnostics } = await collect(
      wanted,
      collectorOf([app], { withHelm: 'no' }),
    );
    expect(places).toEqual(['helmImage q.io/a:1 > ns/a:1']);
    expect(said).toEqual([
      'warning helm-not-found mirror.helm',
      'warning chart-part-unseen mirror.helm.repositories.0.charts.0',
    ]);
    expect(diagnostics[1]?.detail).toMatch(
      /The chart "app", template app\/templates\/a\.yaml line 1: \{\{ include "x" \. \}\}/,
    );
  });

  it('an image set without charts says nothing', async () => {
    const { said } = await collect(undefined, collectorOf([], { withHelm: 'no' }));
    expect(said).toEqual([]);
  });
});
