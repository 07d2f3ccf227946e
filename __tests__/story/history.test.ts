import { describe, expect, it } from 'vitest';
import type { FakeRegistry } from '../../src/fake-registry/index.ts';
import type { ConfigFile, PlanRequest } from '../../src/run/index.ts';
import { makeImage } from '../support/images.ts';
import { change, channelConfig, imagesConfig, type Lab, makeLab } from '../support/lab.ts';
import { pullAll, releaseRepositories } from './hands.ts';
import { makeImageLab, mirrorAll, publish } from './image-lab.ts';

const both = channelConfig('4.16.5', '4.16.6');
const newer = channelConfig('4.16.6', '4.16.6');

/** The commits of a repository, oldest first. */
const commits: Readonly<Record<string, ConfigFile>> = { first: both, second: newer };

/** Asks as a door does that knows the history: the base is the last applied commit, else nothing. */
function merge(commit: string, asked?: (string | undefined)[]): PlanRequest {
  const head = commits[commit];
  return {
    head: head ? [{ ...head, commit }] : [],
    headRevision: { from: 'event', commit },
    async base(applied) {
      const lastApplied = applied.at(-1)?.commit;
      asked?.push(lastApplied);
      const file = lastApplied === undefined ? undefined : commits[lastApplied];
      return (
        file && {
          files: [file],
          revision: { from: 'state', ...(lastApplied && { commit: lastApplied }) },
        }
      );
    },
  };
}

async function makeMergedLab(): Promise<Lab & { readonly to: FakeRegistry }> {
  const lab = await makeLab();
  const { fake: to } = lab.target;
  if (!to) throw new Error('these tests look into a registry of this process');
  await lab.apply(merge('first'));
  return { ...lab, to };
}

async function olderTags(lab: Lab): Promise<readonly string[]> {
  const places = [...(await pullAll(lab, releaseRepositories)).keys()];
  return places.filter((place) => place.includes(':4.16.5'));
}

describe('a merge whose run', () => {
  it('was whole is the base of the next', async () => {
    const lab = await makeMergedLab();
    const asked: (string | undefined)[] = [];
    const { applied } = await lab.apply(merge('second', asked));
    expect(asked).toEqual(['first']);
    expect(applied?.result.status).toBe('applied');
    await lab.plan(merge('second', asked));
    expect(asked).toEqual(['first', 'second']);
  });

  it('could not delete everything is caught up by the next', async () => {
    const lab = await makeMergedLab();
    lab.to.faults.add({ method: 'DELETE', status: 403, after: 1, times: 1 });
    const first = await lab.apply(merge('second'));
    expect(first.applied?.result.status).toBe('partial');
    expect(await olderTags(lab)).not.toEqual([]);
    const second = await lab.apply(merge('second'));
    expect(second.applied?.result.status).toBe('applied');
    expect(await olderTags(lab)).toEqual([]);
  });

  it('could not mirror everything, and so deleted nothing, is caught up by the next', async () => {
    const lab = await makeMergedLab();
    const release = lab.to.store.get('openshift/release');
    for (const tag of [...(release?.tags.keys() ?? [])]) {
      if (tag.startsWith('4.16.6')) release?.tags.delete(tag);
    }
    lab.to.faults.add({ method: 'PUT', path: /manifests\/4\.16\.6-x86_64-cli/, status: 403 });
    const first = await lab.apply(merge('second'));
    expect(first.applied?.result.status).toBe('partial');
    expect(await olderTags(lab)).toHaveLength(8);
    const second = await lab.apply(merge('second'));
    expect(second.applied?.result.status).toBe('applied');
    expect(await olderTags(lab)).toEqual([]);
  });

  it('never came is caught up by the next', async () => {
    const lab = await makeMergedLab();
    const asked: (string | undefined)[] = [];
    await lab.apply({
      ...merge('second', asked),
      headRevision: { from: 'event', commit: 'third' },
    });
    expect(asked).toEqual(['first']);
    expect(await olderTags(lab)).toEqual([]);
  });

  it('asked for nothing, and so deleted nothing, is caught up by the next that asks for something', async () => {
    const lab = await makeImageLab();
    const names: string[] = [];
    for (const name of ['a', 'b', 'c']) {
      names.push(`${await publish(lab, `team/${name}`, makeImage({ seed: name }), 'v1')}:v1`);
    }
    await mirrorAll(lab, imagesConfig(names));
    // Without a history of commits: the base is what the state says was applied.
    const empty = await lab.apply(change(undefined, [imagesConfig([])]));
    expect(empty.planned.plan?.totals).toMatchObject({ delete: 0 });
    expect(empty.planned.diagnostics).toMatchObject([{ code: 'incomplete-collection' }]);
    const one = await lab.apply(change(undefined, [imagesConfig(names.slice(0, 1))]));
    expect(one.planned.plan?.totals).toMatchObject({ keep: 1, delete: 2 });
    expect(one.applied?.result.status).toBe('applied');
  });
});
