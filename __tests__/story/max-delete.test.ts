import { describe, expect, it } from 'vitest';
import { apply, type ConfigFile, type PlanResult } from '../../src/run/index.ts';
import { change, type Lab, makeLab } from '../support/lab.ts';
import { operatorsConfig, publishCatalog, type TestPackage } from '../support/operators.ts';

const options = { prune: 'removed', maxDelete: { count: 1 }, protect: [] } as const;

const acm = (version: string): TestPackage => ({ name: 'acm', versions: [version] });
const kiali = (version: string): TestPackage => ({ name: 'kiali', versions: [version] });

function imageSet(lab: Lab, tag: string, packages = '[{name: acm}, {name: kiali}]'): ConfigFile {
  return operatorsConfig([
    `{catalog: "${lab.source.host}/acme/index:${tag}", packages: ${packages}}`,
  ]);
}

/** The first index is mirrored, and the second one is published: every bundle is another one there. */
async function mirroredLab(next = 'v2'): Promise<Lab> {
  const lab = await makeLab();
  await publishCatalog(lab, 'acme/index:v1', [acm('1.0.0'), kiali('3.0.0')]);
  await lab.apply(change([], [imageSet(lab, 'v1')]));
  await publishCatalog(lab, `acme/index:${next}`, [acm('1.1.0'), kiali('3.1.0')]);
  return lab;
}

function excess({ diagnostics }: PlanResult): readonly string[] {
  return diagnostics.filter(({ code }) => code === 'max-delete').map(({ detail = '' }) => detail);
}

/** Applies a plan from its file, as a disconnected host does. */
async function applyFile(lab: Lab, { files }: PlanResult) {
  const planText = files.get('plan.json') ?? '';
  const request = { planText, approval: { require: 'none' }, files: [] } as const;
  return await apply(lab.settings({ options }), request, () => undefined);
}

describe('a bound of one image', { timeout: 60_000 }, () => {
  it('lets a new index replace all bundles of its packages', async () => {
    const lab = await mirroredLab();
    const result = await lab.plan(change(undefined, [imageSet(lab, 'v2')]), { options });
    // Two images of each of two bundles; the catalog itself has another place and counts.
    expect(result.plan?.totals.delete).toBe(5);
    expect(excess(result)).toEqual([]);
    expect(result.files.get('report.html')).toContain('(5 deletes, 1 without a successor)');
  });

  it('holds for a plan that is applied from its file', async () => {
    const lab = await mirroredLab();
    const planned = await lab.plan(change(undefined, [imageSet(lab, 'v2')]), { options });
    const { result } = await applyFile(lab, planned);
    expect(result.status).toBe('applied');
  });

  it('lets stale bundles go after a tag moved to a new index', async () => {
    const lab = await mirroredLab('v1');
    const stale = { ...options, prune: 'stale', maxDelete: { count: 0 } } as const;
    const result = await lab.plan(change(undefined, [imageSet(lab, 'v1')]), { options: stale });
    expect(result.plan?.changes.filter(({ reason }) => reason === 'stale')).toHaveLength(4);
    expect(excess(result)).toEqual([]);
  });

  it('does not let a whole package go', async () => {
    const lab = await mirroredLab();
    const less = imageSet(lab, 'v2', '[{name: acm}]');
    const result = await lab.plan(change(undefined, [less]), { options });
    expect(excess(result)).toEqual([
      expect.stringContaining(
        'deletes 5 of 5 mirrored images, of which 3 have no successor; max-delete allows 1.',
      ),
    ]);
  });
});
