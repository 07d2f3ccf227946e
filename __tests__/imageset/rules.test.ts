import { describe, expect, it } from 'vitest';
import { findNotBuilt, type ImageSetKind, loadImageSet } from '../../src/imageset/index.ts';

const load = (below: string, kind: ImageSetKind = 'ImageSetConfiguration') => {
  const root = kind === 'ImageSetConfiguration' ? 'mirror' : 'delete';
  const indented = below.replaceAll(/^/gm, '  ');
  const text = `kind: ${kind}\napiVersion: mirror.openshift.io/v2alpha1\n${root}:\n${indented}\n`;
  return loadImageSet({ name: 'isc.yaml', text }, kind);
};

const found = (below: string) =>
  load(below).diagnostics.map(
    (one) => `${one.at?.line}:${one.at?.column} ${one.severity} ${one.code}`,
  );

const catalog = (rest: string) =>
  `operators:\n- catalog: quay.io/acme/index:v1\n  packages:\n  - name: tool\n    ${rest}`;

describe('an image set that oc-mirror refuses', () => {
  it.each([
    [
      'operators:\n- catalog: a/b:1\n- catalog: docker://a/b:1',
      'catalog "a/b:1": duplicate found in configuration',
      '6:14 error duplicate-catalog',
    ],
    [
      'operators:\n- catalog: a/b',
      'a/b unable to parse image correctly : tag and digest are empty',
      '5:14 error catalog-reference',
    ],
    [
      'operators:\n- catalog: a/b@sha256:1',
      'a/b@sha256:1 unable to parse image correctly : invalid digest',
      '5:14 error catalog-reference',
    ],
    [
      catalog('minVersion: x'),
      'catalog "quay.io/acme/index:v1": operator "tool": minVersion "x" must respect semantic versioning notation',
      '8:19 error operator-version',
    ],
    [
      catalog('channels: [{name: a, maxVersion: "1.0.0-01"}]'),
      'catalog "quay.io/acme/index:v1": operator "tool": channel "a": maxVersion "1.0.0-01" must respect semantic versioning notation',
      '8:40 error operator-version',
    ],
    [
      catalog('channels: [{name: a}, {name: a}]'),
      'catalog "quay.io/acme/index:v1": operator "tool": duplicate channel entry "a"',
      '8:36 error duplicate-channel',
    ],
    [
      catalog('minVersion: "1"\n    channels: [{name: a, maxVersion: "2"}]'),
      'catalog "quay.io/acme/index:v1": operator "tool": mixing both filtering by minVersion/maxVersion and filtering by channel minVersion/maxVersion is not allowed',
      '9:40 error mixed-ranges',
    ],
    [
      'operators:\n- catalog: a/b:1\n  packages: [{name: x}, {name: x}]',
      'catalog "a/b:1": duplicate package entry "x"',
      '6:34 error duplicate-package',
    ],
    [
      'platform:\n  channels: [{name: stable-4.16}, {name: stable-4.16}]',
      'release channel "stable-4.16": duplicate found in configuration',
      '5:44 error duplicate-release-channel',
    ],
    [
      'blockedImages:\n- name: "*"',
      'blocked image "*": invalid regular expression: error parsing regexp: missing argument to repetition operator: `*`',
      '5:11 error blocked-image-pattern',
    ],
    [
      'platform:\n  platforms: [{os: linux, architecture: arm64}]\n  architectures: [arm64]',
      'platform.platforms and platform.architectures cannot be used together; use platform.platforms for sparse manifest filtering (requires disabling manifest list blob checks on container registry side), or platform.architectures (deprecated) for OCP multi payload or single arch payloads',
      '6:5 error platforms-and-architectures',
    ],
  ])('for %j', (below, message, place) => {
    expect(load(below).refusal).toBe(`invalid configuration: ${message}`);
    expect(load(below).imageSet).toBeUndefined();
    expect(found(below)).toEqual([place]);
  });

  it('for a pattern that ends in a backslash, as Go says it', () => {
    expect(load('blockedImages: [{name: "a\\\\"}]').refusal).toContain(
      'error parsing regexp: trailing backslash at end of expression: ``',
    );
  });

  it('for a target path that is none, naming the field', () => {
    const below = 'operators:\n- catalog: a/b:1\n  targetCatalog: A:b';
    expect(load(below).refusal).toMatch(
      /^invalid configuration: invalid target path component "A:b"/,
    );
    expect(found(below)).toEqual(['6:20 error target-catalog']);
  });

  it('is told all its faults at once, grouped by rule, each message once', () => {
    const below = `operators:
- catalog: foo
- catalog: foo
blockedImages: [{name: "("}]
platform:
  channels: [{name: stable-4.16}, {name: stable-4.16}, {name: stable-4.17}, {name: stable-4.17}]`;
    expect(load(below).refusal).toBe(
      '[invalid configuration: [foo unable to parse image correctly : tag and digest are empty, catalog "": duplicate found in configuration], invalid configuration: release channel "stable-4.16": duplicate found in configuration, invalid configuration: blocked image "(": invalid regular expression: error parsing regexp: missing closing ): `(`]',
    );
    expect(found(below)).toHaveLength(6);
  });

  it('is judged more gently when it deletes: packages and platforms are not looked at', () => {
    const kind = 'DeleteImageSetConfiguration';
    expect(load(catalog('minVersion: x'), kind).refusal).toBeUndefined();
    expect(load('operators: [{catalog: foo}, {catalog: foo}]', kind).refusal).toBe(
      'invalid configuration: foo unable to parse image correctly : tag and digest are empty',
    );
  });
});

describe('an image set that oc-mirror accepts and fails on later', () => {
  const channel = (rest: string) => `platform:\n  channels:\n  - name: stable-4.16\n    ${rest}`;

  it.each([
    [channel('minVersion: 4.16.6\n    maxVersion: 4.16.5'), '7:19 error impossible-range'],
    [channel('minVersion: v4.16.5'), '7:19 error release-version'],
    [channel('maxVersion: "4.16"'), '7:19 error release-version'],
    [channel('type: okdd'), '7:13 warning unknown-type'],
    ['platform:\n  channels: [{name: "4.16"}]', '5:23 warning channel-name'],
    ['platform:\n  channels: [{type: ocp}]', '5:16 error channel-name'],
    ['platform:\n  architectures: [x86_64]', '5:21 error unknown-architecture'],
    ['platform:\n  architectures: [multi]', '5:5 notice deprecated-architectures'],
    ['platform:\n  platforms: [{os: linux}]', '5:17 error invalid-platform'],
    ['platform:\n  release: a/b:1\n  channels: [{name: x}]', '6:5 warning ignored-channels'],
    [catalog('minVersion: 2.0.0\n    maxVersion: 1.0.0'), '8:19 error impossible-range'],
    ['operators:\n- catalog: a/b:1\n  packages: [{}]', '6:16 error missing-name'],
    ['operators:\n- catalog: a/b:1\n  skipDependencies: true', '6:23 notice unused-field'],
    ['additionalImages:\n- name: quay.io/a/b', '5:11 error invalid-reference'],
    ['additionalImages:\n- name: quay.io/a/b@sha256:12', '5:11 error invalid-reference'],
    ['additionalImages:\n- name: quay.io/A/b:1', '5:11 error invalid-name'],
    ['additionalImages:\n- name: a/b:1\n  targetRepo: x:1', '6:17 error invalid-target-repo'],
    ['additionalImages:\n- name: a/b:1\n  targetTag: .x', '6:16 error invalid-name'],
    ['additionalImages:\n- name: a/b:latest', '5:11 notice floating-tag'],
    [
      'additionalImages:\n- name: a/a:1\n- name: a/b:latest\n- name: a/c:latest',
      '6:11 notice floating-tag',
    ],
    ['additionalImages:\n- name: a/b:1\n- name: a/b:1', '6:11 warning duplicate-image'],
    [
      'additionalImages:\n- name: a/b:1\n  platforms: [{architecture: arm64}]',
      '6:17 error invalid-platform',
    ],
    ['samples: [{name: x}]', '4:3 warning unused-field'],
    ['operators: [{catalog: "quay.io/a/b:v4:18"}]', '4:25 error catalog-reference'],
    [
      'operators:\n- catalog: registry.redhat.io/redhat/redhat-operator-index:4.18',
      '5:14 warning catalog-tag',
    ],
    ['operators:\n- catalog: a/b:1\n  packages:', '6:14 warning empty-packages'],
    ['operators:\n- catalog: a/b:1\n  packages: []', '6:5 warning empty-packages'],
    [catalog('channels: [{name: “stable”}]'), '8:25 error odd-character'],
    ['platform:\n  channels: [{name: “stable-4.18”}]', '5:23 error odd-character'],
    [channel('maxVersion: 4.17.1'), '7:19 warning channel-reach'],
    ['platform:\n  channels: [{name: stabel-4.18}]', '5:23 warning channel-name'],
    ['additionalImages: [{name: "https://quay.io/a/b:1"}]', '4:29 error invalid-name'],
  ])('is not refused but told: %j', (below, place) => {
    expect(load(below).refusal).toBeUndefined();
    expect(load(below).imageSet).toBeDefined();
    expect(found(below)).toEqual([place]);
  });

  it('tells once of all images with the tag latest, with their number', () => {
    const names = (...all: string[]) =>
      `additionalImages:${all.map((n) => `\n- name: ${n}`).join('')}`;
    const detail = (below: string) => load(below).diagnostics[0]?.detail;
    expect(detail(names('a/b:latest'))).toMatch(/^"a\/b:latest" can mean/);
    expect(detail(names('a/b:latest', 'a/c:latest'))).toMatch(
      /^"a\/b:latest" and 1 other image can/,
    );
    expect(detail(names('a/b:latest', 'a/c:latest', 'a/d:latest'))).toMatch(
      / and 2 other images can/,
    );
  });

  it.each(['nightly-4.18', 'stable-4.18', 'eus-4.18', 'candidate-4.18', 'stable-scos-4.18'])(
    'takes the channel %s as it is',
    (name) => {
      expect(load(`platform:\n  channels: [{name: ${name}}]`).diagnostics).toEqual([]);
    },
  );

  it('tells where it may be left out that a version is no upper bound', () => {
    const [one] = load(channel('maxVersion: 4.16.x')).diagnostics;
    expect(one?.detail).toContain('For the newest 4.16 of the channel delete maxVersion.');
  });

  it('tells of catalogs that are for other versions than all releases', () => {
    const of = (releases: string, ...catalogs: string[]) =>
      load(
        `platform:\n  channels: [${releases}]\noperators: [${catalogs
          .map((one) => `{catalog: "registry.redhat.io/redhat/${one}"}`)
          .join(', ')}]`,
      ).diagnostics.map(({ code, fix }) => `${code} ${fix}`);
    const told = 'catalog-version catalog: registry.redhat.io/redhat/a:v4.17';
    expect(of('{name: stable-4.16}, {name: fast-4.17}', 'a:v4.18', 'b:v4.18')).toEqual([told]);
    expect(of('{name: fast-4.17}, {name: stable-4.9}', 'a:v4.18')).toEqual([told]);
    expect(of('{name: stable-4.16}', 'a:v4.18', 'b:v4.16')).toEqual([]);
    expect(of('{name: stable-4.16, type: okd}', 'a:v4.18')).toEqual([]);
  });

  it('calls architectures deprecated only where platforms can say the same', () => {
    const of = (list: string) => found(`platform:\n  architectures: [${list}]`);
    expect(of('amd64')).toEqual([]);
    expect(of('amd64, arm64')).toEqual(['5:5 notice deprecated-architectures']);
  });

  it('gives no advice on names in a file for deleting: they are as they were mirrored', () => {
    const text = `kind: DeleteImageSetConfiguration
apiVersion: mirror.openshift.io/v2alpha1
delete:
  platform: {architectures: [arm64]}
  additionalImages: [{name: "a/b:latest"}]
`;
    const file = { name: 'disc.yaml', text };
    expect(loadImageSet(file, 'DeleteImageSetConfiguration').diagnostics).toEqual([]);
  });

  it('is told which entry of a list comes first, and what to do with the second', () => {
    const details = (below: string) => load(below).diagnostics.map(({ detail }) => detail);
    const of = (...packages: string[]) =>
      `operators:\n- catalog: a/b:1\n  packages: [{name: w}, {name: x}, ${packages.join(', ')}]`;
    expect(details(of('{name: x}'))).toEqual([
      '"x" is already entry 2 of the packages. Both entries say the same: delete one.',
    ]);
    expect(details(of('{name: x, channels: [{name: a}, {name: a, minVersion: "1"}]}'))).toEqual([
      '"x" is already entry 2 of the packages. Merge the two entries into one with all channels.',
      '"a" is already entry 1 of the channels of "x". Keep one entry with the whole range.',
    ]);
  });

  it('is told what to write', () => {
    const fix = (below: string) => load(below).diagnostics[0]?.fix;
    expect(fix(channel('minVersion: v4.16.5'))).toBe('minVersion: 4.16.5');
    expect(fix(channel('minVersion: 4.16.6\n    maxVersion: 4.16.5'))).toBe(
      'minVersion: 4.16.5\nmaxVersion: 4.16.6',
    );
    expect(fix(channel('minVersion: 4.16.x'))).toBe('minVersion: 4.16.0');
    expect(fix(channel('maxVersion: 4.16.x'))).toBeUndefined();
    expect(fix(channel('maxVersion: "4.16"'))).toBeUndefined();
    expect(fix(channel('minVersion: 4.x.y'))).toBeUndefined();
    expect(fix('platform:\n  architectures: [aarch64]')).toBe('- arm64');
    const named = (name: string) => fix(`platform:\n  channels: [{name: ${name}}]`);
    expect(named('stable-4.18.3')).toBe('name: stable-4.18');
    expect(named('fats-4.18')).toBe('name: fast-4.18');
    expect(named('"4.18"')).toBe('name: stable-4.18');
    expect(named('latest')).toBeUndefined();
    expect(fix('additionalImages: [{name: "https://quay.io/a/b:1"}]')).toBe('name: quay.io/a/b:1');
    expect(fix('additionalImages:\n- name: quay.io/a/b')).toBe('name: quay.io/a/b:<tag>');
  });
});

describe('what is read as a version', () => {
  it.each(['1', 'v1.2', '01.2.3', '1.2.3-rc.1', '1.2.3+build', '4.17.0-202504092035'])(
    'of an operator takes %s',
    (text) => {
      expect(load(catalog(`minVersion: "${text}"`)).refusal).toBeUndefined();
    },
  );

  it.each(['x', '1.2.3.4', '1.2.3-', '1.2.3-rc.01', '', ' 1', '18446744073709551616.0.0'])(
    'of an operator does not take "%s", except for none at all',
    (text) => {
      expect(load(catalog(`minVersion: "${text}"`)).refusal === undefined).toBe(text === '');
    },
  );
});

describe('a chart', () => {
  it.each([
    ['local: [{name: a}]', 'missing-chart-path', 5],
    ['local: [{path: a, imagePaths: [.spec.image]}]', 'image-path-without-braces', 5],
    [
      'repositories: [{name: r, url: u, charts: [{name: a, imagePaths: ["{range .x}"]}]}]',
      'invalid-image-path',
      5,
    ],
  ])('that cannot be collected is found on its line: %s', (helm, code, line) => {
    const { diagnostics, refusal } = load(`helm:\n  ${helm}`);
    expect(diagnostics.map((one) => [one.code, one.at?.line])).toEqual([[code, line]]);
    expect(refusal).toBeUndefined();
  });
});

describe('what cannot be mirrored yet', () => {
  it('is named at its line, although the file is valid', () => {
    const { imageSet, diagnostics } = load(`platform:
  graph: true
operators:
- catalog: quay.io/acme/index:v1
additionalImages:
- name: dir:///srv/image`);
    expect(diagnostics).toEqual([]);
    const missing = imageSet ? findNotBuilt(imageSet) : [];
    expect(missing.map((one) => `${one.at?.line} ${one.severity} ${one.code}`)).toEqual([
      '9 error not-built',
    ]);
  });

  it('does not hold operators, releases, their KubeVirt containers, charts and images of registries', () => {
    const { imageSet } = load(`platform: {kubeVirtContainer: true, channels: [{name: stable-4.16}]}
operators: [{catalog: "quay.io/acme/index:v1"}]
additionalImages: [{name: "docker://quay.io/a/b:1"}]
helm: {local: [{path: charts/a}], repositories: [{name: a, url: "https://charts.example.com/"}]}`);
    expect(imageSet && findNotBuilt(imageSet)).toEqual([]);
  });
});
