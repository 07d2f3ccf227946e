import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../src/diagnostic.ts';
import { silentLogger } from '../../src/log.ts';
import { type ConfigFile, lint, listOperators } from '../../src/run/index.ts';
import { change, type Lab, makeLab } from '../support/lab.ts';
import {
  makeOperatorCatalog,
  operatorsConfig,
  publishCatalog,
  type TestPackage,
  writeLayout,
} from '../support/operators.ts';

const packages: readonly TestPackage[] = [
  { name: 'acm', versions: ['1.0.0', '1.1.0'] },
  { name: 'kiali', versions: ['2.0.0'] },
];

async function makeLintLab() {
  const lab = await makeLab();
  await publishCatalog(lab, 'acme/index:v1', packages);
  const catalog = `${lab.source.host}/acme/index:v1`;
  const check = async (...files: readonly ConfigFile[]) => {
    lab.source.fake?.log.clear();
    const report = await lint({ workspace: lab.workspace, log: silentLogger }, files);
    expect(lab.source.fake?.log.entries).toEqual([]);
    return report;
  };
  const entry = (more: string) => operatorsConfig([`{catalog: "${catalog}", ${more}}`]);
  return { lab, catalog, check, entry };
}

const codesOf = (diagnostics: readonly Diagnostic[]) => diagnostics.map(({ code }) => code);

async function operatorFindings(lab: Lab, file: ConfigFile): Promise<readonly Diagnostic[]> {
  const { diagnostics, failures } = await lab.plan(change([], [file]));
  const all = [...failures.map((one) => one.diagnostic), ...diagnostics];
  return all.filter(({ code }) => code.startsWith('operator-'));
}

describe('checking a file', () => {
  it.each([
    ['an unknown package', 'packages: [{name: kialli}, {name: acm}]', 'operator-unknown-package'],
    [
      'an unknown channel',
      'packages: [{name: acm, channels: [{name: stabel}, {name: stable}]}]',
      'operator-unknown-channel',
    ],
    ['an empty range', 'packages: [{name: acm, minVersion: "7.0.0"}]', 'operator-empty-range'],
    [
      'a bad override',
      'packages: [{name: acm, defaultChannel: none}]',
      'operator-default-channel-unknown',
    ],
  ])('says of operators what a plan says: %s', async (_, more, code) => {
    const { lab, check, entry } = await makeLintLab();
    const planned = await operatorFindings(lab, entry(more));
    expect(codesOf(planned)).toContain(code);
    const diagnostics = await check(entry(more));
    expect(diagnostics).toEqual(planned);
  });

  it('warns of a package that an operator requires, unless another file mirrors it', async () => {
    const { lab, catalog, check, entry } = await makeLintLab();
    const value = { packageName: 'kiali', versionRange: '>=2' };
    const properties = [{ type: 'olm.package.required', value }];
    await publishCatalog(lab, 'acme/index:v1', [
      { name: 'acm', versions: ['1.0.0'], properties },
      { name: 'kiali', versions: ['2.0.0'] },
    ]);
    await listOperators(lab.settings(), { catalog });
    const file = entry('packages: [{name: acm}]');
    expect(await check(file)).toMatchObject([
      { severity: 'warning', code: 'operator-dependency-missing', at: { line: 5 } },
    ]);
    const other = { ...entry('packages: [{name: kiali}]'), name: 'other.yaml' };
    expect(await check(file, other)).toEqual([]);
  });

  it('knows a catalog that was listed, and has nothing to say of a good choice', async () => {
    const { lab, catalog, check, entry } = await makeLintLab();
    await listOperators(lab.settings(), { catalog });
    expect(await check(entry('packages: [{name: acm}]'))).toEqual([]);
  });

  it('says once which catalog the workspace does not have, and how to get it', async () => {
    const { catalog, check } = await makeLintLab();
    const twice = ['', ', targetTag: u'].map((more) => `{catalog: "${catalog}"${more}}`);
    const diagnostics = await check(operatorsConfig(twice));
    expect(diagnostics).toEqual([
      expect.objectContaining({
        severity: 'notice',
        code: 'catalog-not-in-workspace',
        text: catalog,
        fix: `imageset-mirror list operators --catalog ${catalog}`,
        at: expect.objectContaining({ line: 5 }),
      }),
    ]);
  });

  it('does not take the directory of another machine for a mistake', async () => {
    const { check } = await makeLintLab();
    const found = await check(operatorsConfig(['{catalog: "oci:///srv/of/another/machine"}']));
    expect(found).toMatchObject([{ severity: 'notice', code: 'catalog-not-in-workspace' }]);
    expect(found[0]).not.toHaveProperty('fix');
  });

  it('knows a catalog by its digest, and one in a directory', async () => {
    const { lab, check } = await makeLintLab();
    const layout = `${lab.workspace}-layout`;
    await writeLayout(layout, await makeOperatorCatalog(lab, packages));
    const digest = await publishCatalog(lab, 'acme/index:v2', [{ name: 'x', versions: ['1.0.0'] }]);
    const byDigest = `${lab.source.host}/acme/index@${digest}`;
    const file = operatorsConfig([
      `{catalog: "oci://${layout}", packages: [{name: kialli}, {name: acm}]}`,
      `{catalog: "${byDigest}", packages: [{name: z}, {name: x}]}`,
    ]);
    const both = (diagnostics: readonly Diagnostic[]) =>
      diagnostics.map(({ code, text }) => `${code} ${text}`);
    expect(await check(file)).toMatchObject([
      {
        code: 'catalog-not-in-workspace',
        fix: [`oci://${layout}`, byDigest]
          .map((name) => `imageset-mirror list operators --catalog ${name}`)
          .join('\n'),
      },
    ]);
    await lab.plan(change([], [file]));
    expect(both(await check(file))).toEqual([
      'operator-unknown-package kialli',
      'operator-unknown-package z',
    ]);
  });

  it.each(['references', 'index.json', 'blobs'])(
    'takes a catalog whose %s are damaged for one that is not there',
    async (what) => {
      const { lab, catalog, check, entry } = await makeLintLab();
      await listOperators(lab.settings(), { catalog });
      const root = join(lab.workspace, 'operator-catalogs');
      const [stored = ''] = readdirSync(root).filter((name) => name !== 'references');
      const paths =
        what === 'references'
          ? readdirSync(join(root, what)).map((name) => join(root, what, name))
          : [join(root, stored, what)];
      for (const path of paths) writeFileSync(path, 'damage');
      const diagnostics = await check(entry('packages: [{name: acm}]'));
      expect(codesOf(diagnostics)).toEqual(['catalog-not-in-workspace']);
      await listOperators(lab.settings(), { catalog, package: 'acm' });
      expect(await check(entry('packages: [{name: acm}]'))).toEqual([]);
    },
  );

  it('tells of a file for deleting what is wrong alone', async () => {
    const { lab, catalog, check, entry } = await makeLintLab();
    await publishCatalog(lab, 'acme/index:v1', [{ name: 'acm', versions: ['1.0.0+1', '1.0.0+2'] }]);
    await listOperators(lab.settings(), { catalog });
    const version = 'minVersion: "1.0.0", maxVersion: "1.0.0"';
    const file = entry(`packages: [{name: acm, ${version}}, {name: none}]`);
    expect(codesOf(await check(file))).toEqual([
      'operator-ambiguous-version',
      'operator-unknown-package',
    ]);
    const text = file.text.replace('ImageSetC', 'DeleteImageSetC').replace('mirror:', 'delete:');
    const diagnostics = await check({ name: 'delete.yaml', text });
    expect(codesOf(diagnostics)).toEqual(['operator-unknown-package']);
  });

  it.each([
    ['names what cannot be mirrored yet, as no fault of the file', 'dir:///srv/image', 'not-built'],
    [
      'names a mistake alone, though it cannot be mirrored either',
      'https://a.io/b:1',
      'invalid-name',
    ],
  ])('%s', async (_, name, code) => {
    const { check } = await makeLintLab();
    const text = `kind: ImageSetConfiguration\napiVersion: mirror.openshift.io/v2alpha1\nmirror:\n  additionalImages:\n  - name: ${name}\n`;
    const severity = code === 'not-built' ? 'warning' : 'error';
    expect(await check({ name: 'layout.yaml', text })).toMatchObject([
      { severity, code, at: { line: 5 } },
    ]);
  });

  it('refuses what oc-mirror refuses, and checks the others all the same', async () => {
    const { lab, catalog, check, entry } = await makeLintLab();
    await listOperators(lab.settings(), { catalog });
    const bad = { name: 'bad.yaml', text: 'kind: Pod\n' };
    const diagnostics = await check(bad, entry('packages: [{name: none}, {name: acm}]'));
    expect(codesOf(diagnostics)).toContain('wrong-kind');
    expect(codesOf(diagnostics)).toContain('operator-unknown-package');
  });

  it('leaves no trace where there is no workspace', async () => {
    const { lab, check, entry } = await makeLintLab();
    rmSync(lab.workspace, { recursive: true, force: true });
    await check(entry('full: true'));
    expect(() => readdirSync(lab.workspace)).toThrow('ENOENT');
  });
});
