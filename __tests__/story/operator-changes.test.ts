import { describe, expect, it } from 'vitest';
import { decodePlan, type Plan } from '../../src/plan/index.ts';
import { apply, type ConfigFile, type PlanResult } from '../../src/run/index.ts';
import { change, imagesConfig, type Lab, makeLab } from '../support/lab.ts';
import { operatorsConfig, publishCatalog, type TestPackage } from '../support/operators.ts';

const acm: TestPackage = { name: 'acm', versions: ['1.0.0', '1.1.0', '2.0.0'], shares: ['proxy'] };
const kiali: TestPackage = { name: 'kiali', versions: ['3.0.0'], shares: ['proxy'] };

function imageSet(lab: Lab, packages: string, tag = 'v1'): ConfigFile {
  return operatorsConfig([
    `{catalog: "${lab.source.host}/acme/index:${tag}", packages: [${packages}]}`,
  ]);
}

/** Applies one image set and plans the next. */
async function changed(lab: Lab, before: ConfigFile, after: ConfigFile): Promise<PlanResult> {
  await lab.apply(change([], [before]));
  return await lab.plan(change(undefined, [after]));
}

function summaryOf({ files }: PlanResult): string {
  return files.get('summary.md') ?? '';
}

function planOf({ plan }: PlanResult): Plan {
  if (!plan) throw new Error('There is no plan.');
  return plan;
}

/** The changes of the resources: their sign, kind, name and source. */
function resourcesOf(result: PlanResult): readonly string[] {
  return (planOf(result).resources ?? []).map(({ kind, name, source = '', from, to }) => {
    const sign = from === undefined ? '+' : to === undefined ? '-' : '~';
    return `${sign} ${kind} ${name} ${source}`.trimEnd();
  });
}

describe('the Subscriptions that could lose their bundle', () => {
  it('are named with the versions that go, and whether these can still be updated', async () => {
    const lab = await makeLab();
    await publishCatalog(lab, 'acme/index:v1', [acm, kiali]);
    const all = imageSet(lab, '{name: acm, minVersion: "1.0.0"}, {name: kiali}');
    const result = await changed(lab, all, imageSet(lab, '{name: acm}, {name: kiali}'));
    expect(planOf(result).operators).toMatchObject([
      {
        package: 'acm',
        channel: 'stable',
        head: '2.0.0',
        kept: ['2.0.0'],
        added: [],
        removed: [
          { version: '1.0.0', updates: false },
          { version: '1.1.0', updates: true },
        ],
        at: { line: 5 },
      },
      { package: 'kiali', kept: ['3.0.0'], removed: [] },
    ]);
    const text = summaryOf(result);
    expect(text).toContain('**Deletes operators `acm 1.0.0` and `acm 1.1.0`');
    expect(text).toContain(
      'Safe only if no cluster still runs one of these versions. No update leads on from operator `acm 1.0.0`.',
    );
    expect(text).toContain(
      'clusters that run `1.1.0` can still update to `2.0.0`, but no update leads there from `1.0.0`',
    );
  });

  it('are those of a cluster, too, whose next version goes and whose own is not mirrored', async () => {
    const lab = await makeLab();
    await publishCatalog(lab, 'acme/index:v1', [acm]);
    await lab.apply(change([], [imageSet(lab, '{name: acm, minVersion: "1.1.0"}')]));
    const result = await lab.plan(change(undefined, [imageSet(lab, '{name: acm}')]), {
      currentlyRunning: ['acm.v1.0.0'],
    });
    expect(planOf(result).operators).toMatchObject([{ package: 'acm', cut: ['1.0.0'] }]);
    expect(await decodePlan(result.files.get('plan.json') ?? '')).toEqual(result.plan);
    expect(summaryOf(result)).toMatch(/^> .*Breaks the updates from operator `acm 1\.0\.0`\./m);
  });

  it('lose nothing that can be pulled where nothing is deleted', async () => {
    const lab = await makeLab();
    await publishCatalog(lab, 'acme/index:v1', [acm]);
    await lab.apply(change([], [imageSet(lab, '{name: acm, minVersion: "1.1.0"}')]));
    const options = { prune: 'none', maxDelete: { share: 1 }, protect: [] } as const;
    const result = await lab.plan(change(undefined, [imageSet(lab, '{name: acm}')]), { options });
    const text = summaryOf(result);
    expect(text).toContain('clusters that run it can still update to `2.0.0`; the images stay.');
    expect(text).not.toContain('Safe only if');
  });

  it('are those of a package that is not asked for any more', async () => {
    const lab = await makeLab();
    await publishCatalog(lab, 'acme/index:v1', [acm, kiali]);
    const before = imageSet(lab, '{name: acm}, {name: kiali}');
    const result = await changed(lab, before, imageSet(lab, '{name: acm}'));
    expect(summaryOf(result)).toContain(
      'Subscriptions to `kiali`, channel `stable`: the channel goes, with `3.0.0`',
    );
    expect(summaryOf(result)).toMatch(/^\*\*Deletes operator `kiali 3\.0\.0`/m);
    expect(summaryOf(result)).toMatch(/^> .*No update leads on from it\.$/m);
  });

  it('are the same when the plan is read back from its file', async () => {
    const lab = await makeLab();
    await publishCatalog(lab, 'acme/index:v1', [acm]);
    const before = imageSet(lab, '{name: acm, minVersion: "1.0.0"}');
    const result = await changed(lab, before, imageSet(lab, '{name: acm}'));
    expect(await decodePlan(result.files.get('plan.json') ?? '')).toEqual(result.plan);
  });

  it('are none when the image set gets another name', async () => {
    const lab = await makeLab();
    await publishCatalog(lab, 'acme/index:v1', [acm]);
    const file = imageSet(lab, '{name: acm}');
    await lab.apply(change([], [file]));
    const renamed = { ...file, name: 'other.yaml', formerNames: [file.name] };
    const result = await lab.plan(change([file], [renamed]));
    expect(planOf(result).operators).toMatchObject([{ kept: ['2.0.0'], removed: [], added: [] }]);
  });
});

describe('a catalog that its image set does not fit any more', () => {
  const moved: TestPackage = { ...acm, versions: ['3.0.0'], channels: { next: ['3.0.0'] } };
  const wish = (lab: Lab, channel: string) =>
    imageSet(lab, `{name: acm, channels: [{name: ${channel}}]}`);

  it('is held next to what was last applied when the image set follows it', async () => {
    const lab = await makeLab();
    await publishCatalog(lab, 'acme/index:v1', [acm]);
    await lab.apply(change([], [wish(lab, 'stable')]));
    await publishCatalog(lab, 'acme/index:v1', [moved]);
    const result = await lab.plan(change(undefined, [wish(lab, 'next')]));
    expect(planOf(result).operators).toMatchObject([
      { channel: 'next', added: ['3.0.0'], removed: [] },
      { channel: 'stable', kept: [], removed: [{ version: '2.0.0', updates: false }] },
    ]);
    expect(result.diagnostics).not.toContainEqual(
      expect.objectContaining({ code: 'base-incomplete' }),
    );
    expect(summaryOf(result)).toContain('Deletes operator `acm 2.0.0`');
  });

  it('removes only what is replaced where nobody knows what it was, also when the plan is applied by its file', async () => {
    const lab = await makeLab();
    await publishCatalog(lab, 'acme/index:v1', [acm]);
    const file = wish(lab, 'stable');
    await lab.apply(change([], [file]));
    await publishCatalog(lab, 'acme/index:v1', [moved]);
    const unknown = { ...file, text: file.text.replace('/acme/index', '/nowhere/index') };
    const planned = await lab.plan(change([unknown], [wish(lab, 'next')]));
    expect(planOf(planned)).toMatchObject({ incomplete: true, totals: { delete: 1, retag: 1 } });
    const planText = planned.files.get('plan.json') ?? '';
    const request = { planText, approval: { require: 'none' }, files: [] } as const;
    const { result } = await apply(lab.settings(), request, () => undefined);
    expect(result.status).toBe('applied');
    const deleted = result.outcomes.filter(({ change: { action } }) => action === 'delete');
    expect(deleted.map(({ change: { kind, reason } }) => `${kind} ${reason}`)).toEqual([
      'operatorCatalog replaced',
    ]);
  });
});

describe('the cluster resources', () => {
  it('are new at first, then stay, and change with the catalog', async () => {
    const lab = await makeLab();
    await publishCatalog(lab, 'acme/index:v1', [acm, kiali]);
    const first = await lab.plan(change([], [imageSet(lab, '{name: acm}')]));
    expect(resourcesOf(first)).toEqual([
      `+ ImageDigestMirrorSet idms-operator-0 ${lab.source.host}/acme`,
      '+ CatalogSource cs-index-v1',
      '+ ClusterCatalog cc-index-v1',
    ]);
    const next = await changed(
      lab,
      imageSet(lab, '{name: acm}'),
      imageSet(lab, '{name: acm}, {name: kiali}'),
    );
    expect(resourcesOf(next)).toEqual([
      '~ CatalogSource cs-index-v1',
      '~ ClusterCatalog cc-index-v1',
    ]);
    expect(summaryOf(next)).toContain('IDMS and ITMS do not change: no node is drained.');
    const same = await lab.plan(change(undefined, [imageSet(lab, '{name: acm}')]));
    expect(resourcesOf(same)).toEqual([]);
  });

  it('name a CatalogSource that goes and the one that comes for it', async () => {
    const lab = await makeLab();
    await publishCatalog(lab, 'acme/index:v1', [acm]);
    await publishCatalog(lab, 'acme/index:v2', [acm]);
    const result = await changed(
      lab,
      imageSet(lab, '{name: acm}'),
      imageSet(lab, '{name: acm}', 'v2'),
    );
    expect(resourcesOf(result)).toEqual([
      '- CatalogSource cs-index-v1',
      '+ CatalogSource cs-index-v2',
      '- ClusterCatalog cc-index-v1',
      '+ ClusterCatalog cc-index-v2',
    ]);
    expect(summaryOf(result)).toContain(
      'CatalogSource `cs-index-v1` goes with its catalog: Subscriptions that name it get nothing.',
    );
    expect(planOf(result).operators?.flatMap(({ removed }) => removed)).toEqual([]);
  });

  it('keep the rules of other image sets', async () => {
    const lab = await makeLab();
    await publishCatalog(lab, 'acme/index:v1', [acm]);
    await lab.apply(change([], [{ ...imageSet(lab, '{name: acm}'), name: 'operators.yaml' }]));
    const image = `${lab.source.host}/acme/index:v1`;
    const result = await lab.plan(
      change([], [imagesConfig([`${image}\n      targetRepo: tools/index`])]),
    );
    expect(resourcesOf(result)).toEqual([
      `+ ImageTagMirrorSet itms-generic-0 ${lab.source.host}/acme/index`,
    ]);
    expect(summaryOf(result)).toContain('IDMS and ITMS change (new rules for');
  });
});
