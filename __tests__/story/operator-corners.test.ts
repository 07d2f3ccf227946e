import { rm, writeFile } from 'node:fs/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Digest } from '../../src/oci/index.ts';
import * as run from '../../src/run/index.ts';
import { change, type Lab } from '../support/lab.ts';
import { operatorsConfig, publishCatalog, type TestPackage } from '../support/operators.ts';
import { brokenTags } from '../support/whole.ts';
import { repositoryOf } from './hands.ts';
import { makeImageLab, pullTarget } from './image-lab.ts';

const packages: readonly TestPackage[] = [
  { name: 'acm', versions: ['1.0.0', '1.1.0'], shares: ['proxy'] },
  { name: 'kiali', versions: ['2.0.0'] },
];
const architectures = ['amd64', 'arm64', 's390x', 'ppc64le'];

function catalogConfig(lab: Lab, more: string, name?: string) {
  return operatorsConfig([`{catalog: "${lab.source.host}/acme/index:v1"${more}}`], name);
}

async function childrenAt(lab: Lab, name: string, reference: string) {
  const manifest = await repositoryOf(lab, lab.target, name).manifests.fetch(reference);
  return manifest?.kind === 'index' ? manifest.manifests : undefined;
}

const quiet = () => undefined;

describe('a catalog of several architectures', () => {
  it.each([2, 3, 4])('is made again for all %d of them', async (count) => {
    const lab = await makeImageLab();
    const own = architectures.slice(0, count);
    await publishCatalog(lab, 'acme/index:v1', packages, own);
    const { imageFailures } = await lab.mirror([catalogConfig(lab, ', packages: [{name: acm}]')]);
    expect(imageFailures).toEqual([]);
    const children = await childrenAt(lab, 'acme/index', 'v1');
    expect(children?.map(({ platform }) => platform?.architecture)).toEqual(own);
    await pullTarget(lab, 'acme/index', 'v1');
  });

  it('is an index of one when it was a single image', async () => {
    const lab = await makeImageLab();
    await publishCatalog(lab, 'acme/index:v1', packages);
    await lab.mirror([catalogConfig(lab, ', packages: [{name: acm}]')]);
    const children = await childrenAt(lab, 'acme/index', 'v1');
    expect(children?.map(({ platform }) => platform?.architecture)).toEqual(['amd64']);
  });

  it.each(['packages: [{name: acm}]', 'full: true'])(
    'has those platforms alone that its entry names, and its whole index (%s)',
    async (choice) => {
      const lab = await makeImageLab({ sparseIndexes: 'accepted' });
      await publishCatalog(lab, 'acme/index:v1', packages, architectures);
      const platforms = 'platforms: [{os: linux, architecture: arm64}]';
      const config = catalogConfig(lab, `, ${choice}, ${platforms}`);
      const { imageFailures } = await lab.mirror([config]);
      expect(imageFailures).toEqual([]);
      const children = (await childrenAt(lab, 'acme/index', 'v1')) ?? [];
      const { manifests } = repositoryOf(lab, lab.target, 'acme/index');
      const there: (string | undefined)[] = [];
      for (const { digest, platform } of children) {
        if (await manifests.resolve(digest)) there.push(platform?.architecture);
      }
      expect([children.length, there]).toEqual([4, ['arm64']]);
    },
  );

  it('fails when it lacks a platform that its entry names', async () => {
    const lab = await makeImageLab({ sparseIndexes: 'accepted' });
    await publishCatalog(lab, 'acme/index:v1', packages, ['amd64', 'arm64']);
    const platforms = 'platforms: [{os: linux, architecture: s390x}]';
    const { imageFailures } = await lab.mirror([catalogConfig(lab, `, full: true, ${platforms}`)]);
    expect(imageFailures.map(({ message }) => message).join('\n')).toContain(
      'no instances found for platform linux/s390x',
    );
    expect(
      await repositoryOf(lab, lab.target, 'acme/index').manifests.resolve('v1'),
    ).toBeUndefined();
  });

  it('has lines for its images in a dry run with manifest lists, before and after the filter', async () => {
    const lab = await makeImageLab();
    await publishCatalog(lab, 'acme/index:v1', packages, ['amd64', 'arm64', 's390x']);
    const upstream = await lab.wire.repository(lab.source.host, 'acme/index').manifests.fetch('v1');
    const own = upstream?.kind === 'index' ? upstream.manifests.map(({ digest }) => digest) : [];
    const files = [catalogConfig(lab, ', packages: [{name: kiali}]')];
    const request = { files, dryRun: 'manifest-lists', destination: 'registry' } as const;
    const { mapping } = await run.mirror(lab.settings(), request, quiet);
    const catalog = mapping.filter(({ source }) => source.includes('/index'));
    expect(catalog.map(({ children }) => children)).toEqual([own, own]);
  });
});

describe('shortened paths', () => {
  it('hold for catalogs on the way and in the target, for their CatalogSource and when they go', async () => {
    const lab = await makeImageLab();
    await publishCatalog(lab, 'acme/deep/index:v1', packages);
    const settings = { target: `${lab.target.host}/a/b`, maxNestedPaths: 2 };
    const configOf = (names: string) =>
      operatorsConfig([`{catalog: "${lab.source.host}/acme/deep/index:v1", packages: [${names}]}`]);
    const [both, one] = [configOf('{name: acm}, {name: kiali}'), configOf('{name: kiali}')];
    const files = [both];
    const dry = { files, dryRun: 'mapping', destination: 'registry' } as const;
    const { mapping } = await run.mirror(lab.settings(settings), dry, quiet);
    expect(mapping.slice(-2).map(({ destination }) => destination)).toEqual([
      'docker://localhost:55000/acme/deep-index:v1',
      `docker://${lab.target.host}/a/b-acme-deep-index:v1`,
    ]);
    const { applied } = await lab.apply(change(undefined, files), settings);
    const text = applied?.files.get('cluster-resources/cs-b-acme-deep-index-v1.yaml');
    expect(text).toContain(`image: ${lab.target.host}/a/b-acme-deep-index:v1`);
    const checked = await run.verify(lab.settings(settings), quiet);
    expect(checked).toMatchObject({ done: checked.total, notes: [] });
    expect(checked.total).toBeGreaterThan(0);
    const { planned } = await lab.apply(change(files, [one]), settings);
    expect(planned.plan?.totals).toMatchObject({ retag: 1, delete: 4 });
    expect(brokenTags(lab.to.store)).toEqual([]);
    expect([...lab.to.store.keys()].filter((name) => name.includes('acm-bundle'))).toEqual([
      'a/b-acme-acm-bundle',
    ]);
    expect(lab.to.store.get('a/b-acme-acm-bundle')?.tags.size).toBe(0);
  });
});

describe('a plan that another process applies', () => {
  it('finds the catalogs that were made for it in the same workspace, without the image sets', async () => {
    const lab = await makeImageLab();
    await publishCatalog(lab, 'acme/index:v1', packages, ['amd64', 'arm64']);
    const config = catalogConfig(lab, ', packages: [{name: acm}]');
    const planned = await lab.plan(change(undefined, [config]));
    const planText = planned.files.get('plan.json') ?? '';
    // Its tag may go on: the content is pinned, and what the filter made lies in the workspace.
    lab.from.store.get('acme/index')?.tags.clear();
    const request = { planText, approval: { require: 'none' }, files: [] } as const;
    const { result, files } = await run.apply(lab.settings(), request, quiet);
    expect(result.status).toBe('applied');
    const made = planned.plan?.changes.find(({ kind }) => kind === 'operatorCatalog')?.digest;
    expect(await pullTarget(lab, 'acme/index', 'v1')).toBe(made as Digest);
    expect([...files.keys()]).toContain('cluster-resources/cs-index-v1.yaml');
    const again = await run.apply(lab.settings(), request, quiet);
    expect(again.result.status).toBe('nothing');
  });
});

describe('a catalog that only the state knows', () => {
  it('keeps its template while other image sets are applied', async () => {
    const lab = await makeImageLab();
    const template = `${lab.workspace}-template.yaml`;
    await writeFile(
      template,
      'apiVersion: operators.coreos.com/v1alpha1\nkind: CatalogSource\nspec: {priority: -7}\n',
    );
    onTestFinished(() => rm(template));
    await publishCatalog(lab, 'acme/index:v1', packages);
    const more = `, targetCatalog: our/ops, targetCatalogSourceTemplate: "${template}"`;
    const mine = catalogConfig(lab, more, 'mine.yaml');
    const theirs = catalogConfig(lab, ', packages: [{name: kiali}]', 'theirs.yaml');
    await lab.apply(change([], [mine]));
    const { applied } = await lab.apply(change([], [theirs]));
    const text = (name: string) => applied?.files.get(`cluster-resources/${name}.yaml`) ?? '';
    expect(text('cs-ops-v1')).toContain('priority: -7');
    expect(text('cs-index-v1')).not.toContain('priority');
    const planned = await lab.plan(change([theirs], [theirs]));
    const planText = planned.files.get('plan.json') ?? '';
    const request = { planText, approval: { require: 'none' }, files: [] } as const;
    const { files } = await run.apply(lab.settings(), request, quiet);
    expect(files.get('cluster-resources/cs-ops-v1.yaml')).toContain('priority: -7');
  });
});
