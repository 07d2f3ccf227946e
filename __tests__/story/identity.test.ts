import { describe, expect, it } from 'vitest';
import { decodePlan } from '../../src/plan/index.ts';
import * as run from '../../src/run/index.ts';
import {
  apply,
  type ConfigFile,
  listState,
  type PlanRequest,
  retire,
} from '../../src/run/index.ts';
import { makeImage } from '../support/images.ts';
import { change, imagesConfig } from '../support/lab.ts';
import { type ImageLab, makeImageLab, mirrorAll, publish, pullTarget } from './image-lab.ts';

const own = (path: string) => `git.example.com/acme/mirrors//${path}`;
const theirs = 'git.example.com/other/mirrors//imageset-config.yaml';

function setOf(identity: string, images: readonly string[], more: Partial<ConfigFile> = {}) {
  return { ...imagesConfig(images, 'imageset-config.yaml'), identity, ...more };
}

async function publishAll(lab: ImageLab, ...names: readonly string[]): Promise<string[]> {
  const published: string[] = [];
  for (const name of names) {
    published.push(`${await publish(lab, `team/${name}`, makeImage({ seed: name }), 'v1')}:v1`);
  }
  return published;
}

const totals = { mirror: 0, retag: 0, delete: 0, untag: 0, hold: 0 };

describe('two image sets with the same path in two repositories', () => {
  it('leave each other alone, and each plan names the other', async () => {
    const lab = await makeImageLab();
    const [a = '', b = '', c = ''] = await publishAll(lab, 'a', 'b', 'c');
    const mine = setOf(own('imageset-config.yaml'), [a, b], { commit: 'f00d' });
    await mirrorAll(lab, mine);
    await mirrorAll(lab, setOf(theirs, [c]));
    const { plan } = await lab.plan(change(undefined, [setOf(theirs, [c])]));
    expect(plan).toMatchObject({ totals, speaksFor: [theirs] });
    expect(plan?.notReceived).toMatchObject([
      { name: mine.identity, images: 2, commit: 'f00d', at: expect.stringMatching(/Z$/) },
    ]);
    expect(plan?.notReceived?.[0]?.bytes).toBeGreaterThan(0);
  });

  it('write nothing when nothing changes but the time and the commit', async () => {
    const lab = await makeImageLab();
    const [a = ''] = await publishAll(lab, 'a');
    await mirrorAll(lab, setOf(theirs, [a]));
    lab.to.log.clear();
    const later = { ...lab.settings().clock, now: () => Date.UTC(2030, 0, 1) };
    const files = [setOf(theirs, [a], { commit: 'another' })];
    await lab.apply(change(undefined, files), { clock: later });
    expect(lab.to.log.entries.filter(({ method }) => !['GET', 'HEAD'].includes(method))).toEqual(
      [],
    );
  });
});

describe('an image set with another name', () => {
  it('takes its images with it and deletes none but those that it gave up', async () => {
    const lab = await makeImageLab();
    const [a = '', b = ''] = await publishAll(lab, 'a', 'b');
    await mirrorAll(lab, setOf(own('old.yaml'), [a, b]));
    const renamed = setOf(own('new.yaml'), [a]);
    const before = { ...setOf(own('new.yaml'), [a, b]), formerNames: [own('old.yaml')] };
    const { applied, planned } = await lab.apply(change([before], [renamed]));
    expect(planned.plan?.edits).toMatchObject([{ imageSet: own('new.yaml') }]);
    expect(planned.plan).toMatchObject({ totals: { ...totals, delete: 1, keep: 1 } });
    expect(applied?.result.status).toBe('applied');
    expect((await listState(lab.settings())).map(({ name }) => name)).toEqual([own('new.yaml')]);
    expect(planned.plan?.notReceived).toBeUndefined();
  });
});

describe('the end of an image set', () => {
  async function twoSets() {
    const lab = await makeImageLab();
    const [a = '', b = '', shared = ''] = await publishAll(lab, 'a', 'b', 'shared');
    await mirrorAll(lab, setOf(own('gone.yaml'), [a, shared]));
    await mirrorAll(lab, setOf(theirs, [b, shared]));
    return lab;
  }

  it('is planned and applied like any change, and takes nothing that another one wants', async () => {
    const lab = await twoSets();
    const planned = await retire(lab.settings(), 'gone.yaml');
    expect(planned.plan?.totals).toMatchObject({ mirror: 0, delete: 1, hold: 1 });
    const planText = planned.files.get('plan.json') ?? '';
    expect((await decodePlan(planText)).explicit).toBe(true);
    const approval = { require: 'none' } as const;
    const { result } = await apply(lab.settings(), { planText, approval, files: [] }, () => {});
    expect(result.status).toBe('applied');
    expect(await listState(lab.settings())).toMatchObject([{ name: theirs, images: 2 }]);
    await pullTarget(lab, 'team/shared', 'v1');
    await expect(pullTarget(lab, 'team/a', 'v1')).rejects.toThrow();
  });

  it('obeys max-delete', async () => {
    const lab = await twoSets();
    const options = { prune: 'removed', maxDelete: { count: 0 }, protect: [] } as const;
    const { diagnostics } = await retire(lab.settings({ options }), own('gone.yaml'));
    expect(diagnostics).toMatchObject([{ severity: 'error', code: 'max-delete' }]);
  });

  it('needs a name that the state knows', async () => {
    const lab = await twoSets();
    await expect(retire(lab.settings(), own('gon.yaml'))).rejects.toMatchObject({
      message: `The state knows no image set "${own('gon.yaml')}". Did you mean "${own('gone.yaml')}"?`,
      hint: `It knows: ${own('gone.yaml')}, ${theirs}.`,
    });
  });

  it('is told, not done, when the last configuration is deleted', async () => {
    const lab = await twoSets();
    const before = [setOf(own('gone.yaml'), [])];
    const { planned, applied } = await lab.apply(change(before, []));
    expect(planned.plan).toMatchObject({ totals, changes: [] });
    expect(planned.plan?.notReceived?.map(({ name }) => name)).toEqual([own('gone.yaml'), theirs]);
    expect(planned.diagnostics).toMatchObject([
      {
        severity: 'warning',
        code: 'no-configuration',
        detail: expect.stringContaining('3 images'),
      },
    ]);
    expect(applied?.result.status).toBe('nothing');
    expect(await listState(lab.settings())).toHaveLength(2);
  });
});

describe('an image set that nothing but its directory names', () => {
  it('is told of when another machine applied one from the same directory', async () => {
    const lab = await makeImageLab();
    const [a = ''] = await publishAll(lab, 'a');
    const at = (host: string) => setOf('file:///srv/mirror//imageset-config.yaml', [a], { host });
    await mirrorAll(lab, at('one.example.com'));
    expect((await lab.plan(change(undefined, [at('one.example.com')]))).diagnostics).toEqual([]);
    const { diagnostics } = await lab.plan(change(undefined, [at('two.example.com')]));
    expect(diagnostics).toMatchObject([
      { code: 'other-machine', detail: expect.stringContaining('one.example.com') },
    ]);
  });
});

describe('a run of an old commit', () => {
  const aged = (files: readonly ConfigFile[], isOlder: boolean | undefined): PlanRequest => ({
    ...change(undefined, files),
    isOlderThan: async ({ commit }) => (commit === 'newer' ? isOlder : false),
  });

  async function mirrored() {
    const lab = await makeImageLab();
    const [a = '', b = ''] = await publishAll(lab, 'a', 'b');
    await mirrorAll(lab, setOf(theirs, [a], { commit: 'newer' }));
    return { lab, file: setOf(theirs, [a, b], { commit: 'older' }) };
  }

  it('mirrors nothing without a review', async () => {
    const { lab, file } = await mirrored();
    const unreviewed = async () => ({ require: 'deletes' }) as const;
    const refused = await lab.apply(aged([file], true), {}, unreviewed);
    expect(refused.planned.plan?.head.isOlder).toBe(true);
    expect(refused.planned.diagnostics).toMatchObject([{ code: 'older-commit' }]);
    expect(refused.applied).toBeUndefined();
    expect(refused.refusals).toHaveLength(1);
    const newer = await lab.apply(aged([file], false), {}, unreviewed);
    expect(newer.applied?.result.status).toBe('applied');
  });

  it('is told of when it is mirrored without a plan', async () => {
    const { lab, file } = await mirrored();
    const settings = lab.settings();
    const mirror = async (isOlder: boolean) => {
      const request = { files: [file], dryRun: 'no', destination: 'registry' } as const;
      const isOlderThan = async ({ commit }: { commit: string }) => commit === 'newer' && isOlder;
      const { diagnostics } = await run.mirror(settings, { ...request, isOlderThan }, () => {});
      return diagnostics;
    };
    expect(await mirror(true)).toMatchObject([{ severity: 'warning', code: 'older-commit' }]);
    expect(await mirror(false)).toEqual([]);
  });

  it('is told of where nobody can tell', async () => {
    const { lab, file } = await mirrored();
    const { diagnostics, plan } = await lab.plan(aged([file], undefined));
    expect(diagnostics).toMatchObject([{ severity: 'notice', code: 'age-unknown' }]);
    expect(plan?.head).not.toHaveProperty('isOlder');
  });

  it('is judged by the commits of its own image sets', async () => {
    const { lab } = await mirrored();
    const asked: string[] = [];
    await lab.plan({
      ...change(undefined, [setOf(own('b.yaml'), [])]),
      async isOlderThan({ commit }) {
        asked.push(commit);
        return true;
      },
    });
    expect(asked).toEqual([]);
  });
});
