import { describe, expect, it } from 'vitest';
import {
  checkDeleteImageList,
  createDeleteImageList,
  createPlan,
  parseDeleteImageList,
} from '../../src/plan/index.ts';
import { facts, image, linesOf, mirrored, observe, wish } from './facts.ts';

const [one, two, shared] = [image('one'), image('two'), image('shared')];
const target = { registry: 'registry.example.com:8443', prefix: 'ocp' };
const release = { kind: 'ocpRelease', origin: 'quay.io/ocp/release:4.16.5-x86_64' } as const;
const content = { kind: 'ocpReleaseContent', origin: 'quay.io/ocp/art@sha256:0' } as const;
const chart = { kind: 'helmImage', origin: 'quay.io/acme/chart:1' } as const;

const plan = createPlan(
  facts({
    target,
    before: [
      wish('ocp/openshift/release:4.16.5-x86_64-cli', shared, content),
      wish('ocp/openshift/release:4.16.5-x86_64-etcd', two, content),
      wish('ocp/openshift/release:4.16.5-x86_64-etcd-again', two, content),
      wish('ocp/openshift/release-images:4.16.5-x86_64', one, release),
      wish('ocp/acme/tool:1', one),
      wish('ocp/acme/chart:1', two, chart),
    ],
    after: [wish('ocp/openshift/release:4.16.6-x86_64-cli', shared, content)],
    observation: observe({
      'ocp/openshift/release:4.16.5-x86_64-cli': shared,
      'ocp/openshift/release:4.16.5-x86_64-etcd': two,
      'ocp/openshift/release:4.16.5-x86_64-etcd-again': two,
      'ocp/openshift/release-images:4.16.5-x86_64': one,
      'ocp/acme/tool:1': one,
      'ocp/acme/chart:1': two,
      'ocp/openshift/release:4.16.6-x86_64-cli': shared,
    }),
  }),
);

const text = `apiVersion: mirror.openshift.io/v2alpha1
items:
- imageName: docker://quay.io/acme/chart:1
  imageReference: docker://registry.example.com:8443/ocp/acme/chart:1
  type: helmImage
- imageName: quay.io/ocp/acme/tool:1
  imageReference: docker://registry.example.com:8443/ocp/acme/tool:1
  type: generic
- imageName: docker://quay.io/ocp/release:4.16.5-x86_64
  imageReference: docker://registry.example.com:8443/ocp/openshift/release-images:4.16.5-x86_64
  type: ocpRelease
- imageName: quay.io/ocp/art@sha256:0
  imageReference: docker://registry.example.com:8443/ocp/openshift/release:4.16.5-x86_64-etcd
  type: ocpReleaseContent
kind: DeleteImageList
untag:
# read by imageset-mirror alone: tags that go besides; their images stay, or are listed above
- name: quay.io/ocp/art@sha256:0
  tag: docker://registry.example.com:8443/ocp/openshift/release:4.16.5-x86_64-cli
  type: ocpReleaseContent
- name: quay.io/ocp/art@sha256:0
  tag: docker://registry.example.com:8443/ocp/openshift/release:4.16.5-x86_64-etcd-again
  type: ocpReleaseContent
`;

describe('a DeleteImageList', () => {
  it('has each manifest that goes once, as oc-mirror names it, and the other tags apart', () => {
    expect(createDeleteImageList(plan)).toBe(text);
  });

  it('has no image that a tag names until the plan is applied, whatever else goes with it', () => {
    const catalog = {
      kind: 'operatorCatalog',
      origin: `quay.io/acme/index@${'sha256:'.padEnd(71, '0')}`,
    } as const;
    const moving = createPlan(
      facts({
        before: [wish('acme/index:two', one, catalog)],
        after: [wish('acme/index:v1', two, catalog)],
        state: [mirrored('acme/index:v1', one), mirrored('acme/index:two', one)],
        observation: observe({ 'acme/index:v1': one, 'acme/index:two': one }, [two]),
      }),
    );
    expect(linesOf(moving)).toEqual(['delete removed acme/index:two', 'retag moved acme/index:v1']);
    const { list } = parseDeleteImageList(createDeleteImageList(moving), 'list.yaml');
    expect(list?.items).toEqual([]);
    expect(list?.untag.map(({ imageReference }) => imageReference)).toEqual([
      'docker://registry.example.com:8443/acme/index:two',
    ]);
  });

  it('is read back', () => {
    const { list, diagnostics } = parseDeleteImageList(text, 'delete-images.yaml');
    expect(diagnostics).toEqual([]);
    expect(list?.untag).toHaveLength(2);
    expect(list?.items[1]).toEqual({
      imageName: 'quay.io/ocp/acme/tool:1',
      imageReference: 'docker://registry.example.com:8443/ocp/acme/tool:1',
      type: 'generic',
      at: { file: 'delete-images.yaml', line: 6, column: 3 },
    });
  });

  it('is read leniently: old fields, any case, no kind', () => {
    const old = `items:
  - ImageName: quay.io/acme/tool:1
    imagereference: docker://r.example.com/acme/tool:1
    type: generic
    relatedBlobs: [{digest: "sha256:0"}]
`;
    expect(parseDeleteImageList(old, 'f').list?.items).toHaveLength(1);
    expect(parseDeleteImageList('kind: DeleteImageList\nitems:\n', 'f').list?.items).toEqual([]);
  });

  it.each<[string, string, { code: string; line: number; text?: string }]>([
    ['no YAML', 'items: [', { code: 'yaml-syntax', line: 1 }],
    ['nothing', '', { code: 'invalid-delete-list', line: 1 }],
    [
      'another kind',
      'apiVersion: x\nkind: DeleteImageSetConfiguration\n',
      { code: 'wrong-kind', line: 2, text: 'DeleteImageSetConfiguration' },
    ],
    ['items that are no list', 'items: 5', { code: 'invalid-delete-list', line: 1 }],
    ['an item that is no mapping', 'items:\n- x', { code: 'invalid-delete-item', line: 2 }],
    [
      'an item without a reference',
      'items:\n- imageName: a/b:1\n  type: generic\n',
      { code: 'invalid-delete-item', line: 2 },
    ],
    [
      'a type that nobody knows',
      'items:\n- imageName: a/b:1\n  imageReference: docker://r/b:1\n  type: image\n',
      { code: 'unknown-type', line: 4, text: 'image' },
    ],
  ])('with %s is an error at its line', (_, written, { line, ...expected }) => {
    const { list, diagnostics } = parseDeleteImageList(written, 'list.yaml');
    expect(list).toBeUndefined();
    expect(diagnostics).toMatchObject([{ severity: 'error', ...expected, at: { line } }]);
  });

  it('has all its errors found at once', () => {
    const written = 'items:\n- x\n- imageName: a/b:1\nuntag: 7\n';
    expect(parseDeleteImageList(written, 'f').diagnostics).toHaveLength(4);
  });
});

describe('an item of a DeleteImageList', () => {
  const check = (type: string, imageReference: string, imageName = 'quay.io/acme/tool:1') => {
    const item = `- imageName: ${imageName}\n  imageReference: ${imageReference}\n  type: ${type}\n`;
    const { list } = parseDeleteImageList(`items:\n${item}`, 'list.yaml');
    if (!list) throw new Error('the list is not readable');
    return checkDeleteImageList(list, target);
  };
  const base = 'docker://registry.example.com:8443/ocp';

  it.each([
    ['generic', `${base}/acme/tool:1`, 'ocp/acme/tool:1'],
    [
      'ocpRelease',
      `${base}/openshift/release-images:4.16.5-x86_64`,
      'ocp/openshift/release-images:4.16.5-x86_64',
    ],
    ['ocpReleaseContent', `${base}/openshift/release:x-cli`, 'ocp/openshift/release:x-cli'],
  ])('of type %s at %s belongs to the target', (type, reference, key) => {
    const { list, refused } = check(type, reference);
    expect(refused).toEqual([]);
    expect(list.items.map(({ place }) => `${place.repository}:${place.tag}`)).toEqual([key]);
  });

  const mismatch =
    'delete destination docker://registry.example.com:8443/ocp does not match values found in the delete-images yaml file';
  it.each([
    ['another registry', 'generic', 'docker://other.example.com/ocp/acme/tool:1', mismatch],
    ['a path that only begins alike', 'generic', `${base}-x/acme/tool:1`, mismatch],
    ['a path that climbs out', 'generic', `${base}/../acme/tool:1`, 'is no repository'],
    ['a release elsewhere', 'ocpRelease', `${base}/openshift/release:1`, mismatch],
    ['a component elsewhere', 'ocpReleaseContent', `${base}/openshift/release-images:1`, mismatch],
    ['no tag', 'generic', `${base}/acme/tool`, 'has no tag'],
  ])('with %s is refused and the rest proceeds', (_, type, reference, message) => {
    const { list, refused } = check(type, reference);
    expect(list.items).toEqual([]);
    expect(refused).toEqual([expect.stringContaining(message)]);
    expect(refused[0]).toMatch(/^list\.yaml:2: /);
  });

  it('without a name that can be read is refused', () => {
    expect(check('generic', `${base}/acme/tool:1`, 'quay.io/acme/tool').refused).toEqual([
      expect.stringContaining('tag and digest are empty'),
    ]);
  });
});
