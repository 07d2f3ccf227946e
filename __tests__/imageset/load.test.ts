import { describe, expect, it } from 'vitest';
import { causeAt, type ImageSetKind, loadImageSet } from '../../src/imageset/index.ts';

const head = 'kind: ImageSetConfiguration\napiVersion: mirror.openshift.io/v2alpha1\n';

const load = (text: string, kind: ImageSetKind = 'ImageSetConfiguration') =>
  loadImageSet({ name: 'isc.yaml', text }, kind);

const refusal = (text: string, kind?: ImageSetKind) => load(text, kind).refusal;

/** The findings as `line:column code`. */
const found = (text: string, kind?: ImageSetKind) =>
  load(text, kind).diagnostics.map((one) => `${one.at?.line}:${one.at?.column} ${one.code}`);

describe('an image set that oc-mirror accepts', () => {
  const text = `${head}archiveSize: 4
mirror:
  platform:
    graph: yes
    channels:
    - name: stable-4.16 # the cluster's
      minVersion: 4.16.5
      maxVersion: 4.16.6
      type: okd
    - name: stable-4.17
  additionalImages:
  - name: quay.io/acme/tool:v1
  operators:
  - catalog: quay.io/acme/index:v1
    packages:
    - name: tool
      minVersion: 1.2.3
`;

  it('is read into its typed form, without zero values', () => {
    const { imageSet, refusal: refused, diagnostics } = load(text);
    expect(refused).toBeUndefined();
    expect(diagnostics).toEqual([]);
    expect(imageSet?.archiveSize).toBe(4);
    expect(imageSet?.mirror).toEqual({
      platform: {
        graph: true,
        channels: [
          { name: 'stable-4.16', type: 'okd', minVersion: '4.16.5', maxVersion: '4.16.6' },
          { name: 'stable-4.17', type: 'ocp' },
        ],
      },
      additionalImages: [{ name: 'quay.io/acme/tool:v1' }],
      operators: [
        { catalog: 'quay.io/acme/index:v1', packages: [{ name: 'tool', minVersion: '1.2.3' }] },
      ],
    });
  });

  it('is known by its identity, and its places by the path of the file', () => {
    const file = { name: 'w/x.yaml', identity: 'r.example/o/n//w/x.yaml', text };
    const { imageSet } = loadImageSet(file, 'ImageSetConfiguration');
    if (!imageSet) throw new Error('no image set');
    expect(causeAt(imageSet, 'additionalImages', 0)).toMatchObject({
      imageSet: file.identity,
      at: { file: file.name },
    });
    expect(load(text).imageSet?.identity).toBe('isc.yaml');
  });

  it('knows the place of every node: a scalar, the key of a collection, an entry of a list', () => {
    const locate = (...path: (string | number)[]) => {
      const at = load(text).imageSet?.locate(path);
      return `${at?.file} ${at?.line}:${at?.column}`;
    };
    expect(locate('mirror', 'platform', 'channels', 0, 'minVersion')).toBe('isc.yaml 9:19');
    expect(locate('mirror', 'platform', 'channels')).toBe('isc.yaml 7:5');
    expect(locate('mirror', 'platform', 'channels', 1)).toBe('isc.yaml 12:7');
    expect(locate('mirror', 'platform', 'release')).toBe('isc.yaml 5:3');
    expect(locate('nowhere')).toBe('isc.yaml 1:1');
  });

  it('may write nested keys in any case, leave a value empty, and mirror nothing', () => {
    const loaded = load(`${head}mirror:\n  PLATFORM: {Graph: on, channels: [null]}\n  helm:\n`);
    expect(loaded.refusal).toBeUndefined();
    expect(loaded.imageSet?.mirror).toEqual({
      platform: { graph: true, channels: [{ name: '', type: 'ocp' }] },
    });
    expect(load(`${head}mirror:\n`).imageSet?.mirror).toEqual({});
  });

  it('counts lines alike with Windows line ends and a byte-order mark', () => {
    const windows = `\ufeff${text.replaceAll('\n', '\r\n')}`;
    const at = load(windows).imageSet?.locate(['mirror', 'platform', 'channels', 0, 'minVersion']);
    expect(at).toMatchObject({ line: 9, column: 19 });
    expect(load(windows).imageSet?.locate(['kind'])).toMatchObject({ line: 1, column: 7 });
  });
});

describe('the top of a file', () => {
  it.each([
    ['', 'configuration missing `kind`'],
    ['KIND: ImageSetConfiguration\nmirror: {}', 'configuration missing `kind`'],
    ['kind: Foo\nmirror: {}', 'cannot parse "Foo" as "ImageSetConfiguration"'],
    ['kind:\nmirror: {}', 'cannot parse %!q(<nil>) as "ImageSetConfiguration"'],
    ['kind: 5\nmirror: {}', 'cannot parse %!q(float64=5) as "ImageSetConfiguration"'],
    [head, 'configuration missing the `mirror` stanza'],
    [`${head}Mirror: {}`, 'configuration missing the `mirror` stanza'],
    [`${head}mirror: {}\ndelete: {}`, 'delete: is not allowed in ImageSetConfiguration'],
    [
      '- a',
      'failed to unmarshal config: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go value of type map[string]interface {}',
    ],
    [
      `${head}mirror: {}\nmirror: {}`,
      'failed to unmarshal config: error converting YAML to JSON: yaml: unmarshal errors:\n  line 4: key "mirror" already set in map',
    ],
    [
      `${head}mirror: a: b`,
      'failed to unmarshal config: error converting YAML to JSON: yaml: line 3: mapping values are not allowed in this context',
    ],
  ])('of %j is refused in the words of oc-mirror', (text, message) => {
    expect(refusal(text)).toBe(message);
  });

  it('names the key that is written in the wrong case, at its place', () => {
    const [one] = load(
      'apiVersion: mirror.openshift.io/v2alpha1\nKind: ImageSetConfiguration\n',
    ).diagnostics;
    expect(one).toMatchObject({ code: 'missing-kind', text: 'Kind', at: { line: 2, column: 1 } });
  });

  it('of the other kind ends the reading: nothing below is reported', () => {
    expect(found('kind: DeleteImageSetConfiguration\ndelete: {foo: 1}')).toEqual([
      '1:7 wrong-kind',
    ]);
  });

  it('wrapped into a ConfigMap is told by its own line, and that it has to be a file of its own', () => {
    const inner = '    kind: ImageSetConfiguration\n    mirror: {}\n';
    const text = `apiVersion: v1\nkind: ConfigMap\ndata:\n  isc.yaml: |\n${inner}`;
    const [one] = load(text).diagnostics;
    expect(one).toMatchObject({
      code: 'wrong-kind',
      detail:
        'It is a ConfigMap that holds one as data["isc.yaml"]. Write that text into a file of its own, and name that file.',
      at: { line: 4, column: 3 },
    });
    expect(one?.fix).toBeUndefined();
  });

  it('of a DeleteImageSetConfiguration has delete and not mirror', () => {
    const kind = 'DeleteImageSetConfiguration';
    expect(refusal(`kind: ${kind}\ndelete: {}`, kind)).toBeUndefined();
    expect(refusal(`kind: ${kind}`, kind)).toBe('configuration missing the `delete` stanza');
    expect(refusal(`kind: ${kind}\ndelete: {}\nmirror: {}`, kind)).toBe(
      `mirror: is not allowed in ${kind}`,
    );
    expect(refusal(`kind: ${kind}\ndelete: {blockedImages: []}`, kind)).toBe(
      `decode ${kind}: json: unknown field "blockedImages"`,
    );
  });
});

describe('strict decoding', () => {
  const platform = (text: string) => `${head}mirror: {platform: {${text}}}`;
  const where = 'Go struct field';

  it.each([
    [
      `${head}mirror: []`,
      `cannot unmarshal array into ${where} ImageSetConfiguration.ImageSetConfigurationSpec.mirror of type v2alpha1.Mirror`,
    ],
    [
      `${head}mirror: {}\narchiveSize: "4"`,
      `cannot unmarshal string into ${where} ImageSetConfiguration.ImageSetConfigurationSpec.archiveSize of type int64`,
    ],
    [
      `${head}mirror: {}\narchiveSize: 4.5`,
      `cannot unmarshal number 4.5 into ${where} ImageSetConfiguration.ImageSetConfigurationSpec.archiveSize of type int64`,
    ],
    [
      platform('graph: "true"'),
      `cannot unmarshal string into ${where} Platform.ImageSetConfigurationSpec.mirror.platform.graph of type bool`,
    ],
    [
      platform('channels: {name: a}'),
      `cannot unmarshal object into ${where} Platform.ImageSetConfigurationSpec.mirror.platform.channels of type []v2alpha1.ReleaseChannel`,
    ],
    [
      platform('channels: [a]'),
      `cannot unmarshal string into ${where} Platform.ImageSetConfigurationSpec.mirror.platform.channels of type v2alpha1.ReleaseChannel`,
    ],
    [
      platform('architectures: [1]'),
      `cannot unmarshal number into ${where} Platform.ImageSetConfigurationSpec.mirror.platform.architectures of type string`,
    ],
    [
      platform('channels: [{name: a, minVersion: 4.16}]'),
      `cannot unmarshal number into ${where} ReleaseChannel.ImageSetConfigurationSpec.mirror.platform.channels.minVersion of type string`,
    ],
    [
      `${head}mirror: {operators: [{catalog: "a/b:1", packages: [{name: a, minVersion: 1.1}]}]}`,
      `cannot unmarshal number into ${where} IncludePackage.ImageSetConfigurationSpec.mirror.operators.IncludeConfig.packages.IncludeBundle.minVersion of type string`,
    ],
  ])('refuses %j as Go does', (text, message) => {
    expect(refusal(text)).toBe(`decode ImageSetConfiguration: json: ${message}`);
  });

  it('accepts a whole number however it is written', () => {
    expect(load(`${head}mirror: {}\narchiveSize: 4.0`).imageSet?.archiveSize).toBe(4);
    expect(load(`${head}mirror: {}\narchiveSize: 0x10`).imageSet?.archiveSize).toBe(16);
  });

  it('refuses for the first problem in the order of sorted keys, but tells all, each at its place', () => {
    const text = `${head}zoo: 1
mirror:
  foo: 1
  additionalImages:
  - name: a/b:1
    targetTag: y
  platform:
    chanels: []
`;
    expect(refusal(text)).toBe(
      'decode ImageSetConfiguration: json: cannot unmarshal bool into Go struct field AdditionalImage.ImageSetConfigurationSpec.mirror.additionalImages.targetTag of type string',
    );
    expect(found(text)).toEqual([
      '8:16 wrong-type',
      '5:3 unknown-field',
      '10:5 unknown-field',
      '3:1 unknown-field',
    ]);
  });

  it('refuses for a malformed type of a channel before all else, as Go stops there', () => {
    const text = `${head}mirror: {foo: 1, platform: {channels: [{name: 4.16, type: 5}]}}`;
    expect(refusal(text)).toContain('platform.channels.type of type string');
  });

  it('says which name was meant, or where the field belongs', () => {
    const near = load(`${head}mirror: {platform: {chanels: []}}`).diagnostics[0];
    expect(near).toMatchObject({ text: 'chanels', fix: 'channels:' });
    const misplaced = load(`${head}mirror: {packages: []}`).diagnostics[0];
    expect(misplaced?.detail).toContain('mirror.operators[].packages: check the indentation');
  });

  it('does not say that a text which is no boolean becomes one without quotes', () => {
    const [found] = load(`${head}mirror: {platform: {graph: ture}}`).diagnostics;
    expect(found?.detail).toMatch(/the string ture\. Write true or false\.$/);
    expect(found?.fix).toBeUndefined();
  });

  it('says how to write a value of the right type', () => {
    const fix = (text: string) => load(text).diagnostics[0]?.fix;
    expect(fix(`${head}mirror: {additionalImages: [{name: "a/b:1", targetTag: y}]}`)).toBe(
      'targetTag: "y"',
    );
    expect(fix(`${head}mirror: {platform: {architectures: amd64}}`)).toBe(
      'architectures:\n  - amd64',
    );
    expect(fix(`${head}mirror: {platform: {graph: "true"}}`)).toBe('graph: true');
  });
});

describe('the version of the schema', () => {
  it('never refuses a file, but is told', () => {
    const text =
      'kind: ImageSetConfiguration\napiVersion: mirror.openshift.io/v1alpha2\nmirror: {}';
    expect(refusal(text)).toBeUndefined();
    expect(found(text)).toEqual(['2:13 legacy-api-version']);
    expect(found('kind: ImageSetConfiguration\nmirror: {}')).toEqual(['1:1 api-version']);
  });
});

describe('a file of oc-mirror v1', () => {
  const text = `kind: ImageSetConfiguration
apiVersion: mirror.openshift.io/v1alpha2
storageConfig:
  registry:
    imageURL: registry.example.com/metadata
mirror:
  ocp:
    channels: []
  operators:
  - catalog: quay.io/acme/index:v1
    headsOnly: false
    targetName: my-index
    originalRef: quay.io/acme/index:v0
    packages:
    - name: tool
      startingVersion: 1.2.3
      channels:
      - name: stable
        minBundle: tool.v1.2.3
`;

  it('is told field by field what v2 says instead', () => {
    const legacy = load(text).diagnostics.filter((one) => one.code === 'legacy-field');
    expect(legacy.map((one) => `${one.at?.line} ${one.text} -> ${one.fix}`)).toEqual([
      '7 ocp -> platform:',
      '11 headsOnly -> undefined',
      '13 originalRef -> targetCatalog: <path>/<name>\ntargetTag: <tag>',
      '19 minBundle -> minVersion: <version>',
      '16 startingVersion -> minVersion: 1.2.3',
      '12 targetName -> targetCatalog: my-index',
      '3 storageConfig -> undefined',
    ]);
    expect(legacy.every((one) => one.severity === 'error')).toBe(true);
  });
});

describe('a name that every object of the language has', () => {
  const names = ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf'];

  it.each(names)('as a key (%s) is an unknown field like any other', (name) => {
    const { refusal, diagnostics } = load(`${head}mirror:\n  ${name}: 1\n  "${name}s": {a: 1}\n`);
    expect(refusal).toBe(
      `decode ImageSetConfiguration: json: unknown field ${JSON.stringify(name)}`,
    );
    expect(diagnostics.map(({ code }) => code)).toEqual(['unknown-field', 'unknown-field']);
  });

  it.each(names)('as a tag (!!%s) makes a text, as an architecture it is unknown', (name) => {
    const text = `${head}mirror:\n  platform:\n    architectures: [!!${name} ${name}]\n`;
    const found = load(text).diagnostics.filter(({ code }) => code === 'unknown-architecture');
    expect(found).toEqual([expect.objectContaining({ text: name })]);
    expect(found[0]).not.toHaveProperty('fix');
  });
});

describe('a file that holds more than is read', () => {
  it.each([
    ['brackets', `a: ${'['.repeat(100_000)}`],
    ['braces that are closed', `a: ${'{a: '.repeat(3000)}1${'}'.repeat(3000)}`],
    ['nested items', `a:\n  ${'- '.repeat(5000)}x\n`],
    ['an alias bomb', bomb((level) => `[${`*a${level}, `.repeat(9)}]`)],
    ['a bomb of merge keys', bomb((level) => `{<<: [${`*a${level}, `.repeat(9)}]}`)],
  ])('as %s is refused in a moment', (_, text) => {
    const { refusal, diagnostics } = load(`${head}mirror: {}\n${text}`);
    expect(refusal).toMatch(
      /excessive aliasing|max depth|levels of nesting|find expected|could not/,
    );
    expect(diagnostics.length).toBeGreaterThan(0);
  });

  it('is told so, and not that it is no YAML', () => {
    const [found] = load(`${head}mirror: {}\na:\n  ${'- '.repeat(300)}x\n`).diagnostics;
    expect(found).toMatchObject({
      code: 'yaml-limit',
      summary: 'The file holds more than is read of one file.',
    });
  });

  it('is not a file of many images, and each has its line', () => {
    const images = Array.from(
      { length: 20_000 },
      (_, index) => `  - name: quay.io/a/b${index}:1\n`,
    );
    const { imageSet, refusal } = load(`${head}mirror:\n  additionalImages:\n${images.join('')}`);
    expect(refusal).toBeUndefined();
    const last = images.length - 1;
    expect(imageSet?.locate(['mirror', 'additionalImages', last]).line).toBe(5 + last);
  }, 60_000);
});

/** Makes anchors that each stand for the one before many times. */
function bomb(next: (level: number) => string): string {
  const lines = ['a0: &a0 {x: 1, y: 2}'];
  for (let level = 0; level < 12; level += 1)
    lines.push(`a${level + 1}: &a${level + 1} ${next(level)}`);
  return lines.join('\n');
}

it('warns of documents behind the first one, and of nothing that only closes it', () => {
  expect(found(`${head}mirror: {}\n---\nkind: Pod\n`)).toEqual(['4:1 several-documents']);
  expect(found(`---\n${head}mirror: {}\n...\n---\n# end\n`)).toEqual([]);
});

describe('a mistake that makes others', () => {
  const below = (text: string) => found(`${head}mirror:\n${text}`);

  it.each([
    ['  operators: [{catalogue: "a.io/b:1"}]\n', ['4:16 unknown-field']],
    ['  operators: [{catalog: "a.io/b:1", packages: [{nmae: x}]}]\n', ['4:49 unknown-field']],
    ['  operators: [{catalog: "a.io/b:1", packages: [x]}]\n', ['4:48 wrong-type']],
    ['  platform: {channels: [{name: 4.18}]}\n', ['4:32 wrong-type']],
    ['  additionalImages: [{image: "a.io/b:1"}]\n', ['4:23 unknown-field']],
  ])('is told alone: %j', (text, places) => {
    expect(below(text)).toEqual(places);
    expect(found(`${head}mirorr: {}\n`)).toEqual(['3:1 unknown-field']);
  });

  it('is that of an object of a cluster: its parts are told, not what they lack', () => {
    const text = `${head}metadata: {name: a}\nspec:\n  mirror: {}\n`;
    expect(found(text)).toEqual(['3:1 unknown-field', '4:1 unknown-field']);
    expect(load(text).diagnostics[1]?.detail).toContain('move what is below it to the beginning');
  });

  it('does not hide another one beside it', () => {
    expect(below('  operators: [{catalog: "a.io/b", extra: 1}]\n')).toEqual([
      '4:35 unknown-field',
      '4:25 catalog-reference',
    ]);
  });
});

describe('advice on a text that is no YAML', () => {
  it.each([
    [
      '  operators:\n  - catalog: a.io/b:1\n     packages: []\n',
      'Indent the key like those next to',
    ],
    ['  operators:\n  - catalog: a.io/b:1\n    packages\n    full: true\n', 'Add the missing ":"'],
    ['  operators:\n  - catalog:a.io/b:1\n    full: true\n', 'Write a blank behind the ":".'],
    ['  operators:\n  -catalog: a.io/b:1\n    full: true\n', 'Write a blank behind the "-".'],
    ['  operators:\n  - a.io/b\n    full: true\n', 'Write the key of a list entry too'],
    ['  operators:\n  - catalog:\u00a0a.io/b\n    full: true\n', 'only looks like a blank'],
    ['  a: b: c\n', 'quote a text that holds ": "'],
  ])('names the slip in %j', (text, advice) => {
    const [one] = load(`${head}mirror:\n${text}`).diagnostics;
    expect(one?.code).toBe('yaml-syntax');
    expect(one?.detail).toContain(advice);
  });

  it('gives the entry for a text in place of a mapping', () => {
    const [one] = load(`${head}mirror: {blockedImages: [quay.io/a]}\n`).diagnostics;
    expect(one?.fix).toBe('- name: quay.io/a');
  });
});

it('tells thousands of mistakes in time that grows with their number', () => {
  const entries = Array.from({ length: 8_000 }, (_, index) => `  - nme: quay.io/a/b:${index}\n`);
  const { diagnostics } = load(`${head}mirror:\n  additionalImages:\n${entries.join('')}`);
  expect(diagnostics).toHaveLength(8_000);
}, 10_000);
