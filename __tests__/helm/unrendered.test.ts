import { describe, expect, it } from 'vitest';
import { findUnrenderedImages, loadChart } from '../../src/helm/index.ts';

async function look(files: Readonly<Record<string, string>>, values: readonly string[] = []) {
  const all = { 'Chart.yaml': 'name: app\nappVersion: "3.1"\n', ...files };
  const bytes = Object.entries(all).map(([path, text]) => [path, Buffer.from(text)] as const);
  const { images, unseen } = findUnrenderedImages(await loadChart(new Map(bytes), 'app'), values);
  return { images: images.map(({ image }) => image), unseen };
}

describe('a chart without helm', () => {
  it.each([
    ['image: {repository: quay.io/a/b, tag: 1.2}', 'quay.io/a/b:1.2'],
    ['image: {repository: quay.io/a/b, tag: ""}', 'quay.io/a/b:3.1'],
    ['image: {registry: quay.io, repository: a/b, tag: "1"}', 'quay.io/a/b:1'],
    ['x: [{y: {image: {repository: a/b, tag: "1", digest: "sha256:00"}}}]', 'a/b:1@sha256:00'],
    ['image: {repository: a/b, digest: "00"}', 'a/b@sha256:00'],
    ['sidecarImage: quay.io/a/b:7', 'quay.io/a/b:7'],
    ['job: {image: a/b, tag: v1}', 'a/b:v1'],
    [
      'global: {imageRegistry: mirror.test}\nimage: {registry: quay.io, repository: a/b, tag: v1}',
      'mirror.test/a/b:v1',
    ],
  ])('gives the usual fields of its values: %s', async (values, image) => {
    expect((await look({ 'values.yaml': values })).images).toEqual([image]);
  });

  it('takes no repository without a version, and no source repository, for an image', async () => {
    const values = 'chart: {repository: https://github.com/a/b}\nbase: {repository: quay.io/org}\n';
    expect((await look({ 'values.yaml': values })).images).toEqual([]);
  });

  it.each([
    ['- image: quay.io/a/b:1', 'quay.io/a/b:1'],
    ['[{name: a, image: quay.io/a/b:1}]', 'quay.io/a/b:1'],
    ['x: {"image": "r/x:{{ .Values.tag }}", y: 1}', 'r/x:9'],
    ['{image: {{ .Values.repo }}:{{ .Values.tag }}, y: 1}', 'r/x:9'],
    ['  image: "quay.io/a/b:{{ .Values.tag }}" # why', 'quay.io/a/b:9'],
    [`image: '{{ .Values.repo }}:{{ .Values.none | default .Chart.AppVersion }}'`, 'r/x:3.1'],
    ['image: {{ .Values.repo | quote }}:{{- default .Chart.AppVersion .Values.tag -}}', 'r/x:9'],
    ['image: {{ $.Values.repo }}:{{ .Values.none | default "l" }}', 'r/x:l'],
  ])('gives a line of a template whose values are looked up: %s', async (line, image) => {
    const files = { 'values.yaml': 'tag: 9\nrepo: r/x\n', 'templates/a.yaml': `${line}\n` };
    expect(await look(files)).toEqual({ images: [image], unseen: [] });
  });

  it.each([
    '{{ include "app.image" . }}',
    '{{ if .Values.x }}a:1{{ end }}',
    '"{{ .image }}:1"',
    '{{ tpl .Values.repo . }}',
    '{{ .Values.repo',
  ])('names the template and the line that it cannot look into: %s', async (value) => {
    const text = `kind: Pod\nspec:\n  image: ${value}\n`;
    const { images, unseen } = await look({ 'templates/a.yaml': text });
    expect(images).toEqual([]);
    expect(unseen).toEqual([
      {
        template: 'app/templates/a.yaml',
        line: 3,
        what: value.replaceAll('"', '').replace('app.image', '"app.image"'),
      },
    ]);
  });

  it('names a value that is longer than any image', async () => {
    const { images, unseen } = await look({ 'templates/a.yaml': `image: ${'x'.repeat(1500)}:1` });
    expect(images).toEqual([]);
    expect(unseen).toMatchObject([{ line: 1 }]);
  });

  it('gives the images that its publisher lists', async () => {
    const description = `name: app
annotations:
  artifacthub.io/images: |
    - name: one
      image: quay.io/a/one:1
  images: |
    - image: quay.io/a/two:1
`;
    expect((await look({ 'Chart.yaml': description })).images).toEqual([
      'quay.io/a/one:1',
      'quay.io/a/two:1',
    ]);
  });

  it('gives the charts inside it the values that it has for them, and leaves out what is off', async () => {
    const files = {
      'Chart.yaml':
        'name: app\ndependencies:\n- {name: db, alias: store}\n- {name: extra, condition: "extra.enabled,x"}\n',
      'values.yaml':
        'store: {image: {tag: parent}}\nextra: {enabled: false}\nglobal: {imageRegistry: g.test}\n',
      'charts/db/Chart.yaml': 'name: db\n',
      'charts/db/values.yaml': 'image: {repository: db, tag: own}\n',
      'charts/extra/Chart.yaml': 'name: extra\n',
      'charts/extra/values.yaml': 'image: {repository: extra, tag: own}\n',
    };
    expect((await look(files)).images).toEqual(['g.test/db:parent']);
    const values = [
      'store: {image: {tag: file}}',
      'global: {imageRegistry: null}\nextra: {enabled: true}',
    ];
    expect((await look(files, values)).images).toEqual(['db:file', 'extra:own']);
  });
});
