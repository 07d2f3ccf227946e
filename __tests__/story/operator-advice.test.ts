import { describe, expect, it } from 'vitest';
import type { ConfigFile, PlanResult } from '../../src/run/index.ts';
import { change, type Lab, makeLab } from '../support/lab.ts';
import { operatorsConfig, publishCatalog, type TestPackage } from '../support/operators.ts';

const acm: TestPackage = {
  name: 'acm',
  versions: ['1.0.0', '1.1.0', '1.2.0', '2.0.0'],
  channels: { 'stable-2': ['1.2.0', '2.0.0'], 'stable-1': ['1.0.0', '1.1.0', '1.2.0'] },
};

/** Writes an image set of one entry; each line stands below the one before. */
function imageSet(lab: Lab, packages: readonly string[], name?: string, tag = 'v1'): ConfigFile {
  const catalog = `catalog: ${lab.source.host}/acme/index:${tag}`;
  const lines = packages.map((one) => `        - ${one}`);
  return operatorsConfig([[catalog, '      packages:', ...lines].join('\n')], name);
}

async function planOf(lab: Lab, file: ConfigFile): Promise<PlanResult> {
  return await lab.plan(change(undefined, [file]));
}

type Said = Pick<PlanResult, 'diagnostics' | 'failures'>;

/** The messages of a plan or a mirror run, its failures included. */
function told({ diagnostics, failures }: Said, code: string) {
  return [...diagnostics, ...failures.map(({ diagnostic }) => diagnostic)]
    .filter((one) => one.code === code)
    .map(({ severity, at, fix, detail = '' }) => ({ severity, line: at?.line, fix, detail }));
}

describe('a plan that cannot be made', () => {
  it.each([
    [
      'the default channel is filtered out',
      acm,
      '{name: acm, channels: [{name: stable-1}]}',
      { code: 'operator-default-channel-dropped', fix: 'defaultChannel: stable-1' },
    ],
    [
      'a channel has several heads',
      {
        ...acm,
        channels: {},
        defaultChannel: 'x',
        documents: [
          {
            schema: 'olm.channel',
            package: 'acm',
            name: 'x',
            entries: [{ name: 'acm.v1.0.0' }, { name: 'acm.v2.0.0' }],
          },
        ],
      },
      '{name: acm}',
      { code: 'operator-channel-graph', fix: 'minVersion: 2.0.0\nmaxVersion: 2.0.0' },
    ],
    [
      'a range is empty',
      acm,
      '{name: acm, channels: [{name: stable-2, minVersion: "3.0.0"}]}',
      { code: 'operator-empty-range', fix: 'minVersion: 2.0.0' },
    ],
  ] as const)('says so at its line when %s', async (_, published, wish, { code, fix }) => {
    const lab = await makeLab();
    await publishCatalog(lab, 'acme/index:v1', [published]);
    const result = await planOf(lab, imageSet(lab, [wish]));
    expect(result.plan).toBeUndefined();
    expect(told(result, code)).toMatchObject([{ severity: 'error', line: 7, fix }]);
  });
});

describe('advice about what an operator requires', () => {
  const requires = (type: string, value: unknown): TestPackage => ({
    name: 'gitops',
    versions: ['1.0.0'],
    properties: [{ type, value }],
  });
  const needsAcm = requires('olm.package.required', { packageName: 'acm', versionRange: '>=1.2' });
  const gvk = { group: 'acme.io', version: 'v1', kind: 'Thing' };
  const needsThing = requires('olm.gvk.required', gvk);
  const thing: TestPackage = {
    name: 'things',
    versions: ['1.0.0'],
    properties: [{ type: 'olm.gvk', value: gvk }],
  };

  it('gives the entry of a package to add, and nothing once it is there', async () => {
    const lab = await makeLab();
    await publishCatalog(lab, 'acme/index:v1', [acm, needsAcm]);
    const result = await planOf(lab, imageSet(lab, ['name: gitops']));
    expect(result.plan).toBeDefined();
    expect(told(result, 'operator-dependency-missing')).toMatchObject([
      { severity: 'warning', line: 6, fix: '- name: acm\n  channels:\n    - name: stable-2' },
    ]);
    const mended = await planOf(
      lab,
      imageSet(lab, ['name: gitops', '{name: acm, channels: [{name: stable-2}]}']),
    );
    expect(told(mended, 'operator-dependency-missing')).toEqual([]);
  });

  it('finds out which package brings a kind of resource', async () => {
    const lab = await makeLab();
    await publishCatalog(lab, 'acme/index:v1', [acm, needsThing, thing]);
    const result = await planOf(lab, imageSet(lab, ['name: gitops']));
    const [found] = told(result, 'operator-dependency-missing');
    expect(found?.fix).toBe('- name: things\n  channels:\n    - name: stable');
    expect(found?.detail).toContain('acme.io/v1/Thing');
  });

  it('tells once of several that are missing, with an entry for each', async () => {
    const lab = await makeLab();
    const both = {
      ...needsAcm,
      properties: [needsAcm, needsThing].flatMap((p) => p.properties ?? []),
    };
    await publishCatalog(lab, 'acme/index:v1', [acm, both, thing]);
    const result = await planOf(lab, imageSet(lab, ['name: gitops']));
    const [found, ...more] = told(result, 'operator-dependency-missing');
    expect(more).toEqual([]);
    expect(found?.fix).toContain('- name: acm\n');
    expect(found?.fix).toContain('- name: things\n');
  });

  it('is silent when another catalog of the image set has it', async () => {
    const lab = await makeLab();
    await publishCatalog(lab, 'acme/index:v1', [acm, needsAcm]);
    await publishCatalog(lab, 'acme/other:v1', [acm]);
    const file = operatorsConfig([
      `{catalog: "${lab.source.host}/acme/index:v1", packages: [{name: gitops}]}`,
      `{catalog: "${lab.source.host}/acme/other:v1", packages: [{name: acm, channels: [{name: stable-2}]}]}`,
    ]);
    expect(told(await planOf(lab, file), 'operator-dependency-missing')).toEqual([]);
  });

  it('is silent when another image set of the target has it', async () => {
    const lab = await makeLab();
    await publishCatalog(lab, 'acme/index:v1', [acm, needsAcm]);
    await publishCatalog(lab, 'acme/other:v1', [acm]);
    const other = operatorsConfig(
      [`{catalog: "${lab.source.host}/acme/other:v1", packages: [{name: acm}]}`],
      'other.yaml',
    );
    const ours = imageSet(lab, ['name: gitops']);
    expect(told(await planOf(lab, ours), 'operator-dependency-missing')).toHaveLength(1);
    await lab.apply(change([], [other]));
    expect(told(await planOf(lab, ours), 'operator-dependency-missing')).toEqual([]);
  });

  it('is given when mirroring too, where it fails nothing', async () => {
    const lab = await makeLab();
    await publishCatalog(lab, 'acme/index:v1', [acm, needsAcm]);
    const report = await lab.mirror([imageSet(lab, ['name: gitops'])]);
    expect(told(report, 'operator-dependency-missing')).toHaveLength(1);
    expect([report.failures, report.imageFailures]).toEqual([[], []]);
  });
});

describe('advice about a catalog whose tag moved', () => {
  const moved: TestPackage = {
    name: 'acm',
    versions: ['2.0.0', '2.1.0'],
    channels: { 'stable-2': ['2.0.0', '2.1.0'] },
  };
  const wish = 'name: acm';

  it('compares with what was last applied: a channel is gone', async () => {
    const lab = await makeLab();
    await publishCatalog(lab, 'acme/index:v1', [acm]);
    const file = imageSet(lab, [wish]);
    await lab.apply(change([], [file]));
    await publishCatalog(lab, 'acme/index:v1', [moved]);
    const result = await planOf(lab, file);
    const [gone] = told(result, 'operator-channel-gone');
    expect(gone).toMatchObject({ severity: 'warning', line: 7 });
    expect(gone?.detail).toMatch(
      /^Channel "stable-1" of package "acm" was mirrored from (\S+) \(sha256:[0-9a-f]{12}\); \1 \(sha256:[0-9a-f]{12}\) does/,
    );
    expect(result.plan?.operators).toMatchObject([
      { channel: 'stable-1', removed: [{ version: '1.2.0', updates: false }] },
      { channel: 'stable-2', head: '2.1.0', added: ['2.1.0'], removed: [{ version: '2.0.0' }] },
    ]);
    const report = await lab.mirror([file]);
    expect(told(report, 'operator-channel-gone')).toHaveLength(1);
  });

  it('has nothing to compare with when the workspace is lost', async () => {
    const lab = await makeLab();
    await publishCatalog(lab, 'acme/index:v1', [acm]);
    const file = imageSet(lab, [wish]);
    await lab.apply(change([], [file]));
    await publishCatalog(lab, 'acme/index:v1', [moved]);
    const elsewhere = `${lab.workspace}-of-another-runner`;
    const result = await lab.plan(change(undefined, [file]), { workspace: elsewhere });
    expect(result.plan).toBeDefined();
    expect(told(result, 'operator-channel-gone')).toEqual([]);
  });

  it('takes a catalog for the same when only its tag is another one', async () => {
    const lab = await makeLab();
    await publishCatalog(lab, 'acme/index:v1', [acm]);
    await publishCatalog(lab, 'acme/index:v2', [moved]);
    const before = imageSet(lab, ['{name: acm, channels: [{name: stable-1}, {name: stable-2}]}']);
    await lab.apply(change([], [before]));
    const after = imageSet(lab, ['{name: acm, channels: [{name: stable-2}]}'], undefined, 'v2');
    const result = await planOf(lab, after);
    const [gone] = told(result, 'operator-channel-gone');
    expect(gone).toMatchObject({ line: 7, fix: undefined });
    expect(gone?.detail).toMatch(
      /mirrored from \S+\/acme\/index:v1; \S+\/acme\/index:v2 does not /,
    );
  });
});

describe('advice about what is kept', () => {
  it('says what lies between, is deprecated, or newer, and blocks nothing', async () => {
    const lab = await makeLab();
    const deprecations = {
      schema: 'olm.deprecations',
      package: 'acm',
      entries: [
        { reference: { schema: 'olm.bundle', name: 'acm.v1.2.0' }, message: 'It is too old.' },
      ],
    };
    await publishCatalog(lab, 'acme/index:v1', [{ ...acm, documents: [deprecations] }]);
    const all =
      '{name: acm, channels: [{name: stable-1, minVersion: "1.0.0"}], defaultChannel: stable-1}';
    const head = '{name: acm, channels: [{name: stable-1}], defaultChannel: stable-1}';
    await lab.apply(change([], [imageSet(lab, [all])]));
    const result = await planOf(lab, imageSet(lab, [head]));
    expect(result.plan).toBeDefined();
    const codes = result.diagnostics.map(({ severity, code }) => `${severity} ${code}`);
    expect(codes).toEqual([
      'warning operator-deprecated',
      'warning operator-no-update-path',
      'notice operator-newer-channel',
    ]);
    const [stranded] = told(result, 'operator-no-update-path');
    expect(stranded).toMatchObject({ line: 7, fix: '- name: stable-1\n  minVersion: 1.0.0' });
  });
});
