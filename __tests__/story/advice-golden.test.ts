import { describe, it } from 'vitest';
import { silentLogger } from '../../src/log.ts';
import { type ConfigFile, lint, listOperators } from '../../src/run/index.ts';
import { formatFindings } from '../../src/views/index.ts';
import { expectGolden } from '../support/golden.ts';
import { change, makeLab } from '../support/lab.ts';
import { publishCatalog, type TestPackage } from '../support/operators.ts';

const family = ['odf-operator', 'ocs-operator', 'mcg-operator', 'ocs-client-operator'];

/** Channels of one storage release each; a later one begins at the end of the one before. */
const storageChannels = {
  'stable-4.18': ['4.18.0', '4.18.4'],
  'stable-4.19': ['4.18.4', '4.19.0', '4.19.2'],
};

function requires(...names: readonly string[]): Pick<TestPackage, 'properties'> {
  const properties = names.map((packageName) => ({
    type: 'olm.package.required',
    value: { packageName, versionRange: '>=4.18.0' },
  }));
  return { properties };
}

const storage: readonly TestPackage[] = family.map((name) => ({
  name,
  versions: ['4.18.0', '4.18.4', '4.19.0', '4.19.2'],
  channels: storageChannels,
  defaultChannel: 'stable-4.19',
  ...(name === 'odf-operator' && requires('ocs-operator', 'mcg-operator', 'ocs-client-operator')),
  ...(name === 'ocs-operator' && requires('mcg-operator', 'rook-ceph-operator')),
}));

const catalog: readonly TestPackage[] = [
  ...storage,
  {
    name: 'advanced-cluster-management',
    versions: ['2.12.3', '2.13.0', '2.13.1', '2.14.0'],
    channels: {
      'release-2.14': ['2.13.1', '2.14.0'],
      'release-2.13': ['2.12.3', '2.13.0', '2.13.1'],
      'release-2.12': ['2.12.3'],
    },
  },
  {
    name: 'cluster-logging',
    versions: ['5.9.1', '6.2.0', '6.2.1'],
    channels: { 'stable-6.2': ['6.2.0', '6.2.1'], 'stable-5.9': ['5.9.1'] },
    documents: [
      {
        schema: 'olm.deprecations',
        package: 'cluster-logging',
        entries: ['olm.channel', 'olm.bundle'].map((schema) => ({
          reference: {
            schema,
            name: schema === 'olm.channel' ? 'stable-5.9' : 'cluster-logging.v5.9.1',
          },
          message: 'Logging 5.9 is at its end of life.',
        })),
      },
    ],
  },
  { name: 'loki-operator', versions: ['6.2.0'] },
  { name: 'openshift-gitops-operator', versions: ['1.15.0', '1.16.0'] },
  { name: 'local-storage-operator', versions: ['4.18.0'] },
];

function file(index: string, name: string, lines: readonly string[]): ConfigFile {
  const text = [
    'kind: ImageSetConfiguration',
    'apiVersion: mirror.openshift.io/v2alpha1',
    'mirror:',
    '  operators:',
    `  - catalog: ${index}`,
    ...lines.map((line) => `    ${line}`),
  ].join('\n');
  return { name, text: `${text}\n` };
}

const listed = (names: readonly string[], channel: string) =>
  names.flatMap((name) => [
    `- name: ${name}`,
    `  defaultChannel: ${channel}`,
    `  channels: [{name: ${channel}}]`,
  ]);

const images = (...names: readonly string[]) =>
  ['additionalImages:', ...names.map((name) => `- name: ${name}`)].map((line) => line);

function imageSets(index: string): readonly ConfigFile[] {
  const of = (name: string, ...lines: readonly string[]) => file(index, name, lines);
  const hub = of(
    'hub.yaml',
    'packages:',
    ...listed(family, 'stable-4.18'),
    '- name: advanced-cluster-management',
    '  channels: [{name: release-2.13}, {name: release-2.14}]',
    '- name: cluster-logging',
    '- name: quay-operator',
    '- name: openshift-gitops',
  );
  const more = images(
    'registry.example/ubi9/ubi:latest',
    'quay.example/acme/tool:v1',
    'quay.example/acme/shell:latest',
    'quay.example/acme/probe:latest',
  );
  return [
    { ...hub, text: `${hub.text}${more.map((line) => `  ${line}`).join('\n')}\n` },
    of('edge.yaml', 'packages:', '- name: odf-operator', '- name: loki-operator'),
    of('site.yaml', 'packages:', ...listed(['ocs-operator', 'mcg-operator'], 'stable-4.17')),
    of('wrong.yaml', 'packages:', '- name: compliance-operator', '- name: kiali'),
    of(
      'heads.yaml',
      'packages:',
      '- name: advanced-cluster-management',
      '- name: cluster-logging',
      '  minVersion: 6.2.0',
    ),
    of(
      'names.yaml',
      'packages:',
      '- name: cluster-logging.v6.2.1',
      '- name: loki-operator-bundle',
      '- name: local-storage-opreator',
    ),
    of('twice.yaml', 'packages:', ...Array(2).fill('- name: openshift-gitops-operator')),
    of(
      'pins.yaml',
      'packages:',
      '- name: advanced-cluster-management',
      '  channels: [{name: release-2.13}]',
      '- name: cluster-logging',
      '  channels: [{name: stable-6.2, minVersion: 6.2.2, maxVersion: 6.2.2}]',
      '- name: openshift-gitops-operator',
      '  channels: [{name: latest}]',
    ),
    of('template.yaml', 'packages:', '- name: loki-operator', '  minVersion: $LOKI_VERSION'),
    {
      name: 'elsewhere.yaml',
      text: file('registry.example/redhat/certified-operator-index:v4.19', '', [])
        .text.concat('  - catalog: oci:///srv/another/machine\n')
        .concat('  - catalog: registry.example/acme/index:v4:19\n')
        .concat('  - catalog: registry.example/acme/other:v1\n'),
    },
    { name: 'cluster.yaml', text: 'kind: ImageSet\nspec: {mirror: {}}\n' },
  ];
}

describe('advice on image sets as people write them', () => {
  it('says of each file what its golden file says, and no more', async () => {
    const lab = await makeLab();
    await publishCatalog(lab, 'redhat/redhat-operator-index:v4.19', catalog);
    const index = `${lab.source.host}/redhat/redhat-operator-index:v4.19`;
    await listOperators(lab.settings(), { catalog: index });
    const told: string[] = [];
    for (const one of imageSets(index)) {
      const found = await lint({ workspace: lab.workspace, log: silentLogger }, [one]);
      told.push(`# ${one.name}`, formatFindings(found), '');
    }
    expectGolden('advice.txt', told.join('\n').replaceAll(lab.source.host, 'registry.example'));
  }, 60_000);

  it('says of an index that is raised what the clusters lose', async () => {
    const lab = await makeLab();
    const [was, now] = ['v4.18', 'v4.19'].map((tag) => `redhat/redhat-operator-index:${tag}`);
    const old = catalog.filter(({ name }) => name !== 'cluster-logging');
    const gone: TestPackage = {
      name: 'cluster-logging',
      versions: ['5.8.0', '5.9.1'],
      channels: { 'stable-5.8': ['5.8.0'], 'stable-5.9': ['5.8.0', '5.9.1'] },
      defaultChannel: 'stable-5.9',
    };
    await publishCatalog(lab, was ?? '', [
      ...old,
      gone,
      { name: 'rhsso-operator', versions: ['7.6.0'] },
    ]);
    await publishCatalog(lab, now ?? '', catalog);
    const [before, after] = [was, now].map((tag) => `${lab.source.host}/${tag}`);
    const whole = file(before ?? '', 'whole.yaml', []);
    const told: string[] = [];
    const plan = async (title: string, one: ConfigFile) => {
      const { diagnostics } = await lab.plan(change(undefined, [one]));
      const found = diagnostics.filter(({ code }) => code.startsWith('operator-'));
      told.push(`# ${title}`, formatFindings(found), '');
    };
    await lab.apply(change([], [whole]));
    await plan('the whole index, raised', file(after ?? '', 'whole.yaml', []));
    await plan(
      'the index raised, and packages chosen',
      file(after ?? '', 'whole.yaml', [
        'packages:',
        '- name: loki-operator',
        '- name: cluster-logging',
      ]),
    );
    expectGolden(
      'advice-change.txt',
      told.join('\n').replaceAll(lab.source.host, 'registry.example'),
    );
  }, 60_000);
});
