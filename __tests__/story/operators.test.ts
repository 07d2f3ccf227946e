import { createHash } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { filterDigest, openCatalog, readCatalogImage } from '../../src/catalog/index.ts';
import { type LogEvent, silentLogger } from '../../src/log.ts';
import { isOfPlace } from '../../src/plan/index.ts';
import * as run from '../../src/run/index.ts';
import { memoryCache } from '../support/catalog.ts';
import { change, type Lab, makeLab } from '../support/lab.ts';
import {
  makeOperatorCatalog,
  operatorsConfig,
  publishCatalog,
  type TestPackage,
  writeLayout,
} from '../support/operators.ts';

const packages: readonly TestPackage[] = [
  { name: 'acm', versions: ['1.0.0', '1.1.0'], shares: ['proxy'] },
  { name: 'kiali', versions: ['2.0.0', '2.1.0'], shares: ['proxy'] },
];

async function tagsOf(lab: Lab, repository: string): Promise<readonly string[]> {
  return (await lab.wire.repository(lab.target.host, repository).tags.list()) ?? [];
}

/** The offer of a catalog of the target: channels' entries by package. */
async function offersOf(lab: Lab, repository: string, tag: string) {
  const handle = lab.wire.repository(lab.target.host, repository);
  const digest = (await handle.manifests.resolve(tag))?.digest;
  if (!digest) return undefined;
  const source = { repository: handle, cache: memoryCache() };
  const options = { directory: `${lab.workspace}/look`, log: silentLogger };
  const catalog = await openCatalog(await readCatalogImage(digest, source), source, options);
  const offers: Record<string, unknown> = {};
  for (const name of catalog.packageNames) {
    const blobs = (await catalog.read(name))?.blobs ?? [];
    offers[name] = blobs.filter(({ schema }) => schema === 'olm.bundle').map((one) => one.name);
  }
  return offers;
}

async function dryRun(lab: Lab, entry: string, destination: 'registry' | 'disk' = 'registry') {
  const target = destination === 'disk' ? 'localhost:55000' : `${lab.target.host}/ns`;
  const files = [operatorsConfig([entry])];
  const settings = lab.settings({ target });
  return await run.mirror(settings, { files, dryRun: 'mapping', destination }, () => undefined);
}

describe('operators of a catalog', () => {
  it('are mirrored with everything that their bundles need, and the catalog has them alone', async () => {
    const lab = await makeLab();
    await publishCatalog(lab, 'acme/index:v1', packages);
    const config = operatorsConfig([
      `catalog: ${lab.source.host}/acme/index:v1\n      packages: [{name: acm}]`,
    ]);
    const collected: string[] = [];
    const log = { ...silentLogger, event: (event: LogEvent) => collected.push(event.origin) };
    const report = await lab.mirror([config], { log });
    expect(collected).toEqual([`${lab.source.host}/acme/index:v1`]);
    expect(report.failures).toEqual([]);
    expect(report.imageFailures).toEqual([]);
    expect(report.counts).toEqual([{ kind: 'operator', collected: 4, copied: 4 }]);
    expect(await offersOf(lab, 'acme/index', 'v1')).toEqual({ acm: ['acm.v1.1.0'] });
    expect(await tagsOf(lab, 'acme/acm-bundle')).toHaveLength(1);
    expect(await tagsOf(lab, 'acme/operand')).toHaveLength(2);
  });
});

describe('the mapping of a dry run', () => {
  it('leads a filtered catalog over the local cache', async () => {
    const lab = await makeLab();
    const digest = await publishCatalog(lab, 'acme/index:v1', packages);
    const name = `${lab.source.host}/acme/index`;
    const { mapping } = await dryRun(lab, `{catalog: "${name}:v1", packages: [{name: acm}]}`);
    const md5 = createHash('md5')
      .update(`{"packages":[{"name":"acm"}],"catalog":"${name}@${digest}"}`)
      .digest('hex');
    expect(mapping.slice(-2)).toEqual([
      {
        source: `docker://${name}@${digest}`,
        destination: 'docker://localhost:55000/acme/index:v1',
      },
      {
        source: `docker://localhost:55000/acme/index:${md5}`,
        destination: `docker://${lab.target.host}/ns/acme/index:v1`,
      },
    ]);
    expect(mapping).toHaveLength(5);
  });

  it('counts the requests that it took, none of them a write', async () => {
    const lab = await makeLab();
    await publishCatalog(lab, 'acme/index:v1', packages);
    const { traffic } = await dryRun(lab, `{catalog: "${lab.source.host}/acme/index:v1"}`);
    expect(traffic.requests).toBeGreaterThan(2);
    expect(traffic.writes).toBe(0);
  });

  it.each([
    ['v1', 'registry', ', targetTag: u', 'index:u', 'index:u'],
    ['v1', 'registry', ', targetCatalog: our/ops', '../our/ops:v1', '../our/ops:v1'],
    ['@', 'registry', '', 'index:sha256-<digest>', 'index:sha256-<filter>'],
    ['v1@', 'registry', '', 'index:v1', 'index:v1'],
  ] as const)('names a catalog by %s to a %s with "%s"', async (by, to, more, first, last) => {
    const lab = await makeLab();
    const digest = await publishCatalog(lab, 'acme/index:v1', packages);
    const name = `${lab.source.host}/acme/index`;
    const reference =
      by === '@' ? `${name}@${digest}` : by === 'v1@' ? `${name}:v1@${digest}` : `${name}:v1`;
    const { mapping } = await dryRun(
      lab,
      `{catalog: "${reference}", packages: [{name: acm}]${more}}`,
      to,
    );
    const filter = filterDigest({ catalog: '', packages: [{ name: 'acm' }] }, name, digest);
    const path = (text: string) =>
      `acme/${text}`
        .replace('acme/../', '')
        .replace('<digest>', digest.slice(7))
        .replace('<filter>', filter);
    expect(mapping.slice(-2).map((one) => one.destination)).toEqual([
      `docker://localhost:55000/${path(first)}`,
      `docker://${lab.target.host}/ns/${path(last)}`,
    ]);
  });

  it('to disk has one line for a catalog', async () => {
    const lab = await makeLab();
    const digest = await publishCatalog(lab, 'acme/index:v1', packages);
    const name = `${lab.source.host}/acme/index`;
    const { mapping } = await dryRun(lab, `{catalog: "${name}@${digest}"}`, 'disk');
    expect(mapping.at(-1)).toEqual({
      source: `docker://${name}@${digest}`,
      destination: `docker://localhost:55000/acme/index:sha256-${digest.slice(7)}`,
    });
    expect(mapping.filter(({ source }) => source.includes('index'))).toHaveLength(1);
  });

  it('leads a whole catalog from upstream on both ways', async () => {
    const lab = await makeLab();
    const digest = await publishCatalog(lab, 'acme/index:v1', packages);
    const name = `${lab.source.host}/acme/index`;
    const { mapping } = await dryRun(lab, `{catalog: "${name}:v1", full: true}`);
    expect(mapping.slice(-2).map(({ source }) => source)).toEqual([
      `docker://${name}@${digest}`,
      `docker://${name}@${digest}`,
    ]);
    expect(mapping).toHaveLength(2 + 4 + 5);
  });
});

describe('blocked images', () => {
  it('are left out, and the catalog stays as it is', async () => {
    const lab = await makeLab();
    await publishCatalog(lab, 'acme/index:v1', packages);
    const { name, text } = operatorsConfig([`{catalog: "${lab.source.host}/acme/index:v1"}`]);
    const blocked = `${text}  blockedImages: [{name: acm-bundle}]\n`;
    const report = await lab.mirror([{ name, text: blocked }]);
    expect(report.counts).toEqual([{ kind: 'operator', collected: 5, copied: 5 }]);
    const offers = await offersOf(lab, 'acme/index', 'v1');
    expect(Object.keys(offers ?? {})).toEqual(['acm', 'kiali']);
  });
});

describe('other catalogs', () => {
  it('that are asked for in full are copied as they are', async () => {
    const lab = await makeLab();
    const digest = await publishCatalog(lab, 'acme/index:v1', packages);
    await lab.mirror([
      operatorsConfig([`{catalog: "${lab.source.host}/acme/index:v1", full: true}`]),
    ]);
    const handle = lab.wire.repository(lab.target.host, 'acme/index');
    expect((await handle.manifests.resolve('v1'))?.digest).toBe(digest);
  });

  it.each(['', ', full: true'])('of a directory are mirrored (%s)', async (more) => {
    const lab = await makeLab();
    const directory = `${lab.workspace}/layouts/ours`;
    await writeLayout(directory, await makeOperatorCatalog(lab, packages));
    const report = await lab.mirror([operatorsConfig([`{catalog: "oci://${directory}"${more}}`])]);
    expect([report.failures, report.imageFailures]).toEqual([[], []]);
    const offers = await offersOf(lab, 'ours', 'latest');
    expect(Object.keys(offers ?? {})).toEqual(['acm', 'kiali']);
  });

  it('that have bundles of the same name lose no images', async () => {
    const lab = await makeLab();
    await publishCatalog(lab, 'acme/index:v1', packages);
    await publishCatalog(lab, 'acme/index:v2', [
      { name: 'acm', versions: ['1.1.0'], shares: ['other'] },
    ]);
    const entry = (tag: string) =>
      `{catalog: "${lab.source.host}/acme/index:${tag}", packages: [{name: acm}]}`;
    await lab.mirror([operatorsConfig([entry('v1'), entry('v2')])]);
    expect(await tagsOf(lab, 'acme/operand')).toHaveLength(3);
    expect(await tagsOf(lab, 'acme/index')).toEqual(['v1', 'v2']);
  });
});

describe('an entry that is wrong', () => {
  it('leaves out the operators of all catalogs and says why, each at its line', async () => {
    const lab = await makeLab();
    await publishCatalog(lab, 'acme/index:v1', packages);
    const report = await lab.mirror([
      operatorsConfig([
        `{catalog: "${lab.source.host}/acme/index:v1"}`,
        `{catalog: "${lab.source.host}/acme/none:v1"}`,
        `{catalog: "${lab.source.host}/acme/index:v1", targetTag: u, packages: [{name: acm, minVersion: "7.0.0"}]}`,
      ]),
    ]);
    expect(
      report.failures.map(({ kind, diagnostic: { code, at } }) => [kind, code, at?.line]),
    ).toEqual([
      ['operator', 'catalog-unreadable', 6],
      ['operator', 'operator-empty-range', 7],
    ]);
    expect(report.failures[1]?.message).toContain(
      `collect catalog "${lab.source.host}/acme/index:v1": failed to filter catalog: `,
    );
    expect(await tagsOf(lab, 'acme/operand')).toEqual([]);
  });

  it('with a bad related image names bundle and package', async () => {
    const lab = await makeLab();
    await publishCatalog(lab, 'acme/index:v1', [
      { name: 'acm', versions: ['1.0.0'], extra: ['nothing'] },
    ]);
    const { failures } = await lab.mirror([
      operatorsConfig([`{catalog: "${lab.source.host}/acme/index:v1"}`]),
    ]);
    expect(failures).toHaveLength(1);
    expect(failures[0]?.message).toContain('error parsing image nothing: ');
    expect(failures[0]?.diagnostic.detail).toMatch(/acm\.v1\.0\.0.*acm/);
  });

  it('with an unknown package is warned of when mirroring, and an error of a plan of the rest', async () => {
    const lab = await makeLab();
    await publishCatalog(lab, 'acme/index:v1', packages);
    const config = operatorsConfig([
      `{catalog: "${lab.source.host}/acme/index:v1", packages: [{name: acm}, {name: kialli}]}`,
    ]);
    const found = { code: 'operator-unknown-package', text: 'kialli', fix: 'name: kiali' };
    const report = await lab.mirror([config]);
    expect(report.failures).toEqual([]);
    expect(report.diagnostics).toContainEqual(
      expect.objectContaining({ ...found, severity: 'warning' }),
    );
    const { plan, diagnostics } = await lab.plan(change([], [config]));
    expect(plan?.incomplete).toBe(true);
    expect(diagnostics).toContainEqual(expect.objectContaining({ ...found, severity: 'error' }));
  });
});

describe('a bundle that a change drops', () => {
  const configOf = (lab: Lab, names: string) =>
    operatorsConfig([`{catalog: "${lab.source.host}/acme/index:v1", packages: [${names}]}`]);

  it('goes with its images, save those that a kept one needs; the catalog is replaced first', async () => {
    const lab = await makeLab();
    await publishCatalog(lab, 'acme/index:v1', packages);
    const before = configOf(lab, '{name: acm}, {name: kiali}');
    const after = configOf(lab, '{name: kiali}');
    await lab.mirror([before]);
    const { planned, applied } = await lab.apply(change([before], [after]));
    expect(planned.plan?.totals).toMatchObject({ delete: 3, retag: 1, keep: 3 });
    const gone = planned.files.get('delete-imageset-config.yaml');
    expect(gone).toContain('- name: acm');
    expect(gone).not.toContain('kiali');
    expect(applied?.result.status).toBe('applied');
    expect(await offersOf(lab, 'acme/index', 'v1')).toEqual({ kiali: ['kiali.v2.1.0'] });
    expect(await tagsOf(lab, 'acme/operand')).toHaveLength(2);
    const again = await lab.apply(change([after], [after]));
    expect(again.applied?.result.status).toBe('nothing');
  });

  it('is named by its version where others of its package stay, and just that is found by it', async () => {
    const lab = await makeLab();
    await publishCatalog(lab, 'acme/index:v1', packages);
    const catalog = `catalog: "${lab.source.host}/acme/index:v1", packages: [{name: acm}]`;
    const before = operatorsConfig([`{${catalog}, full: true}`]);
    await lab.mirror([before]);
    const { plan, files } = await lab.plan(change([before], [operatorsConfig([`{${catalog}}`])]));
    expect(plan?.totals).toMatchObject({ delete: 3, retag: 1 });
    const text = files.get('delete-imageset-config.yaml') ?? '';
    expect(text).toMatch(/minVersion: 1\.0\.0/);
    const file = { name: 'delete.yaml', text };
    const { failures, count, deleteImages } = await run.deleteGenerate(lab.settings(), {
      file,
      signatures: 'keep',
    });
    expect([failures, count]).toEqual([[], 2]);
    const places = plan?.changes.filter(isOfPlace) ?? [];
    for (const one of places.filter(({ action }) => action === 'delete')) {
      expect(deleteImages).toContain(one.origin);
    }
  });

  it('is one of a range where its neighbours go too, and stands in the same file by its images where a range would take what stays', async () => {
    const lab = await makeLab();
    const versions = ['1.0.0', '1.1.0', '1.2.0', '2.0.0', '2.1.0'];
    await publishCatalog(lab, 'acme/index:v1', [{ name: 'acm', versions }]);
    const catalog = `catalog: "${lab.source.host}/acme/index:v1"`;
    const before = operatorsConfig([`{${catalog}, packages: [{name: acm}], full: true}`]);
    await lab.mirror([before]);
    const disc = async (wish: string) => {
      const { files } = await lab.plan(
        change([before], [operatorsConfig([`{${catalog}${wish}}`])]),
      );
      const texts = [...files].filter(([name]) => name.startsWith('delete-imageset-config'));
      return texts.map(([, text]) => {
        const ranges = text.match(/m(?:in|ax)Version: \S+/g)?.join(' ');
        return { ranges, images: text.match(/- name: \S+@sha256/g)?.length ?? 0 };
      });
    };
    expect(await disc(', packages: [{name: acm, minVersion: 2.0.0}]')).toEqual([
      { ranges: 'maxVersion: 1.2.0 minVersion: 1.0.0', images: 0 },
    ]);
    expect(await disc(', packages: [{name: acm, minVersion: 1.1.0, maxVersion: 2.0.0}]')).toEqual([
      { ranges: 'maxVersion: 1.0.0 minVersion: 1.0.0', images: 2 },
    ]);
  });

  it('leaves a plan that cannot be applied without the catalogs that were made for it', async () => {
    const lab = await makeLab();
    await publishCatalog(lab, 'acme/index:v1', packages);
    const planned = await lab.plan(change([], [configOf(lab, '{name: acm}')]));
    const request = {
      planText: planned.files.get('plan.json') ?? '',
      approval: { require: 'none' },
      files: [],
    } as const;
    const settings = lab.settings({ workspace: `${lab.workspace}-other` });
    const { result, files } = await run.apply(settings, request, () => undefined);
    expect(result.status).toBe('partial');
    const failed = result.outcomes.filter((one) => one.result === 'failed');
    expect(failed).toHaveLength(1);
    expect(failed[0]?.change.kind).toBe('operatorCatalog');
    expect([...files.keys()].filter((name) => name.includes('/cs-'))).toEqual([]);
    expect(failed[0]).toMatchObject({ hint: expect.stringContaining('plan again') });
  });

  it('is what a DeleteImageSetConfiguration names, and no catalog', async () => {
    const lab = await makeLab();
    await publishCatalog(lab, 'acme/index:v1', packages);
    const config = configOf(lab, '{name: acm}');
    await lab.mirror([config]);
    const text = config.text
      .replace('ImageSetC', 'DeleteImageSetC')
      .replace('mirror:\n', 'delete:\n');
    const file = { name: 'delete.yaml', text };
    const { count, deleteImages, diagnostics } = await run.deleteGenerate(lab.settings(), {
      file,
      signatures: 'keep',
    });
    expect(count).toBe(3);
    expect(deleteImages).not.toContain('acme/index');
    expect(diagnostics).toEqual([]);
  });

  it('is left out of a list of deletions where a bundle that stays uses it', async () => {
    const lab = await makeLab();
    await publishCatalog(lab, 'acme/index:v1', [
      { name: 'acm', versions: ['1.0.0', '1.1.0'], shares: ['proxy'] },
      { name: 'kiali', versions: ['2.0.0'], shares: ['proxy'] },
    ]);
    await lab.mirror([configOf(lab, '{name: acm, minVersion: 1.0.0}, {name: kiali}')]);
    const generate = (wanted: string) => {
      const text = configOf(lab, wanted)
        .text.replace('ImageSetC', 'DeleteImageSetC')
        .replace('mirror:\n', 'delete:\n');
      const file = { name: 'delete.yaml', text };
      return run.deleteGenerate(lab.settings(), { file, signatures: 'keep' });
    };
    for (const wanted of ['{name: acm, minVersion: 1.0.0, maxVersion: 1.0.0}', '{name: kiali}']) {
      const { count, diagnostics } = await generate(wanted);
      expect([wanted, count]).toEqual([wanted, 2]);
      expect(diagnostics).toMatchObject([
        { code: 'held', text: expect.stringContaining('operand') },
      ]);
    }
    const { count, diagnostics } = await generate('{name: acm, minVersion: 1.0.0}, {name: kiali}');
    expect([count, diagnostics]).toEqual([7, []]);
  });
});

describe('what clusters are told', () => {
  it('names every catalog, after a template where there is one', async () => {
    const lab = await makeLab();
    await publishCatalog(lab, 'acme/index:v4.18', packages);
    const entry = `{catalog: "${lab.source.host}/acme/index:v4.18", packages: [{name: acm}]}`;
    const { clusterResources } = await lab.mirror([operatorsConfig([entry])]);
    expect([...clusterResources.keys()].filter((name) => name.startsWith('c'))).toEqual([
      'cs-index-v4-18.yaml',
      'cc-index-v4-18.yaml',
    ]);
    expect(clusterResources.get('cs-index-v4-18.yaml')).toContain(
      `image: ${lab.target.host}/acme/index:v4.18`,
    );
  });

  it('keeps what a template says', async () => {
    const lab = await makeLab();
    await publishCatalog(lab, 'acme/index:v1', packages);
    const template = `${lab.workspace}-template.yaml`;
    await writeFile(
      template,
      'apiVersion: operators.coreos.com/v1alpha1\nkind: CatalogSource\nspec: {priority: -7}\n',
    );
    onTestFinished(() => rm(template));
    const entry = `{catalog: "${lab.source.host}/acme/index:v1", targetCatalogSourceTemplate: "${template}"}`;
    const { clusterResources } = await lab.mirror([operatorsConfig([entry])]);
    const text = clusterResources.get('cs-index-v1.yaml');
    expect(text).toContain('priority: -7');
    expect(text).toContain('name: cs-index-v1');
  });

  it('pins the catalog in the configuration for the next time', async () => {
    const lab = await makeLab();
    const digest = await publishCatalog(lab, 'acme/index:v1', packages);
    const entry = `{catalog: "${lab.source.host}/acme/index:v1", packages: [{name: acm}]}`;
    const { pinned } = await lab.mirror([operatorsConfig([entry])]);
    expect(pinned[0]?.imageSet).toContain(`catalog: ${lab.source.host}/acme/index@${digest}`);
    expect(pinned[0]?.deleteImageSet).toContain('targetTag: v1');
  });
});
