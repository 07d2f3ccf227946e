import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import {
  findHelm,
  findRenderedImages,
  findUnrenderedImages,
  type HelmProgram,
  type LoadedChart,
  loadChart,
} from '../../src/helm/index.ts';
import { tempDirectory } from '../support/temp-directory.ts';
import { patientClock } from '../support/wire.ts';

const root = () => ({ env: process.env, directory: tempDirectory(), clock: patientClock() });

function isThere(): boolean {
  return spawnSync('helm', ['version']).status === 0;
}

async function chartOf(files: Readonly<Record<string, string>>): Promise<LoadedChart> {
  const bytes = Object.entries(files).map(([path, text]) => [path, Buffer.from(text)] as const);
  return await loadChart(new Map(bytes), 'app');
}

async function open(): Promise<HelmProgram> {
  const helm = await findHelm(root());
  if (!helm) throw new Error('helm is on PATH');
  return helm;
}

const pod = (image: string) => `spec: {containers: [{name: a, image: ${image}}]}`;

const files = {
  'Chart.yaml': `apiVersion: v2
name: app
version: 1.0.0
appVersion: "3.1"
kubeVersion: ">=1.99.0"
dependencies:
- {name: db, version: 1.0.0, alias: store}
- {name: gone, version: 1.0.0, repository: "https://charts.test"}
- {name: unused, version: 1.0.0, condition: unused.enabled}
`,
  'values.yaml': `image: {repository: q.io/app, tag: ""}
store: {image: {tag: parent}}
unused: {enabled: false}
`,
  'templates/_helpers.tpl':
    '{{ define "image" }}{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}{{ end }}',
  'templates/app.yaml': `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec: {template: {${pod('{{ include "image" . | quote }}')}}}\n`,
  'templates/hook.yaml': `apiVersion: batch/v1\nkind: Job\nmetadata: {name: h, annotations: {"helm.sh/hook": pre-install}}\nspec: {template: {${pod('q.io/hook:1')}}}\n`,
  'templates/tests/t.yaml': `apiVersion: v1\nkind: Pod\nmetadata: {name: t, annotations: {"helm.sh/hook": test}}\n${pod('q.io/test:1')}\n`,
  'templates/cron.yaml': `apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: c}\nspec: {schedule: "@daily", jobTemplate: {spec: {template: {${pod('q.io/cron:1')}}}}}\n`,
  'templates/NOTES.txt': 'image: q.io/notes:1\n',
  'crds/crd.yaml':
    'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: x}\n',
  'charts/db/Chart.yaml': 'apiVersion: v2\nname: db\nversion: 1.0.0\n',
  'charts/db/values.yaml': 'image: {repository: q.io/db, tag: own}\n',
  'charts/db/templates/db.yaml': `apiVersion: v1\nkind: Pod\nmetadata: {name: d}\n${pod('{{ .Values.image.repository }}:{{ .Values.image.tag }}')}\n`,
  'charts/unused/Chart.yaml': 'apiVersion: v2\nname: unused\nversion: 1.0.0\n',
  'charts/unused/templates/u.yaml': `apiVersion: v1\nkind: Pod\nmetadata: {name: u}\n${pod('q.io/unused:1')}\n`,
};

const images = (found: { readonly images: readonly { readonly image: string }[] }) =>
  [...new Set(found.images.map(({ image }) => image))].sort();

describe.runIf(isThere())('helm of this machine', () => {
  it('renders hooks, tests, jobs of schedules and charts inside, in spite of what the chart lacks', async () => {
    const helm = await open();
    const found = findRenderedImages(await helm.render(await chartOf(files), []), []);
    expect(images(found)).toEqual([
      'q.io/app:3.1',
      'q.io/cron:1',
      'q.io/db:parent',
      'q.io/hook:1',
      'q.io/test:1',
    ]);
    expect(found.unseen).toEqual([]);
  });

  it('finds the same as reading the chart as text, where text can tell', async () => {
    const chart = await chartOf(files);
    const rendered = findRenderedImages(await (await open()).render(chart, []), []);
    expect(images(findUnrenderedImages(chart, []))).toEqual(images(rendered));
  });

  it('takes values files, the last of which wins', async () => {
    const values = ['image: {tag: one}', 'image: {tag: two}\nunused: {enabled: true}'];
    const chart = await chartOf(files);
    const found = findRenderedImages(await (await open()).render(chart, values), []);
    expect(images(found)).toContain('q.io/app:two');
    expect(images(found)).toContain('q.io/unused:1');
    expect(images(findUnrenderedImages(chart, values))).toContain('q.io/app:two');
  });

  it('quotes the template that fails', async () => {
    const failing = {
      ...files,
      'templates/x.yaml': '{{ required "a name is needed" .Values.name }}',
    };
    const helm = await open();
    await expect(helm.render(await chartOf(failing), [])).rejects.toThrow(
      /app\/templates\/x\.yaml.*a name is needed/,
    );
  });

  it('shows a chart neither the environment nor a cluster', async () => {
    const curious = {
      ...files,
      'templates/x.yaml': `kind: Pod\nmetadata: {name: x, labels: {found: {{ len (lookup "v1" "Secret" "" "") | quote }}}}\n`,
    };
    const text = await (await open()).render(await chartOf(curious), []);
    expect(text).toContain('found: "0"');
    await expect(
      (await open()).render(
        await chartOf({ ...files, 'templates/y.yaml': '{{ env "HOME" }}' }),
        [],
      ),
    ).rejects.toThrow(/function "env" not defined/);
  });
});
