import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { pushInto, serveUpstream } from '../../src/fake-upstream/index.ts';
import { answerCharts, chartImage, makeChart } from '../support/charts.ts';
import { makeImage } from '../support/images.ts';
import { change } from '../support/lab.ts';
import { tempDirectory } from '../support/temp-directory.ts';
import { repositoryOf } from './hands.ts';
import { digestOfImage, type ImageLab, makeImageLab, publish, pullTarget } from './image-lab.ts';

/** Charts are read as text here: helm is not on every machine. */
const withoutHelm = (lab: ImageLab) => ({ env: { ...lab.settings().env, PATH: '/nowhere' } });

function configuration(helm: string) {
  const head = 'apiVersion: mirror.openshift.io/v2alpha1\nkind: ImageSetConfiguration\n';
  return { name: 'imageset-config.yaml', text: `${head}mirror:\n  helm: ${helm}\n` };
}

/** Publishes an image for each version, and a repository with a chart for each that uses it. */
async function makeCharts(lab: ImageLab, versions: readonly string[]) {
  const charts = [];
  for (const version of versions) {
    const name = await publish(lab, 'team/app', makeImage({ seed: version }), version);
    const values = `image: {repository: ${name}, tag: ${version}}\n`;
    charts.push(await makeChart('app', version, { 'values.yaml': values }));
  }
  const other = await publish(lab, 'team/other', makeImage({ seed: 'other' }), 'v1');
  const text = `image: {repository: ${other}, tag: v1}\n`;
  charts.push(await makeChart('other', '1.0.0', { 'values.yaml': text }));
  const served = await serveUpstream({ answer: answerCharts(charts) });
  onTestFinished(() => served.close());
  const url = new URL(served.env.UPDATE_URL_OVERRIDE).origin;
  const wanting = (version: string) =>
    configuration(
      `{repositories: [{name: r, url: "${url}", charts: [{name: other}, {name: app, version: ${version}}]}]}`,
    );
  return { charts, wanting };
}

describe('a chart', () => {
  it('brings the image of its new version, and the image of the old one goes', async () => {
    const lab = await makeImageLab();
    const { wanting } = await makeCharts(lab, ['1.0.0', '2.0.0']);
    const [old, next] = [wanting('1.0.0'), wanting('2.0.0')];
    const report = await lab.mirror([old], withoutHelm(lab));
    expect(report.counts).toEqual([{ kind: 'helm', collected: 2, copied: 2 }]);
    expect(await pullTarget(lab, 'team/app', '1.0.0')).toBe(
      digestOfImage(makeImage({ seed: '1.0.0' })),
    );
    const { planned, applied } = await lab.apply(change([old], [next]), withoutHelm(lab));
    expect(planned.plan?.totals).toMatchObject({ mirror: 1, delete: 1, keep: 1 });
    expect(applied?.result.status).toBe('applied');
    expect(await repositoryOf(lab, lab.target, 'team/app').tags.list()).toEqual(['2.0.0']);
  });

  it('that no image set names is told where a values file is for it', async () => {
    const lab = await makeImageLab();
    const { wanting } = await makeCharts(lab, ['1.0.0']);
    const values = (chart: string) => ({
      ...withoutHelm(lab),
      helmValues: [{ chart, path: join(tempDirectory({ 'v.yaml': '{}' }), 'v.yaml') }],
    });
    const codes = async (chart: string) => {
      const { diagnostics } = await lab.plan(change([], [wanting('1.0.0')]), values(chart));
      return diagnostics.filter(({ code }) => code === 'chart-values-unused');
    };
    expect(await codes('ap')).toMatchObject([
      { severity: 'warning', detail: expect.stringContaining('The charts are app, other.') },
    ]);
    expect(await codes('app')).toEqual([]);
  });

  it('that cannot be found any more keeps its images, and the plan says so on its line', async () => {
    const lab = await makeImageLab();
    const { wanting } = await makeCharts(lab, ['1.0.0']);
    await lab.mirror([wanting('1.0.0')], withoutHelm(lab));
    const gone = change([wanting('1.0.0')], [wanting('3.0.0')]);
    const { plan, failures } = await lab.plan(gone, withoutHelm(lab));
    expect(plan?.totals).toMatchObject({ keep: 1, delete: 0, untag: 0 });
    expect(failures).toMatchObject([
      { kind: 'helm', diagnostic: { code: 'chart-invalid', at: { line: 4 } } },
    ]);
  });

  it('may lie in a registry', async () => {
    const lab = await makeImageLab();
    const { charts } = await makeCharts(lab, ['1.0.0']);
    const [chart] = charts;
    if (!chart) throw new Error('there is a chart');
    const image = chartImage(chart);
    const sink = pushInto((name) => repositoryOf(lab, lab.source, name));
    for (const blob of image.blobs) await sink.putBlob('charts/app', blob);
    await sink.putManifest('charts/app', image.manifest, '1.0.0');
    const file = configuration(
      `{local: [{path: "oci://${lab.source.host}/charts/app", version: ^1.0.0}]}`,
    );
    const report = await lab.mirror([file], withoutHelm(lab));
    expect(report.failures).toEqual([]);
    expect(report.counts).toEqual([{ kind: 'helm', collected: 1, copied: 1 }]);
  });
});
