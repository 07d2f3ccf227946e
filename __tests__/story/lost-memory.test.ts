import { rm } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { Digest } from '../../src/oci/index.ts';
import * as run from '../../src/run/index.ts';
import { makeImage } from '../support/images.ts';
import { change, channelConfig, type Lab, makeLab } from '../support/lab.ts';
import { pullAll, put, releaseRepositories, repositoryOf, retag } from './hands.ts';

const both = channelConfig('4.16.5', '4.16.6');
const newer = channelConfig('4.16.6', '4.16.6');
const edit = change([both], [newer]);
const stateRepository = 'imageset-mirror/state';

/** The changes that the edit makes in a lab of this size. */
const usual = { mirror: 0, retag: 0, keep: 8, delete: 5, untag: 3, hold: 0 };

/** Pulls everything, and says whether it is exactly the newer release. */
async function expectNewerAlone(lab: Lab, before: ReadonlyMap<string, Digest>): Promise<void> {
  const newerOnes = [...before].filter(([place]) => place.includes(':4.16.6'));
  expect(newerOnes).toHaveLength(8);
  const left = await pullAll(lab, releaseRepositories);
  expect([...left].sort()).toEqual(newerOnes.sort());
}

/** Mirrors both releases as another tool would: the same places, and no state. */
async function fillByAnotherTool(lab: Lab): Promise<ReadonlyMap<string, Digest>> {
  await lab.mirror([both]);
  lab.target.fake?.store.delete(stateRepository);
  await rm(lab.workspace, { recursive: true, force: true });
  return await pullAll(lab, releaseRepositories);
}

describe('a run that has forgotten', () => {
  it('its cache decides and does the same', async () => {
    const lab = await makeLab();
    await lab.mirror([both]);
    const before = await pullAll(lab, releaseRepositories);
    const remembered = await lab.plan(edit);
    await rm(lab.workspace, { recursive: true });
    const { planned, applied } = await lab.apply(edit);
    expect(planned.plan?.digest).toBe(remembered.plan?.digest);
    expect(planned.plan?.totals).toEqual(remembered.plan?.totals);
    expect(applied?.result.status).toBe('applied');
    await expectNewerAlone(lab, before);
  });

  it('its workspace between plan and apply does what the plan file says', async () => {
    const lab = await makeLab();
    await lab.mirror([both]);
    const before = await pullAll(lab, releaseRepositories);
    const { files } = await lab.plan(edit);
    await rm(lab.workspace, { recursive: true });
    const planText = files.get('plan.json') ?? '';
    const request = { planText, files: [newer], approval: { require: 'none' } } as const;
    const { result } = await run.apply(lab.settings(), request, () => {});
    expect(result).toMatchObject({ status: 'applied', plan: { totals: usual } });
    await expectNewerAlone(lab, before);
  });

  it('its workspace tells of a removal that one bad answer hinders, and asks for it again', async () => {
    const lab = await makeLab();
    await lab.mirror([both]);
    const { files } = await lab.plan(edit);
    await rm(lab.workspace, { recursive: true });
    const path = /openshift\/release\/manifests\/sha256:/;
    lab.target.fake?.faults.add({ method: 'GET', path, status: 404, times: 1 });
    const planText = files.get('plan.json') ?? '';
    const request = { planText, files: [newer], approval: { require: 'none' } } as const;
    const { result } = await run.apply(lab.settings(), request, () => {});
    expect(result.status).toBe('partial');
    expect(result.notes.join('\n')).toContain('was to be removed and stays');
    const { plan } = await lab.plan(edit);
    expect(plan?.totals).toMatchObject({ ...usual, delete: 4, untag: 0 });
  });

  it('its state deletes all the same what upstream proves', async () => {
    const lab = await makeLab();
    await lab.mirror([both]);
    const before = await pullAll(lab, releaseRepositories);
    lab.target.fake?.store.delete(stateRepository);
    const { planned, applied } = await lab.apply(edit);
    expect(planned.plan?.totals).toEqual({ ...planned.plan?.totals, ...usual });
    expect(applied?.result.status).toBe('applied');
    await expectNewerAlone(lab, before);
  });
});

describe('a registry that another tool has filled', () => {
  it('is adopted without moving anything, and remembered from then on', async () => {
    const lab = await makeLab();
    await fillByAnotherTool(lab);
    lab.target.fake?.log.clear();
    const { planned, applied } = await lab.apply(change(undefined, [both]));
    expect(planned.plan?.totals).toMatchObject({ keep: 16, mirror: 0, bytesToMirror: 0 });
    expect(planned.plan?.changes.every(({ reason }) => reason === 'adopted')).toBe(true);
    expect(applied?.result.status).toBe('nothing');
    const writes = lab.target.fake?.log.writes() ?? [];
    expect(writes.length).toBeGreaterThan(0);
    expect(writes.filter(({ path }) => !path.includes(stateRepository))).toEqual([]);
    lab.target.fake?.log.clear();
    await lab.apply(change(undefined, [both]));
    expect(lab.target.fake?.log.writes()).toEqual([]);
  });

  it('loses what the edit removes, and nothing that is shared', async () => {
    const lab = await makeLab();
    const before = await fillByAnotherTool(lab);
    const { planned, applied } = await lab.apply(edit);
    expect(planned.plan?.totals).toMatchObject(usual);
    expect(applied?.result.status).toBe('applied');
    await expectNewerAlone(lab, before);
  });

  it('keeps what it has at a place that goes and that is not what upstream names', async () => {
    const lab = await makeLab();
    await fillByAnotherTool(lab);
    const release = repositoryOf(lab, lab.target, 'openshift/release');
    const rebuilt = makeImage({ seed: 'rebuilt by somebody' });
    const undisturbed = await lab.plan(edit);
    const { tag: unshared = '' } =
      undisturbed.plan?.changes.find(({ action }) => action === 'delete') ?? {};
    await put(release, rebuilt, unshared);
    const { planned, applied } = await lab.apply(edit);
    const change = planned.plan?.changes.find(({ tag }) => tag === unshared);
    expect(change).toMatchObject({ action: 'hold', reason: 'not-ours' });
    expect(applied?.result.status).toBe('applied');
    const { digest } = rebuilt.manifest.descriptor;
    expect((await release.manifests.resolve(unshared))?.digest).toBe(digest);
  });
});

describe('a tag that somebody put on an image that would go', () => {
  it('keeps it under that tag, and only the tag of ours goes', async () => {
    const lab = await makeLab();
    await lab.mirror([both]);
    const images = repositoryOf(lab, lab.target, 'openshift/release-images');
    await retag(images, '4.16.5-x86_64', 'golden');
    const before = await pullAll(lab, releaseRepositories);
    const { planned, applied } = await lab.apply(edit);
    const kept = planned.plan?.changes.filter(({ reason }) => reason === 'foreign-tag');
    expect(kept).toMatchObject([
      {
        action: 'untag',
        tag: '4.16.5-x86_64',
        holders: [{ kind: 'tag', name: 'openshift/release-images:golden' }],
      },
    ]);
    const [items] = planned.files.get('delete-images.yaml')?.split('untag:') ?? [];
    expect(items).not.toContain('release-images:');
    expect(applied?.result.status).toBe('applied');
    const left = await pullAll(lab, releaseRepositories);
    const golden = 'openshift/release-images:golden';
    expect(left.get(golden)).toBe(before.get(golden));
    expect(left.has('openshift/release-images:4.16.5-x86_64')).toBe(false);
  });
});
