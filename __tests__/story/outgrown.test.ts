import { describe, expect, it } from 'vitest';
import { apply, type PlanResult } from '../../src/run/index.ts';
import { change, type Lab, makeLab } from '../support/lab.ts';
import { operatorsConfig, publishCatalog, type TestPackage } from '../support/operators.ts';

const acm = (version: string): TestPackage => ({ name: 'acm', versions: [version] });
const kiali: TestPackage = { name: 'kiali', versions: ['3.0.0'] };

const imageSet = (lab: Lab, packages: string, name = 'imageset-config.yaml') =>
  operatorsConfig([`{catalog: "${lab.source.host}/acme/index:v1", packages: ${packages}}`], name);

/** A catalog is mirrored, and its tag moves on to the next bundle of one package. */
async function movedOn() {
  const lab = await makeLab();
  await publishCatalog(lab, 'acme/index:v1', [acm('1.0.0'), kiali]);
  const file = imageSet(lab, '[{name: acm}]');
  await lab.apply(change([], [file]));
  await publishCatalog(lab, 'acme/index:v1', [acm('1.1.0'), kiali]);
  return { lab, file };
}

const goingOf = ({ plan }: PlanResult) =>
  plan?.changes
    .filter(({ action, kind }) => action === 'delete' && kind !== 'operatorCatalog')
    .map(({ kind, reason, outgrown, succeeded }) => ({ kind, reason, outgrown, succeeded }));

const bundleAndOperand = ['operatorBundle', 'operatorRelatedImage'].map((kind) => ({
  kind,
  reason: 'removed',
  outgrown: true,
  succeeded: true,
}));

describe('what a catalog needed before its tag moved', () => {
  it('goes with the next plan that is reviewed, and is told not to be of the change', async () => {
    const { lab, file } = await movedOn();
    const { planned, applied } = await lab.apply(change([file], [file]));
    expect(goingOf(planned)).toEqual(bundleAndOperand);
    const { plan, files } = planned;
    expect(plan?.stale).toBeUndefined();
    expect(files.get('summary.md')).toContain(
      '2 operator images go because the catalog moved on to other bundles, not because of this change.',
    );
    expect(applied?.result.status).toBe('applied');
    expect((await lab.apply(change([file], [file]))).applied?.result.status).toBe('nothing');
  });

  it('goes when the entry goes that asked for it', async () => {
    const { lab, file } = await movedOn();
    const { planned } = await lab.apply(change([file], [imageSet(lab, '[{name: kiali}]')]));
    expect(goingOf(planned)).toMatchObject([
      { kind: 'operatorBundle', outgrown: true },
      { kind: 'operatorRelatedImage', outgrown: true },
    ]);
    expect(planned.plan?.stale).toBeUndefined();
  });

  it('waits where nobody reviewed it, without failing the run, and goes with the next review', async () => {
    const { lab, file } = await movedOn();
    const unreviewed = async () => ({ require: 'deletes', reviewed: [] }) as const;
    const nightly = await lab.apply(change([file], [file]), {}, unreviewed);
    expect(nightly.refusals).toEqual([]);
    expect(nightly.applied?.result).toMatchObject({ status: 'applied' });
    expect(nightly.applied?.result.waiting).toBeUndefined();
    const later = await lab.apply(change(undefined, [file]));
    expect(goingOf(later.planned)).toEqual(bundleAndOperand);
  });

  it('goes with a plan that is applied from its file', async () => {
    const { lab, file } = await movedOn();
    const planned = await lab.plan(change([file], [file]));
    const planText = planned.files.get('plan.json') ?? '';
    const request = { planText, approval: { require: 'none' }, files: [] } as const;
    const { result } = await apply(lab.settings(), request, () => undefined);
    expect(result.status).toBe('applied');
    expect(goingOf(await lab.plan(change([file], [file])))).toEqual([]);
  });

  it('stays where another image set wants it, and with `prune: none`', async () => {
    const { lab, file } = await movedOn();
    const pinned = operatorsConfig(
      [`{catalog: "${lab.source.host}/acme/index:v1", packages: [{name: acm}]}`],
      'other.yaml',
    );
    const options = { ...lab.settings().options, prune: 'none' } as const;
    expect(goingOf(await lab.plan(change([file], [file]), { options }))).toEqual([]);
    await publishCatalog(lab, 'acme/index:v1', [acm('1.0.0'), kiali]);
    await lab.apply(change([], [pinned]));
    await publishCatalog(lab, 'acme/index:v1', [acm('1.1.0'), kiali]);
    expect(goingOf(await lab.plan(change([file], [file])))).toEqual([]);
  });
});
