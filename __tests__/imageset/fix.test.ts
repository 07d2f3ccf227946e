import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixImageSet } from '../../src/imageset/fix/index.ts';
import { lintImageSet } from '../../src/imageset/index.ts';
import { effort } from '../support/effort.ts';

const head = 'kind: ImageSetConfiguration\napiVersion: mirror.openshift.io/v2alpha1\n';
const fix = (text: string) => fixImageSet({ name: 'isc.yaml', text });
const errorsOf = (text: string) =>
  lintImageSet({ name: 'isc.yaml', text }).diagnostics.filter(
    ({ severity }) => severity === 'error',
  );

/** Mends what stands below `mirror:` and gives that part of the result. */
function fixMirror(body: string): string {
  const { text } = fix(`${head}mirror:\n${body}`);
  expect(text.startsWith(`${head}mirror:\n`)).toBe(true);
  return text.slice(`${head}mirror:\n`.length);
}

const operators = (body: string) =>
  `  operators:\n    - catalog: registry.redhat.io/redhat/redhat-operator-index:v4.16\n${body}`;
const packages = (body: string) => operators(`      packages:\n${body}`);

describe('mending a file of oc-mirror v1', () => {
  it('deletes the storage, and keeps every other byte', () => {
    const text = [
      '# our mirror',
      'apiVersion: mirror.openshift.io/v1alpha2 # from the manual',
      'kind: ImageSetConfiguration',
      '',
      '# metadata',
      'storageConfig:',
      '  registry:',
      '    imageURL: localhost:5000/meta # here',
      '    skipTLS: true',
      '',
      '# wishes',
      'mirror:',
      "  platform: {channels: [{name: 'stable-4.16'}]}   # releases",
      '  # no newline at the end',
      '  additionalImages: [ {name: "a.io/b:1"} ]',
    ].join('\r\n');
    const fixed = fix(text);
    expect(fixed.text).toBe(
      text.replace('v1alpha2', 'v2alpha1').replace(/storageConfig:\r\n(?: .*\r\n)+/, ''),
    );
    expect(fixed.fixes.map(({ at, reason }) => [at.line, reason.slice(0, 26)])).toEqual([
      [2, 'apiVersion is now mirror.o'],
      [6, '"storageConfig" is deleted'],
    ]);
    expect(fixed.fixes[1]?.reason).toMatch(/insecure-registries.*--dest-tls-verify/);
    expect(errorsOf(fixed.text)).toEqual([]);
  });

  it('speaks of TLS only where the storage skipped it', () => {
    const { fixes } = fix(`${head}storageConfig:\n  local:\n    path: x\nmirror: {}\n`);
    expect(fixes.map(({ reason }) => reason)).toEqual([expect.not.stringContaining('TLS')]);
  });

  it.each<readonly [string, string, string]>([
    [
      'ocp, and what is below it',
      '  ocp:\n    channels:\n      - name: stable-4.7\n        versions:\n          - 4.7.18\n          - 4.6.13\n',
      '  platform:\n    channels:\n      - name: stable-4.7\n        minVersion: 4.6.13\n        maxVersion: 4.7.18\n',
    ],
    [
      'one version',
      packages('        - name: a\n          versions: ["1.4.0"] # why\n'),
      packages(
        '        - name: a\n          minVersion: "1.4.0"\n          maxVersion: "1.4.0" # why\n',
      ),
    ],
    [
      'versions by their numbers, not by their letters',
      packages('        - {name: a, versions: [1.10.0, 1.9.0]}\n'),
      packages('        - {name: a, minVersion: 1.9.0, maxVersion: 1.10.0}\n'),
    ],
    [
      'versions with comments',
      packages(
        "        - name: a\n          versions: # both\n          # old\n          - '1.0.0' # c1\n          - '2.0.0' # c2\n          channels: [{name: x}]\n",
      ),
      packages(
        "        - name: a\n          # both\n          # old\n          # c1\n          minVersion: '1.0.0'\n          maxVersion: '2.0.0' # c2\n          channels: [{name: x}]\n",
      ),
    ],
    [
      'versions that look like numbers',
      packages('        - name: a\n          versions: [4.10, 4.9]\n'),
      packages('        - name: a\n          minVersion: "4.9"\n          maxVersion: "4.10"\n'),
    ],
    [
      'startingVersion',
      packages("        - name: a\n          startingVersion: '1.4.0'\n"),
      packages("        - name: a\n          minVersion: '1.4.0'\n"),
    ],
    [
      'headsOnly: true',
      operators('      headsOnly: true # the default\n      packages: []\n'),
      operators('      packages: []\n'),
    ],
    [
      'headsOnly in front',
      '  operators:\n  - headsOnly: true\n    catalog: a.io/b:1\n',
      '  operators:\n  - catalog: a.io/b:1\n',
    ],
    [
      'headsOnly in front of a comment',
      '  operators:\n  - headsOnly: true\n    # why\n    catalog: a.io/b:1\n',
      '  operators:\n  -\n    # why\n    catalog: a.io/b:1\n',
    ],
    [
      'headsonly: false',
      operators('      headsonly: false\n      packages: [{name: a}]\n'),
      operators('      full: true\n      packages: [{name: a}]\n'),
    ],
    [
      'headsOnly: false beside versions',
      operators('      headsOnly: false\n      packages: [{name: a, minVersion: 1.0.0}]\n'),
      operators('      packages: [{name: a, minVersion: 1.0.0}]\n'),
    ],
    [
      'headsOnly: false beside a version to come',
      operators('      headsOnly: false\n      packages: [{name: a, startingVersion: 1.0.0}]\n'),
      operators('      packages: [{name: a, minVersion: 1.0.0}]\n'),
    ],
    [
      'repos',
      '  helm:\n    repos: [{name: a, url: https://a.io}]\n',
      '  helm:\n    repositories: [{name: a, url: https://a.io}]\n',
    ],
    [
      'targetName',
      operators('      targetName: "mine"\n'),
      operators('      targetCatalog: "redhat/mine"\n'),
    ],
    [
      'targetName of a path with one component',
      '  operators:\n  - catalog: a.io/b:1\n    targetName: c\n',
      '  operators:\n  - catalog: a.io/b:1\n    targetCatalog: c\n',
    ],
    [
      'samples',
      '  samples:\n  - name: ruby\n  additionalImages: [{name: a.io/b:1}]\n',
      '  additionalImages: [{name: a.io/b:1}]\n',
    ],
    [
      'skipDependencies and latestOnly',
      operators('      skipDependencies: true\n      latestOnly: true\n'),
      operators(''),
    ],
  ])('mends %s', (_, before, after) => {
    expect(fixMirror(before)).toBe(after);
    expect(errorsOf(`${head}mirror:\n${after}`)).toEqual([]);
  });

  it('says which packages lose versions where v2 cannot say what the file said', () => {
    const { fixes } = fix(
      `${head}mirror:\n${operators('      headsOnly: false\n      packages: [{name: a}, {name: b, minVersion: 1.0.0}]\n')}`,
    );
    expect(fixes[0]?.reason).toMatch(/look at a: .*only their heads/);
  });

  it('warns that versions in between come too', () => {
    const { fixes } = fix(
      `${head}mirror:\n${packages('        - {name: a, versions: [1.0.0, 2.0.0]}\n')}`,
    );
    expect(fixes[0]?.reason).toContain('versions in between come too');
  });

  it.each([
    ['bundles', packages('        - name: a\n          bundles: [{name: a.v1.0.0}]\n')],
    ['versions that are none', packages('        - name: a\n          versions: [new]\n')],
    [
      'versions beside a range',
      packages('        - {name: a, versions: [1.0.0], minVersion: 2.0.0}\n'),
    ],
    [
      'ocp beside platform',
      '  ocp: {channels: [{name: stable-4.7, versions: [4.7.1]}]}\n  platform: {}\n',
    ],
    ['a name that no path can have', operators('      targetName: MINE\n')],
  ])('leaves %s to a person', (_, body) => {
    expect(fixMirror(body)).toBe(body);
  });
});

describe('an anchor', () => {
  const storage = (imageURL: string) => `storageConfig:\n  registry: {imageURL: ${imageURL}}\n`;
  const body = (name: string) => `mirror:\n  additionalImages: [{name: ${name}}]\n`;

  it('that something else stands on keeps what would be deleted', () => {
    const text = `${head}${storage('&a x.io/y:1')}${body('*a')}`;
    expect(fix(text)).toEqual({ text, fixes: [] });
  });

  it('that nothing needs goes with it', () => {
    const text = `${head}${storage('&a x.io/y:1')}${body('x.io/y:1')}`;
    expect(fix(text).text).toBe(`${head}${body('x.io/y:1')}`);
  });
});

describe('mending other mistakes', () => {
  it.each<readonly [string, string, string]>([
    [
      'a number where a text belongs',
      packages('        - name: a\n          channels:\n            - name: 4.10\n'),
      packages('        - name: a\n          channels:\n            - name: "4.10"\n'),
    ],
    [
      'a boolean where a text belongs',
      packages('        - {name: on}\n'),
      packages('        - {name: "on"}\n'),
    ],
    [
      'a text where a boolean belongs',
      '  platform:\n    graph: "true"\n',
      '  platform:\n    graph: true\n',
    ],
    [
      'one architecture',
      '  platform:\n    architectures: amd64\n',
      '  platform:\n    architectures: [amd64]\n',
    ],
    [
      'misspelt keys',
      '  platfrom:\n    chanels:\n      - name: stable-4.16\n        minVerison: 4.16.1\n        max_version: 4.16.2\n',
      '  platform:\n    channels:\n      - name: stable-4.16\n        minVersion: 4.16.1\n        maxVersion: 4.16.2\n',
    ],
    [
      'a quoted misspelt key',
      '  "additionalImage": [{name: a.io/b:1}]\n',
      '  "additionalImages": [{name: a.io/b:1}]\n',
    ],
    [
      'a catalog without tag by the releases',
      '  platform: {channels: [{name: stable-4.16}]}\n  operators:\n  - catalog: registry.redhat.io/redhat/redhat-operator-index # all\n',
      '  platform: {channels: [{name: stable-4.16}]}\n  operators:\n  - catalog: registry.redhat.io/redhat/redhat-operator-index:v4.16 # all\n',
    ],
    [
      'images and other catalogs without tag',
      '  operators: [{catalog: "quay.io/a/b"}]\n  additionalImages:\n  - name: a.io:5000/b\n',
      '  operators: [{catalog: "quay.io/a/b:latest"}]\n  additionalImages:\n  - name: a.io:5000/b:latest\n',
    ],
    [
      'a package that is there twice',
      packages(
        '        - name: a\n        # again\n        - name: b\n        - name: a # twice\n',
      ),
      packages('        - name: a\n        # again\n        - name: b\n'),
    ],
    [
      'a package that another entry holds',
      packages(
        '        - name: a\n          channels: [{name: x}]\n        - name: a\n          channels: [{name: x, minVersion: 1.0.0}, {name: z}]\n',
      ),
      packages(
        '        - name: a\n          channels: [{name: x, minVersion: 1.0.0}, {name: z}]\n',
      ),
    ],
    [
      'a channel that is there twice',
      packages(
        '        - {name: a, channels: [{name: x, minVersion: 1.9.0}, {name: x, minVersion: 1.10.0}]}\n',
      ),
      packages('        - {name: a, channels: [{name: x, minVersion: 1.9.0}]}\n'),
    ],
    [
      'a release channel that is there twice',
      '  platform:\n    channels:\n    - {name: stable-4.16, minVersion: 4.16.2, maxVersion: 4.16.3}\n    - {name: stable-4.16, minVersion: 4.16.1, maxVersion: 4.16.9}\n',
      '  platform:\n    channels:\n    - {name: stable-4.16, minVersion: 4.16.1, maxVersion: 4.16.9}\n',
    ],
    [
      'the name of a bundle as a bound',
      packages('        - {name: a, minVersion: a.v2.9.0-0}\n'),
      packages('        - {name: a, minVersion: 2.9.0-0}\n'),
    ],
    [
      'a release with a v',
      '  platform: {channels: [{name: stable-4.16, minVersion: "v4.16.5"}]}\n',
      '  platform: {channels: [{name: stable-4.16, minVersion: "4.16.5"}]}\n',
    ],
    [
      'a key that is there twice, once without value',
      '  additionalImages:\n  additionalImages:\n  - name: a.io/b:1\n',
      '  additionalImages:\n  - name: a.io/b:1\n',
    ],
  ])('mends %s', (_, before, after) => {
    expect(fixMirror(before)).toBe(after);
    expect(errorsOf(`${head}mirror:\n${after}`)).toEqual([]);
  });

  it('mends both entries of a key that is there twice with different values', () => {
    const twice = 'storageConfig: {local: {path: a}}\nstorageConfig: {local: {path: b}}\n';
    expect(fix(`${head}${twice}mirror: {}\n`).text).toBe(`${head}mirror: {}\n`);
  });

  it('mends the kind and the case of the first keys, in JSON too', () => {
    const { text } = fix(
      '{"Kind": "ImagesetConfiguraton", "Mirror": {"additionalImages": [{"name": "a.io/b:1"}]}}',
    );
    expect(text).toBe(
      '{"kind": "ImageSetConfiguration", "mirror": {"additionalImages": [{"name": "a.io/b:1"}]}}',
    );
  });

  it.each([
    ['a key that is right in another place', '  release: quay.io/a/b:1\n'],
    [
      'a key that may mean two',
      '  platform: {channels: [{name: stable-4.16, mVersion: 4.16.1}]}\n',
    ],
    ['a misspelt key beside the right one', '  additionalImage: []\n  additionalImages: []\n'],
    [
      'packages that say different things',
      packages(
        '        - {name: a, channels: [{name: x}]}\n        - {name: a, channels: [{name: z}]}\n',
      ),
    ],
    [
      'ranges of which none holds the other',
      packages(
        '        - {name: a, minVersion: 1.0.0, maxVersion: 2.0.0}\n        - {name: a, minVersion: 1.5.0, maxVersion: 3.0.0}\n',
      ),
    ],
    [
      'a package with a field that is not understood',
      packages('        - {name: a, bundles: []}\n        - {name: a}\n'),
    ],
    [
      'a catalog of no known version',
      '  operators: [{catalog: registry.redhat.io/redhat/redhat-operator-index}]\n',
    ],
    [
      'a head beside a range that ends below it',
      packages('        - {name: a, channels: [{name: x}, {name: x, maxVersion: 1.0.0}]}\n'),
    ],
    [
      'an upper bound without patch',
      '  platform: {channels: [{name: stable-4.16, maxVersion: "4.16"}]}\n',
    ],
    ['a text that is no YAML', '  a: [\n'],
  ])('leaves %s to a person', (_, body) => {
    expect(fixMirror(body)).toBe(body);
    expect(errorsOf(`${head}mirror:\n${body}`)).not.toEqual([]);
  });

  it.each([
    ['a Go template', `${head}mirror:\n  headsOnly: {{ .Heads }}\n`, '{{ .Heads }}', 4],
    ['a Jinja block', `${head}mirror:\n{% for a in b %}\n`, '{% for a in b %}', 4],
    ['a variable', `${head}mirror:\n  ocp: {release: "\${IMAGE}:1"}\n`, `\${IMAGE}`, 4],
    ['a value in angle brackets', `${head}mirror:\n  ocp:\n    release: <image>\n`, '<image>', 5],
    ['two documents', `---\n${head}storageConfig: {}\nmirror: {}\n---\nkind: Pod\n`, '---', 6],
  ])('refuses %s, and leaves it as it is', (_, text, found, line) => {
    const fixed = fix(text);
    expect(fixed.text).toBe(text);
    expect(fixed.fixes).toEqual([]);
    expect(fixed.refusal).toMatchObject({ severity: 'error', text: found, at: { line } });
  });

  it('takes comments with placeholders, and what closes a document, for neither', () => {
    const text = `---\n# {{ a }}\n${head}storageConfig: {} # <x>\nmirror: {} # \${Y}\n...\n---\n# end\n`;
    const fixed = fix(text);
    expect(fixed.refusal).toBeUndefined();
    expect(fixed.text).toBe(text.replace('storageConfig: {} # <x>\n', ''));
  });

  it('deletes a storageConfig whose placeholders nobody has filled in', () => {
    const storage = 'storageConfig:\n  registry:\n    # old\n    imageURL: <host>/$NAME\n';
    expect(fix(`${head}${storage}mirror: {}\n`).text).toBe(`${head}mirror: {}\n`);
    const { refusal } = fix(`${head}${storage}mirror: {platform: {release: <image>}}\n`);
    expect(refusal).toMatchObject({ code: 'placeholder', at: { line: 7 } });
  });

  it.each([
    [
      'packages: [{name: “a”, channels: [{name: «b»}]}]',
      'packages: [{name: a, channels: [{name: b}]}]',
    ],
    ['packages: [{name: ‘4.10’}]', 'packages: [{name: "4.10"}]'],
    ['packages: [{name: a“b}]', 'packages: [{name: a“b}]'],
  ])('writes %s without typographic quotes', (before, after) => {
    expect(fixMirror(operators(`      ${before}\n`))).toBe(operators(`      ${after}\n`));
  });

  it.each([
    [
      'registry.redhat.io/redhat/redhat-operator-index:4.18',
      'registry.redhat.io/redhat/redhat-operator-index:v4.18',
    ],
    [
      'registry.redhat.io/redhat/redhat-operator-index:v4:18',
      'registry.redhat.io/redhat/redhat-operator-index:v4.18',
    ],
    ['https://quay.io/a/b:1', 'quay.io/a/b:1'],
    ['quay.io/a/b:4.18', 'quay.io/a/b:4.18'],
  ])('reads the catalog %s as %s', (before, after) => {
    const text = (name: string) => `  operators: [{catalog: "${name}"}] # c\n`;
    expect(fixMirror(text(before))).toBe(text(after));
  });

  it.each([
    ['minVersion: 4.16.x, maxVersion: 4.16.x', 'minVersion: 4.16.0'],
    ['minVersion: 4.16.2, maxVersion: "4.16.*"', 'minVersion: 4.16.2'],
    ['maxVersion: 4.16.x', 'maxVersion: 4.16.x'],
    ['minVersion: 4.15.2, maxVersion: 4.15.x', 'minVersion: 4.15.2, maxVersion: 4.15.x'],
  ])('reads the range "%s" of stable-4.16 as "%s"', (before, after) => {
    const text = (range: string) => `  platform: {channels: [{name: stable-4.16, ${range}}]}\n`;
    expect(fixMirror(text(before))).toBe(text(after));
    const block = (range: string) =>
      `  platform:\n    channels:\n      - name: stable-4.16\n        ${range.replaceAll(', ', '\n        ')}\n    graph: true\n`;
    expect(fixMirror(block(before))).toBe(block(after));
  });

  it('takes the scheme of an address away from an image', () => {
    const text = (name: string) => `  additionalImages:\n    - name: ${name} # c\n`;
    expect(fixMirror(text('http://quay.io/a/b:1'))).toBe(text('quay.io/a/b:1'));
  });

  it('takes a key for misspelt where its namesake elsewhere cannot hold the value', () => {
    expect(fixMirror('  platforms: {graph: true}\n')).toBe('  platform: {graph: true}\n');
    expect(fixMirror('  platform: {architecture: [amd64]}\n')).toBe(
      '  platform: {architectures: [amd64]}\n',
    );
    const list = '  platforms: [{os: linux, architecture: amd64}]\n';
    expect(fixMirror(list)).toBe(list);
  });

  it('deletes an image that is listed again, and none that differs', () => {
    const images = (...lines: string[]) => `  additionalImages:\n${lines.join('')}`;
    const [one, other] = ['    - name: a.io/b:1\n', '    - {name: a.io/b:1, targetTag: c}\n'];
    expect(fixMirror(images(one, other, one))).toBe(images(one, other));
  });

  it('does not touch what is no image set', () => {
    const text = `kind: ConfigMap\ndata:\n  storageConfig: \${X}\n`;
    expect(fix(text)).toEqual({ text, fixes: [] });
  });
});

const word = fc.constantFrom('a', 'stable', '4.10', '"x"', 'on', 'v1.2.3');
const version = fc.constantFrom('1.0.0', "'1.10.0'", '1.9', 'v2.0.0', 'a.v1.0.0', '2.0');
const entry = (indent: string) =>
  fc.oneof(
    fc.tuple(fc.constantFrom('minVersion', 'maxVersion', 'startingVersion', 'minVersoin'), version),
    fc.tuple(
      fc.constantFrom('versions'),
      fc.array(version, { minLength: 1, maxLength: 3 }).map((all) => `[${all.join(', ')}]`),
    ),
    fc.tuple(
      fc.constantFrom('bundles', 'latestOnly', 'headsOnly'),
      fc.constantFrom('true', 'false', '[]'),
    ),
    fc.constant([
      'channels',
      `\n${indent}  - name: x\n${indent}  - {name: x, minVersion: 1.0.0} # c`,
    ] as [string, string]),
  );
const onePackage = fc
  .tuple(word, fc.array(entry('          '), { maxLength: 3 }), fc.constantFrom('', ' # note'))
  .map(([name, entries, note]) =>
    [
      `        - name: ${name}${note}`,
      ...entries.map(([key, value]) => `          ${key}: ${value}`),
    ].join('\n'),
  );
const anyFile = fc
  .tuple(
    fc.constantFrom('v1alpha1', 'v1alpha2', 'v2alpha1'),
    fc.constantFrom('', 'storageConfig:\n  local: {path: x}\n', '# c\nstorageConfig: {}\n\n'),
    fc.constantFrom(
      '',
      '      headsOnly: true\n',
      '      headsOnly: false # c\n',
      '      targetName: x\n',
    ),
    fc.array(onePackage, { maxLength: 4 }),
    fc.constantFrom('\n', '\r\n'),
  )
  .map(([api, storage, heads, list, newline]) =>
    `apiVersion: mirror.openshift.io/${api}\nkind: ImageSetConfiguration\n${storage}mirror:\n${operators(heads)}      packages:\n${list.join('\n')}\n`.replaceAll(
      '\n',
      newline,
    ),
  );

describe('any file', () => {
  it('is the same after a second run, and never has more errors than before', {
    timeout: 60_000,
  }, () => {
    fc.assert(
      fc.property(anyFile, (text) => {
        const once = fix(text);
        const twice = fix(once.text);
        expect(twice).toEqual({ text: once.text, fixes: [] });
        expect(errorsOf(once.text).length).toBeLessThanOrEqual(errorsOf(text).length);
        expect(once.text.includes('\r')).toBe(text.includes('\r'));
      }),
      { numRuns: effort.runs(300) },
    );
  });

  it('is not touched where nothing is wrong', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(anyFile, (text) => {
        const { text: mended } = fix(text);
        if (errorsOf(mended).length === 0)
          expect(fix(`\ufeff${mended}`).text).toBe(`\ufeff${mended}`);
      }),
      { numRuns: effort.runs(100) },
    );
  });
});
