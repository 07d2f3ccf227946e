import { describe, expect, it } from 'vitest';
import { lintImageSet, sniffImageSet } from '../../src/imageset/index.ts';

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
});
