import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createDeleteImageList, createPlan, wantedBy } from '../../src/plan/index.ts';
import { facts, image } from './facts.ts';
import { contentOf, release, releaseChange, releaseId } from './release-facts.ts';

const [older, newer] = [release('4.16.5'), release('4.16.6')];

describe('the first run of two releases', () => {
  const plan = createPlan(facts({ ...releaseChange([], [...older, ...newer]) }));

  it('mirrors everything, and says which releases are new', () => {
    expect(plan.totals).toMatchObject({ mirror: 18, keep: 0, delete: 0 });
    expect(plan.releases.added.map(({ version }) => version)).toEqual(['4.16.5', '4.16.6']);
  });

  it('moves each blob once, and each manifest once for its repository', () => {
    // 15 manifests, one layer of each of the 13 different components, and the common one.
    expect(plan.totals).toMatchObject({
      bytesToMirror: 15 * 100 + 13 * 1000 + 1000,
      bytesAreExact: true,
    });
  });
});

describe('a release that goes while another shares components with it', () => {
  const input = facts(releaseChange([...older, ...newer], newer));
  const plan = createPlan(input);

  it('loses its own manifests and only the tags of the shared ones', () => {
    expect(plan.totals).toMatchObject({ delete: 6, untag: 3, hold: 0, keep: 9, mirror: 0 });
    const untagged = plan.changes.filter(({ action }) => action === 'untag');
    expect(untagged.map(({ component }) => component)).toEqual(['cli', 'etcd', 'pause']);
    expect(untagged[0]?.holders).toEqual([
      { kind: 'placement', name: 'openshift/release:4.16.6-x86_64-cli' },
    ]);
  });

  it('is told as a release that goes, and the other as one that stays', () => {
    expect(plan.releases).toEqual({
      added: [],
      removed: [releaseId('4.16.5')],
      kept: [releaseId('4.16.6')],
    });
  });

  it('frees what only it needs', () => {
    expect(plan.totals).toMatchObject({ bytesToFree: 6 * 100 + 5 * 1000, bytesAreExact: true });
  });

  it('leaves the shared digests out of the list for other tools', () => {
    const list = parse(createDeleteImageList(plan));
    expect(list.items).toHaveLength(6);
    expect(list.untag).toHaveLength(3);
    const shared = ['cli', 'etcd', 'pause'].map((name) => contentOf('', name).descriptor.digest);
    for (const digest of shared) expect(JSON.stringify(list.items)).not.toContain(digest);
  });

  it('goes the same way when another tool had mirrored both', () => {
    const adopted = createPlan({ ...input, state: [] });
    expect(adopted.totals).toMatchObject({ delete: 6, untag: 3, keep: 9 });
    expect(adopted.digest).toBe(plan.digest);
  });

  it('has nothing left to do when it is gone', () => {
    const gone = createPlan(facts(releaseChange(newer, newer)));
    expect(gone.totals).toMatchObject({ mirror: 0, delete: 0, untag: 0, hold: 0, keep: 9 });
  });
});

describe('a release that another image set still wants', () => {
  const both = release('4.16.5', ['a.yaml', 'b.yaml']);
  const ownImageSets = new Set(['a.yaml', 'b.yaml']);

  it('is held as a whole, by a run that knows both', () => {
    const change = releaseChange([...both, ...newer], [...release('4.16.5', ['b.yaml']), ...newer]);
    const plan = createPlan(facts({ ...change, ownImageSets }));
    expect(plan.totals).toMatchObject({ delete: 0, untag: 0, hold: 9, keep: 9 });
    expect(plan.releases.removed).toEqual([]);
    expect(plan.releases.kept.map(({ version }) => version)).toEqual(['4.16.5', '4.16.6']);
    const wanted = plan.changes.filter(({ action }) => action === 'hold').map(wantedBy);
    expect(wanted).toEqual(Array(9).fill(['b.yaml']));
  });

  it('is held as a whole, by a run that knows only one', () => {
    const change = releaseChange([...both, ...newer], newer);
    const plan = createPlan(facts({ ...change, before: [...older, ...newer] }));
    expect(plan.totals).toMatchObject({ delete: 0, untag: 0, hold: 9, keep: 9 });
    expect(plan.changes.find(({ action }) => action === 'hold')?.holders).toEqual([
      { kind: 'image-set', name: 'b.yaml' },
    ]);
    const wanted = plan.changes.filter(({ action }) => action === 'hold').map(wantedBy);
    expect(wanted).toEqual(Array(9).fill([]));
    expect(plan.releases.removed).toEqual([]);
  });
});

describe('a tag that somebody put on a component', () => {
  const change = releaseChange([...older, ...newer], newer);
  const withTag = (tag: string, content = image('hand-made')) => {
    const found = change.observation.repositories.get('openshift/release');
    const tags = new Map([...(found?.tags ?? []), [tag, content.descriptor.digest] as const]);
    const repositories = new Map(change.observation.repositories);
    repositories.set('openshift/release', { exists: true, tags });
    const all = new Map(change.observation.content).set(content.descriptor.digest, content);
    const observation = { ...change.observation, repositories, content: all };
    return createPlan(facts({ ...change, observation }));
  };

  it('keeps that component under that tag, and only the tag of ours goes', () => {
    const plan = withTag('hand-made', contentOf('4.16.5', 'console'));
    expect(plan.releases).toMatchObject({
      removed: [releaseId('4.16.5')],
      kept: [releaseId('4.16.6')],
    });
    expect(plan.totals).toMatchObject({ delete: 5, untag: 4, hold: 0 });
    expect(plan.changes.find(({ reason }) => reason === 'foreign-tag')).toMatchObject({
      component: 'console',
      action: 'untag',
      holders: [{ kind: 'tag', name: 'openshift/release:hand-made' }],
    });
  });

  it('holds nothing when it names something else', () => {
    expect(withTag('hand-made').totals).toMatchObject({ delete: 6, untag: 3, hold: 0 });
  });
});
