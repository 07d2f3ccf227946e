import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { diffImageSets, type ImageSet, loadImageSet } from '../../src/imageset/index.ts';

function imageSet(mirror: unknown, name = 'isc.yaml'): ImageSet {
  const body = typeof mirror === 'string' ? mirror : stringify({ mirror });
  const text = `kind: ImageSetConfiguration\napiVersion: mirror.openshift.io/v2alpha1\n${body}`;
  const loaded = loadImageSet({ name, text }, 'ImageSetConfiguration');
  if (!loaded.imageSet) throw new Error(loaded.refusal);
  return loaded.imageSet;
}

const edits = (before: ImageSet | undefined, after: ImageSet | undefined) =>
  diffImageSets(before, after).map(({ path, from, to, at }) => ({ path, from, to, line: at.line }));

const version = fc
  .tuple(fc.nat({ max: 9 }), fc.nat({ max: 9 }), fc.nat({ max: 9 }))
  .map((parts) => parts.join('.'));
const range = { minVersion: fc.option(version, { nil: undefined }), full: fc.boolean() };
const named = (name: fc.Arbitrary<string>) =>
  fc.uniqueArray(fc.record({ name, ...range }), { selector: (item) => item.name, maxLength: 5 });

const word = fc.stringMatching(/^[a-z]{1,4}$/);
const wishes = fc.record({
  platform: fc.record({
    channels: named(word.map((text) => `${text}-4.16`)),
    architectures: fc.uniqueArray(fc.constantFrom('amd64', 'arm64', 's390x')),
  }),
  additionalImages: fc.uniqueArray(
    word.map((text) => ({ name: `quay.io/acme/${text}:v1` })),
    { selector: (item) => item.name },
  ),
});

describe('the difference of two image sets', () => {
  it('is nothing for the same wishes', () => {
    fc.assert(
      fc.property(wishes, (mirror) => {
        expect(diffImageSets(imageSet(mirror), imageSet(mirror))).toEqual([]);
      }),
    );
  });

  it('is nothing for another order of entries and keys', () => {
    const reverse = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(reverse).reverse();
      if (typeof value !== 'object' || value === null) return value;
      const entries = Object.entries(value).map(([key, inner]) => [key, reverse(inner)] as const);
      return Object.fromEntries(entries.reverse());
    };
    fc.assert(
      fc.property(wishes, (mirror) => {
        expect(diffImageSets(imageSet(mirror), imageSet(reverse(mirror)))).toEqual([]);
      }),
    );
  });

  it('names as many edits one way as the other, with from and to exchanged', () => {
    const key = (from?: string, to?: string) => JSON.stringify([from ?? '', to ?? '']);
    fc.assert(
      fc.property(wishes, wishes, (one, other) => {
        const [a, b] = [imageSet(one), imageSet(other)];
        const there = diffImageSets(a, b).map((edit) => key(edit.from, edit.to));
        const back = diffImageSets(b, a).map((edit) => key(edit.to, edit.from));
        expect(there.sort()).toEqual(back.sort());
      }),
    );
  });

  it('is nothing for comments, quotes, anchors and defaults written out', () => {
    const before = imageSet('mirror:\n  platform:\n    channels:\n    - name: stable-4.16\n');
    const after = imageSet(
      'mirror: # all\n  platform: {channels: [{"name": \'stable-4.16\', type: ocp, full: no}], graph: off}\n  operators: []\n',
    );
    expect(edits(before, after)).toEqual([]);
  });

  it('finds the changed bound of a channel that moved, at its line in the later version', () => {
    const before = imageSet(`mirror:
  platform:
    channels:
    - name: stable-4.16
      minVersion: 4.16.5
    - name: stable-4.17
`);
    const after = imageSet(`mirror:
  platform:
    channels:
    - name: stable-4.17
    - name: stable-4.16
      minVersion: 4.16.6
`);
    expect(edits(before, after)).toEqual([
      { path: 'mirror.platform.channels[1].minVersion', from: '4.16.5', to: '4.16.6', line: 8 },
    ]);
  });

  it('writes an added channel as a person would, without the defaults of decoding', () => {
    const text = 'platform: {channels: [{name: a-4.16, minVersion: 4.16.5, maxVersion: 4.16.6}]}';
    const [edit] = diffImageSets(imageSet('mirror: {}\n'), imageSet(`mirror: {${text}}\n`));
    expect(edit?.to).toContain('name: a-4.16, minVersion: 4.16.5, maxVersion: 4.16.6');
    expect(edit?.to).not.toContain('type');
  });

  it('shows an added or removed entry as one edit, the removed one where it stood', () => {
    const before = imageSet('mirror:\n  additionalImages:\n  - name: a/b:1\n  - name: a/c:1\n');
    const after = imageSet(
      'mirror:\n  additionalImages:\n  - name: a/b:1\n  - name: a/d:1\n    targetTag: x\n',
    );
    expect(edits(before, after)).toEqual([
      {
        path: 'mirror.additionalImages[1]',
        from: undefined,
        to: 'name: a/d:1, targetTag: x',
        line: 6,
      },
      { path: 'mirror.additionalImages[1]', from: 'name: a/c:1', to: undefined, line: 4 },
    ]);
  });

  it('knows an image by its name, so that a new target of it is a change and no new entry', () => {
    const of = (rest: string) =>
      imageSet(`mirror:\n  additionalImages:\n  - name: a/b:1\n    ${rest}\n`);
    expect(edits(of('targetTag: x'), of('targetTag: z'))).toEqual([
      { path: 'mirror.additionalImages[0].targetTag', from: 'x', to: 'z', line: 6 },
    ]);
  });

  it('places what was removed from a moved entry at that entry', () => {
    const before = imageSet(
      'mirror:\n  operators:\n  - {catalog: "a/i:1", full: true}\n  - {catalog: "a/j:1"}\n',
    );
    const after = imageSet(
      'mirror:\n  operators:\n  - {catalog: "a/j:1"}\n  - {catalog: "a/i:1"}\n',
    );
    expect(edits(before, after)).toEqual([
      { path: 'mirror.operators[1].full', from: 'true', to: undefined, line: 6 },
    ]);
  });

  it('tells catalogs apart by their target, and entries of one name by their number', () => {
    const before = imageSet(
      'mirror:\n  operators:\n  - {catalog: "a/i:1", targetTag: x, full: true}\n  - {catalog: "a/i:1"}\n  additionalImages: [{name: "a/b:1"}, {name: "a/b:1"}]\n',
    );
    const after = imageSet(
      'mirror:\n  operators:\n  - {catalog: "a/i:1"}\n  - {catalog: "a/i:1", targetTag: x}\n  additionalImages: [{name: "a/b:1"}]\n',
    );
    expect(edits(before, after).map(({ path, from }) => `${path} ${from}`)).toEqual([
      'mirror.additionalImages[1] name: a/b:1',
      'mirror.operators[1].full true',
    ]);
  });

  it('of a file that came or went is all that it says', () => {
    const only = imageSet('archiveSize: 4\nmirror: {platform: {graph: true}}\n');
    expect(edits(undefined, only).map(({ path, to }) => `${path} ${to}`)).toEqual([
      'mirror.platform.graph true',
      'archiveSize 4',
    ]);
    expect(edits(only, undefined).map(({ path, from }) => `${path} ${from}`)).toEqual([
      'mirror.platform.graph true',
      'archiveSize 4',
    ]);
    expect(edits(undefined, undefined)).toEqual([]);
  });
});
