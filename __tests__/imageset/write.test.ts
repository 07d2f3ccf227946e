import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatImageSet,
  type ImageSet,
  loadImageSet,
  pinImageSet,
} from '../../src/imageset/index.ts';
import { digestOf } from '../../src/oci/index.ts';

const digest = digestOf(Buffer.from('an image'));

function read(text: string, kind: ImageSet['kind'] = 'ImageSetConfiguration'): ImageSet {
  const { imageSet, refusal } = loadImageSet({ name: 'isc.yaml', text }, kind);
  if (!imageSet) throw new Error(refusal);
  return imageSet;
}

const text = `apiVersion: mirror.openshift.io/v2alpha1
archiveSize: 4
kind: ImageSetConfiguration
mirror:
  additionalImages:
  - name: quay.io/acme/tool:v1
    targetTag: "1.1"
  blockedImages:
  - name: .*alpine.*
  helm:
    repositories:
    - charts: null
      name: acme
      url: https://charts.example.com/
  operators:
  - catalog: quay.io/acme/index:v1
    packages: null
  platform:
    channels:
    - full: true
      name: stable-4.16
      type: ocp
    platforms:
    - architecture: arm64
      os: linux
`;

describe('a written image set', () => {
  it('looks as oc-mirror writes it', () => {
    const { mirror, archiveSize } = read(text);
    expect(formatImageSet('ImageSetConfiguration', mirror, archiveSize)).toBe(text);
  });

  it('has its root key even when there is nothing to say', () => {
    expect(formatImageSet('DeleteImageSetConfiguration', {})).toBe(
      'apiVersion: mirror.openshift.io/v2alpha1\ndelete: {}\nkind: DeleteImageSetConfiguration\n',
    );
  });

  it('leaves out what a DeleteImageSetConfiguration does not have', () => {
    const { mirror } = read(text);
    const written = formatImageSet('DeleteImageSetConfiguration', mirror);
    expect(written).not.toContain('blockedImages');
    expect(read(written, 'DeleteImageSetConfiguration').mirror).toEqual({
      ...mirror,
      blockedImages: undefined,
    });
  });

  it('reads back as what was written, whatever the texts are', () => {
    const awkward = fc.oneof(
      fc.string({ minLength: 1, unit: 'grapheme' }),
      fc.constantFrom(
        'y',
        '1.1',
        '0o7',
        '1_0',
        '0x1',
        '~',
        'null',
        '2024-01-01',
        '- x',
        '#',
        ' a ',
        '<<',
        'a: b',
        '4.10',
        '.inf',
        '=',
        'é',
      ),
    );
    const images = fc.array(fc.record({ name: awkward, targetTag: awkward }), { minLength: 1 });
    fc.assert(
      fc.property(images, (additionalImages) => {
        const written = formatImageSet('ImageSetConfiguration', { additionalImages });
        expect(read(written).mirror).toEqual({ additionalImages });
      }),
    );
  });
});

describe('a pinned image set', () => {
  const pins = {
    digests: new Map([
      ['quay.io/acme/tool:v1', digest],
      ['quay.io/acme/index:v1', digest],
      ['tool:v1', digest],
    ]),
    releases: () => ({ minVersion: '4.16.1', maxVersion: '4.16.9' }),
  };

  it('fixes releases, images and catalogs, and keeps their tags', () => {
    const { mirror } = read(pinImageSet(read(text), pins));
    expect(mirror.platform?.channels).toEqual([
      { name: 'stable-4.16', type: 'ocp', full: true, minVersion: '4.16.1', maxVersion: '4.16.9' },
    ]);
    expect(mirror.additionalImages).toEqual([
      { name: `quay.io/acme/tool:v1@${digest}`, targetTag: '1.1' },
    ]);
    expect(mirror.operators).toEqual([
      { catalog: `quay.io/acme/index@${digest}`, targetTag: 'v1' },
    ]);
  });

  it('is fixed by itself: pinning it again changes nothing', () => {
    const once = pinImageSet(read(text), pins);
    expect(pinImageSet(read(once), pins)).toBe(once);
  });

  it('leaves alone what has no pin, and a name without a host, which oc-mirror cannot pull by digest', () => {
    const bare = read(
      'kind: ImageSetConfiguration\nmirror: {additionalImages: [{name: "tool:v1"}, {name: "a/b:1"}]}',
    );
    const nothing = { digests: pins.digests, releases: () => undefined };
    expect(read(pinImageSet(bare, nothing)).mirror).toEqual(bare.mirror);
  });
});
