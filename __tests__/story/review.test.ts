import { rm } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import * as run from '../../src/run/index.ts';
import { makeImage, makeIndex, pushTo } from '../support/images.ts';
import { change, channelConfig, imagesConfig, type Lab, makeLab } from '../support/lab.ts';
import { pull, pullAll, put, releaseRepositories, repositoryOf, retag } from './hands.ts';
import { digestOfImage, makeImageLab, mirrorAll, publish, pullTarget } from './image-lab.ts';

const both = channelConfig('4.16.5', '4.16.6');
const newer = channelConfig('4.16.6', '4.16.6');
const edit = change([both], [newer]);
const stranger = makeImage({ seed: 'stranger' });

async function makeMirroredLab(): Promise<Lab> {
  const lab = await makeLab();
  await lab.apply(change(undefined, [both]));
  return lab;
}

/** Applies a plan file as the command line does. */
async function applyFile(
  lab: Lab,
  written: ReadonlyMap<string, string>,
  files: readonly run.ConfigFile[] = [newer],
): Promise<run.ApplyResult> {
  const planText = written.get('plan.json') ?? '';
  const request = { planText, files, approval: { require: 'none' } } as const;
  return await run.apply(lab.settings(), request, () => {});
}

const wide = { options: { prune: 'removed', maxDelete: { share: 1 }, protect: [] } } as const;
const deletesIn = (lab: Lab) =>
  lab.target.fake?.log.writes().filter(({ method }) => method === 'DELETE');
const approvedBy =
  (digest = 'none'): run.ApprovalSource =>
  async () => ({ require: 'deletes', reviewed: [{ digest }] });
const unreviewed: run.ApprovalSource = async () => ({ require: 'deletes', reviewed: [] });
const reviewedBy =
  ({ plan }: run.PlanResult): run.ApprovalSource =>
  async () => ({ require: 'deletes', reviewed: plan ? [{ digest: plan.digest, plan }] : [] });

describe('a reviewed plan', () => {
  it('is applied when nothing has changed since', async () => {
    const lab = await makeMirroredLab();
    const { applied } = await lab.apply(edit, {}, reviewedBy(await lab.plan(edit)));
    expect(applied?.result.status).toBe('applied');
  });

  it('that nobody has seen deletes nothing; its digest can be approved', async () => {
    const lab = await makeMirroredLab();
    const before = await pullAll(lab, releaseRepositories);
    lab.target.fake?.log.clear();
    const { applied, refusals, planned } = await lab.apply(edit, {}, unreviewed);
    expect(applied?.result).toMatchObject({
      status: 'partial',
      waiting: { digest: planned.plan?.digest, deletes: 5, untags: 3 },
    });
    expect(refusals).toMatchObject([{ code: 'review-missing' }]);
    expect(refusals[0]?.fix).toBe(`approve: ${planned.plan?.digest}`);
    expect(deletesIn(lab)).toEqual([]);
    expect(await pullAll(lab, releaseRepositories)).toEqual(before);
    const again = await lab.apply(edit, {}, approvedBy(planned.plan?.digest));
    expect(again.applied?.result.status).toBe('applied');
    expect((await pullAll(lab, releaseRepositories)).size).toBe(8);
  });

  it('that nobody has seen is barred as a whole when all needs a review', async () => {
    const lab = await makeMirroredLab();
    lab.target.fake?.log.clear();
    const all: run.ApprovalSource = async () => ({ require: 'all', reviewed: [] });
    const { applied, refusals } = await lab.apply(edit, {}, all);
    expect(applied).toBeUndefined();
    expect(refusals).toMatchObject([{ code: 'review-missing' }]);
    expect(lab.target.fake?.log.writes()).toEqual([]);
  });

  it('lets wait what nobody has seen, and mirrors the rest', async () => {
    const lab = await makeImageLab();
    const [a, b] = [makeImage({ seed: 'a' }), makeImage({ seed: 'b' })];
    const old = await publish(lab, 'team/app', a, 'v1');
    const fresh = await publish(lab, 'team/other', b, 'v2');
    const [before, after] = [imagesConfig([`${old}:v1`]), imagesConfig([`${fresh}:v2`])];
    await mirrorAll(lab, before);
    const request = change([before], [after]);
    const { applied, planned } = await lab.apply(request, wide, unreviewed);
    expect(applied?.result.status).toBe('partial');
    expect(await pullTarget(lab, 'team/other', 'v2')).toBe(digestOfImage(b));
    expect(await pullTarget(lab, 'team/app', 'v1')).toBe(digestOfImage(a));
    expect([...(applied?.files.keys() ?? [])]).toContain('cluster-resources/itms-oc-mirror.yaml');
    // Only the delete is left, and it waits until somebody approves it.
    expect(planned.plan?.totals).toMatchObject({ mirror: 0, keep: 1, delete: 1 });
    const later = await lab.apply(request, wide, unreviewed);
    expect(later.planned.plan?.digest).toBe(planned.plan?.digest);
    const approved = await lab.apply(request, wide, approvedBy(planned.plan?.digest));
    expect(approved.applied?.result.status).toBe('applied');
    expect(lab.to.store.get('team/app')?.tags.size).toBe(0);
  });

  it('still counts when there is less to do by now', async () => {
    const lab = await makeMirroredLab();
    const reviewed = await lab.plan(edit);
    await retag(
      repositoryOf(lab, lab.target, 'openshift/release-images'),
      '4.16.5-x86_64',
      'golden',
    );
    const { planned, applied } = await lab.apply(edit, {}, reviewedBy(reviewed));
    expect(planned.plan?.totals).toMatchObject({ delete: 4, untag: 4, hold: 0 });
    expect(applied?.result.status).toBe('applied');
    const images = repositoryOf(lab, lab.target, 'openshift/release-images');
    await pull(images, 'golden');
  });

  it('does not count for a deletion that it does not name', async () => {
    const lab = await makeMirroredLab();
    const images = repositoryOf(lab, lab.target, 'openshift/release-images');
    await retag(images, '4.16.5-x86_64', 'golden');
    const reviewed = await lab.plan(edit);
    await images.tags.delete('golden');
    lab.target.fake?.log.clear();
    const { applied, refusals } = await lab.apply(edit, {}, reviewedBy(reviewed));
    expect(applied?.result.status).toBe('partial');
    expect(refusals).toMatchObject([{ code: 'plan-changed' }]);
    expect(refusals[0]?.detail).toContain('delete openshift/release-images:4.16.5-x86_64');
    // The rest of what was reviewed is done.
    expect((await pullAll(lab, releaseRepositories)).size).toBe(9);
    lab.target.fake?.log.clear();
    await expect(applyFile(lab, reviewed.files)).rejects.toMatchObject({ code: 'PLAN_STALE' });
    expect(lab.target.fake?.log.writes()).toEqual([]);
  });
});

describe('a tag that moves between plan and apply', () => {
  it('in the target is not touched', async () => {
    const lab = await makeMirroredLab();
    const { files } = await lab.plan(edit);
    const images = repositoryOf(lab, lab.target, 'openshift/release-images');
    await put(images, stranger, '4.16.5-x86_64');
    const { result } = await applyFile(lab, files);
    expect(result).toMatchObject({ status: 'applied', plan: { totals: { delete: 4, hold: 1 } } });
    expect(await pull(images, '4.16.5-x86_64')).toBe(stranger.manifest.descriptor.digest);
  });

  it('in the target holds itself alone, also when nothing is cached', async () => {
    const lab = await makeMirroredLab();
    const { plan } = await lab.plan(edit);
    const going = plan?.changes.find(
      ({ action, repository }) => action === 'delete' && repository === 'openshift/release',
    );
    const release = repositoryOf(lab, lab.target, 'openshift/release');
    await put(release, stranger, going?.tag);
    await rm(lab.workspace, { recursive: true });
    const { planned } = await lab.apply(edit);
    expect(planned.plan?.totals).toMatchObject({ delete: 4, untag: 3, hold: 1 });
    expect(await pull(release, going?.tag ?? '')).toBe(stranger.manifest.descriptor.digest);
    // It is nobody's business from then on, although nobody can read what once lay there.
    const once = lab.target.fake?.store.get('openshift/release')?.manifests;
    once?.delete(going?.digest ?? '');
    await rm(lab.workspace, { recursive: true });
    const stale = { prune: 'stale', maxDelete: { share: 1 }, protect: [] } as const;
    const later = await lab.plan(change([newer], [newer]), { options: stale });
    expect(later.plan?.totals).toMatchObject({ delete: 0, untag: 0, hold: 0, keep: 8 });
  });

  it('in the target, after the plan was made again, is not touched either', async () => {
    const lab = await makeMirroredLab();
    const release = repositoryOf(lab, lab.target, 'openshift/release');
    const { plan } = await lab.plan(edit);
    const untagged = plan?.changes.find(({ action }) => action === 'untag')?.tag ?? '';
    const store = lab.target.fake?.store.get('openshift/release');
    await put(release, stranger);
    lab.target.fake?.log.watch(({ method }) => {
      // The first deletion: from here on the plan is being done.
      if (method === 'DELETE') store?.tags.set(untagged, stranger.manifest.descriptor.digest);
    });
    const { applied } = await lab.apply(edit);
    expect(applied?.result.outcomes).toContainEqual(
      expect.objectContaining({
        change: expect.objectContaining({ tag: untagged }),
        result: 'held',
      }),
    );
    expect(await pull(release, untagged)).toBe(stranger.manifest.descriptor.digest);
  });

  it('in the target while the plan is being done keeps all that it names now', async () => {
    const lab = await makeImageLab();
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((seed) => makeImage({ seed }));
    if (!a || !b || !c || !d) throw new Error('four images');
    const name = await publish(lab, 'team/app', makeIndex([a, c]), 'one');
    await publish(lab, 'team/app', makeIndex([b, c]), 'two');
    const other = await publish(lab, 'team/other', b, 'v1');
    const before = imagesConfig([`${name}:one`, `${name}:two`]);
    const after = imagesConfig([`${other}:v1`]);
    await mirrorAll(lab, before);
    const theirs = makeIndex([c, d]);
    lab.to.log.watch(({ method, path }) => {
      const isMirroring = method === 'PUT' && path.includes('/team/other/manifests/');
      if (isMirroring) pushTo(lab.to.store, 'team/app', 'two', theirs);
    });
    const { applied } = await lab.apply(change([before], [after]));
    expect(applied?.result.outcomes.map(({ change, result }) => [change.tag, result])).toEqual([
      ['v1', 'done'],
      ['two', 'held'],
      ['one', 'done'],
    ]);
    expect(await pullTarget(lab, 'team/app', 'two')).toBe(digestOfImage(theirs));
  });

  it('at the source does not change what a plan file mirrors', async () => {
    const lab = await makeLab();
    const [first, second] = [makeImage({ seed: 'first' }), makeImage({ seed: 'second' })];
    const app = repositoryOf(lab, lab.source, 'team/app');
    await put(app, first, 'v1');
    const file = imagesConfig([`${lab.source.host}/team/app:v1`]);
    const { files } = await lab.plan(change(undefined, [file]));
    await put(app, second, 'v1');
    const { result } = await applyFile(lab, files, [file]);
    expect(result.status).toBe('applied');
    const mirrored = repositoryOf(lab, lab.target, 'team/app');
    expect(await pull(mirrored, 'v1')).toBe(first.manifest.descriptor.digest);
  });
});

describe('a tag that moves at its source between plan and apply', () => {
  it('changes nothing: what was reviewed is mirrored, and the move is told', async () => {
    const lab = await makeImageLab();
    const [first, second] = [makeImage({ seed: 'first' }), makeImage({ seed: 'second' })];
    const name = await publish(lab, 'team/app', first, 'v1');
    const request = change(undefined, [imagesConfig([`${name}:v1`])]);
    const { plan } = await lab.plan(request);
    await publish(lab, 'team/app', second, 'v1');
    const reviewed = plan ? [{ digest: plan.digest, plan }] : [];
    const { planned } = await lab.apply(request, {}, async () => ({
      require: 'deletes',
      reviewed,
    }));
    expect(await pullTarget(lab, 'team/app', 'v1')).toBe(digestOfImage(first));
    expect(planned.plan?.digest).toBe(plan?.digest);
    expect(planned.diagnostics).toMatchObject([{ code: 'source-moved', severity: 'warning' }]);
  });
});

describe('what may go in one run', () => {
  it('is bounded by number, and more waits', async () => {
    const lab = await makeMirroredLab();
    lab.target.fake?.log.clear();
    const options = { prune: 'removed', maxDelete: { count: 4 }, protect: [] } as const;
    const { applied, refusals } = await lab.apply(edit, { options });
    expect(applied?.result).toMatchObject({ status: 'partial', waiting: { deletes: 5 } });
    expect(refusals).toMatchObject([{ code: 'max-delete' }]);
    expect(lab.target.fake?.log.writes().filter(({ method }) => method === 'DELETE')).toEqual([]);
    const enough = { ...options, maxDelete: { count: 8 } } as const;
    expect((await lab.apply(edit, { options: enough })).applied?.result.status).toBe('applied');
  });

  it('never is what `protect` names', async () => {
    const lab = await makeMirroredLab();
    const before = await pullAll(lab, releaseRepositories);
    const options = {
      prune: 'removed',
      maxDelete: { share: 1 },
      protect: ['openshift/release-images:*'],
    } as const;
    const { planned } = await lab.apply(edit, { options });
    expect(planned.plan?.totals).toMatchObject({ delete: 4, untag: 3, hold: 1 });
    const left = await pullAll(lab, releaseRepositories);
    const place = 'openshift/release-images:4.16.5-x86_64';
    expect(left.get(place)).toBe(before.get(place));
  });

  it('is nothing with `prune: none`, and what nobody wants with `prune: stale`', async () => {
    const lab = await makeMirroredLab();
    const options = { maxDelete: { share: 1 }, protect: [] } as const;
    const none = await lab.apply(edit, { options: { ...options, prune: 'none' } });
    expect(none.planned.plan?.totals).toMatchObject({ delete: 0, untag: 0, keep: 8 });
    // The edit is old by now: only the state still knows of the older release.
    const again = change([newer], [newer]);
    const removed = await lab.plan(again);
    expect(removed.plan?.totals).toMatchObject({ delete: 0, untag: 0 });
    const stale = await lab.apply(again, { options: { ...options, prune: 'stale' } });
    expect(stale.planned.plan?.totals).toMatchObject({ delete: 5, untag: 3, keep: 8 });
    const left = await pullAll(lab, releaseRepositories);
    expect([...left.keys()].filter((place) => place.includes(':4.16.5'))).toEqual([]);
    expect(left.size).toBe(8);
  });

  it('is nothing when all files are gone', async () => {
    const lab = await makeMirroredLab();
    lab.target.fake?.log.clear();
    const { planned, applied } = await lab.apply(change([both], []));
    expect(planned.plan?.totals).toMatchObject({ delete: 0, untag: 0 });
    expect(applied?.result.status).toBe('nothing');
    expect(lab.target.fake?.log.writes().filter(({ method }) => method === 'DELETE')).toEqual([]);
    expect((await pullAll(lab, releaseRepositories)).size).toBe(16);
  });

  it('is nothing when the update graph is empty', async () => {
    const lab = await makeMirroredLab();
    const nowhere = { ...both, text: both.text.replace('stable-4.16', 'stable-4.99') };
    const { planned, applied } = await lab.apply(change([both], [nowhere]));
    expect(planned.plan).toBeUndefined();
    expect(applied).toBeUndefined();
    expect((await pullAll(lab, releaseRepositories)).size).toBe(16);
  });
});

describe('a source that has lost an image', () => {
  it('takes nothing away from the target', async () => {
    const lab = await makeLab();
    const image = makeImage({ seed: 'app' });
    for (const name of ['team/app', 'team/other']) {
      await put(repositoryOf(lab, lab.source, name), image, 'v1');
    }
    const [app, other] = ['team/app:v1', 'team/other:v1'].map(
      (name) => `${lab.source.host}/${name}`,
    );
    const two = imagesConfig([app ?? '', other ?? '']);
    await lab.apply(change(undefined, [two]));
    lab.source.fake?.store.delete('team/app');
    const { planned, applied } = await lab.apply(change([two], [two]));
    expect(planned.plan?.totals).toMatchObject({ keep: 2, delete: 0 });
    expect(planned.diagnostics).toMatchObject([
      { severity: 'warning', code: 'source-unreadable', text: app },
    ]);
    expect(applied?.result.status).toBe('nothing');
    const mirrored = repositoryOf(lab, lab.target, 'team/app');
    expect(await pull(mirrored, 'v1')).toBe(image.manifest.descriptor.digest);
  });
});
