import { describe, expect, it } from 'vitest';
import { lintImageSet, loadImageSet, sniffImageSet } from '../../src/imageset/index.ts';

describe('the look of a file', () => {
  it.each([
    'kind: ImageSetConfiguration\napiVersion: mirror.openshift.io/v2alpha1\n',
    '\ufeff# comment\r\n---\r\napiVersion: mirror.openshift.io/v2alpha1\r\nkind: "ImageSetConfiguration"\r\n',
    "kind: 'ImageSetConfiguration' # mine\nmirror: {{ template }}\n",
    '{"apiVersion": "mirror.openshift.io/v2alpha1", "kind": "ImageSetConfiguration"}',
    'kind: ImageSetConfiguration\nmirror: [\n',
  ])('tells an image set: %j', (text) => {
    expect(sniffImageSet(text)?.kind).toBe('ImageSetConfiguration');
  });

  it.each([
    '',
    'kind: ConfigMap\ndata:\n  isc.yaml: |\n    kind: ImageSetConfiguration\n',
    'kind: ConfigMap\n---\nkind: ImageSetConfiguration\n',
    '# kind: ImageSetConfiguration\n',
    'kind: ImageSetConfigurationList\n',
    'kind: DeleteImageSetConfiguration\n',
  ])('tells what is none: %j', (text) => {
    expect(sniffImageSet(text)?.kind).not.toBe('ImageSetConfiguration');
  });

  it('gives kind and version of either kind of file', () => {
    expect(
      sniffImageSet(
        'apiVersion: mirror.openshift.io/v1alpha2\nkind: DeleteImageSetConfiguration\n',
      ),
    ).toEqual({
      kind: 'DeleteImageSetConfiguration',
      apiVersion: 'mirror.openshift.io/v1alpha2',
    });
    expect(sniffImageSet('kind: ImageSetConfiguration')).toEqual({ kind: 'ImageSetConfiguration' });
  });
});

describe('a file whose kind nobody said', () => {
  it('is read as what it says it is', () => {
    const disc = 'kind: DeleteImageSetConfiguration\ndelete: {}\n';
    expect(lintImageSet({ name: 'd.yaml', text: disc }).imageSet?.kind).toBe(
      'DeleteImageSetConfiguration',
    );
  });

  it('is refused as an ImageSetConfiguration when it is neither', () => {
    expect(lintImageSet({ name: 'x.yaml', text: 'kind: Foo\n' }).refusal).toBe(
      'cannot parse "Foo" as "ImageSetConfiguration"',
    );
  });

  it.each([
    ['a file about something else', 'AWSTemplateFormatVersion: 1\nResources: {}\n', 'missing-kind'],
    [
      'a file without a kind',
      'mirror: {}\napiVersion: mirror.openshift.io/v2alpha1\n',
      'missing-kind',
    ],
    ['another resource', 'kind: ConfigMap\ndata: {isc.yaml: ""}\n', 'wrong-kind'],
  ])('has one finding in %s', (_, text, code) => {
    const { diagnostics } = lintImageSet({ name: 'x.yaml', text });
    expect(diagnostics).toMatchObject([{ code }]);
  });

  it.each([
    ['ConfigMap', undefined],
    ['DeleteImageSetConfiguration', undefined],
    ['ImagesetConfiguration', 'kind: ImageSetConfiguration'],
    ['ImageSetConfig', 'kind: ImageSetConfiguration'],
  ])('is told to change the kind %s only where it is misspelt', (kind, fix) => {
    const file = { name: 'x.yaml', text: `kind: ${kind}\nmirror: {}\n` };
    const [found] = loadImageSet(file, 'ImageSetConfiguration').diagnostics;
    expect(found).toMatchObject({ code: 'wrong-kind' });
    expect(found?.fix).toBe(fix);
  });
});

describe('a template', () => {
  const head = 'apiVersion: mirror.openshift.io/v2alpha1\nkind: ImageSetConfiguration\nmirror:\n';

  it.each([
    ['of Jinja', '{% if x %}\n  platform: {}\n{% endif %}\n', '{% if x %}'],
    ['of Go', '  platform:\n    graph: {{ .Graph }}\n', '{{ .Graph }}'],
    ['of a shell', '  platform:\n    channels: [{name: stable-4.$MINOR}]\n', '$MINOR'],
    ['of a document', '  platform:\n    channels: [{name: stable-{version}}]\n', '{version}'],
    ['of a version', '  platform:\n    channels: [{name: s-4.16, minVersion: 4.x.y}]\n', '4.x.y'],
    ['for people', '  platform:\n    channels: [{name: stable-<version>}]\n', '<version>'],
  ])('%s has its placeholder as its only finding', (_, body, text) => {
    const { diagnostics, imageSet } = lintImageSet({ name: 't.yaml', text: head + body });
    expect(diagnostics).toMatchObject([{ code: 'placeholder', severity: 'error', text }]);
    expect(imageSet).toBeUndefined();
  });

  it('has findings of the values that stand in it', () => {
    const body = '  platform:\n    channels: [{name: $NAME, minVersion: "4.16"}]\n';
    const { diagnostics } = lintImageSet({ name: 't.yaml', text: head + body });
    expect(diagnostics.map(({ code }) => code)).toEqual(['placeholder', 'release-version']);
  });

  it('is not seen in regular expressions and JSON paths', () => {
    const body = `  blockedImages: [{name: "^quay.io/(?P<x>a){2}$"}]
  helm: {local: [{name: c, path: c, imagePaths: ["{$.spec.a}", "{range .a[*]}{.b}{end}"]}]}
`;
    const { diagnostics } = lintImageSet({ name: 't.yaml', text: head + body });
    expect(diagnostics.map(({ code }) => code)).not.toContain('placeholder');
  });
});
