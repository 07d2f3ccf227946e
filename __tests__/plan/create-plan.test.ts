import { describe, expect, it } from 'vitest';
import { createPlan, deleteItems, type PlanInput } from '../../src/plan/index.ts';
import {
  bystander,
  changeAt,
  facts,
  findChange,
  image,
  index,
  linesOf,
  mirrored,
  observe,
  type Tags,
  wish,
} from './facts.ts';

const key = 'acme/tool:1';
const [old, now] = [image('old'), image('new')];

describe('a place that is wanted', () => {
  const wanted = (tags: Tags, state: PlanInput['state'] = []) =>
    changeAt(key, { after: [wish(key, now)], state, observation: observe(tags) });

  it.each<[string, Tags, PlanInput['state'], string]>([
    ['mirrored where the target lacks it', {}, [], 'mirror wanted'],
    [
      'mirrored again when it was lost',
      { 'acme/tool:2': old },
      [mirrored(key, now)],
      'mirror missing',
    ],
    ['kept where it is', { [key]: now }, [mirrored(key, now)], 'keep mirrored'],
    ['adopted when another tool put it there', { [key]: now }, [], 'keep adopted'],
    ['retagged when the tag names something else', { [key]: old }, [], 'retag moved'],
    ['retagged when upstream moved on', { [key]: old }, [mirrored(key, old)], 'retag moved'],
    [
      'kept unasked when the state proves it',
      { [key]: undefined },
      [mirrored(key, now)],
      'keep mirrored',
    ],
    ['mirrored when nobody knows what the tag names', { [key]: undefined }, [], 'mirror wanted'],
  ])('is %s', (_, tags, state, expected) => {
    const change = wanted(tags, state);
    expect(`${change?.action} ${change?.reason}`).toBe(expected);
  });

  it('remembers what the tag named before', () => {
    expect(wanted({ [key]: old })?.previous).toBe(old.descriptor.digest);
  });

  it('is pulled from its source, and only when it moves', () => {
    expect(wanted({})?.source).toBe('quay.io/acme/tool');
    expect(wanted({ [key]: now })?.source).toBeUndefined();
  });

  it('is one change however many image sets want it, and names them all', () => {
    const after = [wish(key, now, { by: ['b.yaml'] }), wish(key, now)];
    const plan = createPlan(facts({ after }));
    expect(plan.changes).toHaveLength(1);
    expect(plan.changes[0]?.causes.map(({ imageSet }) => imageSet)).toEqual(['a.yaml', 'b.yaml']);
  });

  it('has the content of the first image set by name when two disagree', () => {
    const [a, b] = [wish(key, now), wish(key, old, { by: ['b.yaml'] })];
    const digests = [
      [a, b],
      [b, a],
    ].map((after) => changeAt(key, { after })?.digest);
    expect(digests).toEqual([now.descriptor.digest, now.descriptor.digest]);
  });
});

describe('a place that is no longer wanted', () => {
  /** `tags` and the state have what the change removes. */
  const removed = (told: Partial<PlanInput> = {}, tags: Tags = {}) =>
    changeAt(key, {
      before: [wish(key, old)],
      after: [bystander],
      state: [mirrored(key, old)],
      observation: observe({ [key]: old, ...tags }),
      ...told,
    });
  const short = (change: ReturnType<typeof removed>) =>
    change && [change.action, change.reason, ...(change.holders ?? []).map(({ name }) => name)];

  it('is deleted', () => {
    expect(short(removed())).toEqual(['delete', 'removed']);
  });

  it('needs no deed when it is gone already', () => {
    expect(removed({ observation: observe({ 'acme/tool:2': now }) })).toBeUndefined();
  });

  it('is adopted and deleted when another tool mirrored what upstream names', () => {
    expect(short(removed({ state: [] }))).toEqual(['delete', 'removed']);
  });

  it('is held when it is neither mirrored by this tool nor what upstream names', () => {
    const change = removed({ state: [], observation: observe({ [key]: now }) });
    expect(short(change)).toEqual(['hold', 'not-ours']);
    expect(change?.digest).toBe(now.descriptor.digest);
  });

  it('is held when nobody knows what upstream named', () => {
    const { content: _, ...unknown } = wish(key, old);
    expect(short(removed({ state: [], before: [unknown] }))).toEqual(['hold', 'not-ours']);
  });

  it('is held when its tag was moved', () => {
    const change = removed({ observation: observe({ [key]: now }) });
    expect(short(change)).toEqual(['hold', 'tag-moved']);
    expect(change).toMatchObject({
      digest: old.descriptor.digest,
      previous: now.descriptor.digest,
    });
  });

  it('is held when an image set outside this run wants it', () => {
    const state = [mirrored(key, old, { by: ['a.yaml', 'z.yaml', 'b.yaml'] })];
    expect(short(removed({ state }))).toEqual(['hold', 'wanted-elsewhere', 'b.yaml', 'z.yaml']);
  });

  it('is held by another image set of this run that wanted it all along', () => {
    const change = removed({
      before: [wish(key, old, { by: ['a.yaml', 'b.yaml'] })],
      after: [bystander, wish(key, old, { by: ['b.yaml'] })],
      ownImageSets: new Set(['a.yaml', 'b.yaml']),
      state: [mirrored(key, old, { by: ['a.yaml', 'b.yaml'] })],
    });
    expect(short(change)).toEqual(['hold', 'wanted-elsewhere', 'b.yaml']);
    expect(change?.causes.map(({ imageSet }) => imageSet)).toEqual(['b.yaml']);
  });

  it('is simply kept when its image set was renamed', () => {
    const change = removed({
      after: [wish(key, old, { by: ['renamed.yaml'] })],
      ownImageSets: new Set(['a.yaml', 'renamed.yaml']),
    });
    expect(short(change)).toEqual(['keep', 'mirrored']);
  });

  it.each(['acme/tool:1', 'acme/*', 'acme/tool', '**:1', 'registry.example.com:8443/acme/**'])(
    'is held when %s is protected',
    (pattern) => {
      const options = { ...facts().options, protect: ['no/match', pattern] };
      expect(short(removed({ options }))).toEqual(['hold', 'protected', pattern]);
    },
  );

  it('is only untagged when another kept place names the same digest', () => {
    const told = { after: [bystander, wish('acme/tool:2', old)] };
    expect(short(removed(told, { 'acme/tool:2': old }))).toEqual([
      'untag',
      'shared',
      'acme/tool:2',
    ]);
  });

  it('is only untagged when a place that is about to be mirrored names the same digest', () => {
    const told = { after: [bystander, wish('acme/tool:2', old)] };
    expect(short(removed(told))).toEqual(['untag', 'shared', 'acme/tool:2']);
  });

  it('is only untagged when an image set outside this run has the same digest elsewhere', () => {
    const state = [mirrored(key, old), mirrored('acme/tool:2', old, { by: ['z.yaml'] })];
    const expected = ['untag', 'shared', 'acme/tool:2'];
    expect(short(removed({ state }, { 'acme/tool:2': old }))).toEqual(expected);
    // Even when that tag was lost: the next run for the other image set needs the content.
    expect(short(removed({ state }))).toEqual(expected);
  });

  it('is deleted when the only other place with its digest is unwanted and gone', () => {
    const state = [mirrored(key, old), mirrored('acme/tool:2', old)];
    expect(short(removed({ state }))).toEqual(['delete', 'removed']);
  });

  it('is deleted when only another repository has the same digest', () => {
    const told = { after: [bystander, wish('acme/copy:1', old)] };
    expect(short(removed(told, { 'acme/copy:1': old }))).toEqual(['delete', 'removed']);
  });

  it('is only untagged when somebody else tagged the same digest', () => {
    expect(short(removed({}, { 'acme/tool:mine': old }))).toEqual([
      'untag',
      'foreign-tag',
      'acme/tool:mine',
    ]);
  });

  it('is only untagged when a tag that nothing proves to be ours names the same digest', () => {
    const before = [wish(key, old), wish('acme/tool:2', now)];
    expect(short(removed({ before }, { 'acme/tool:2': old }))).toEqual([
      'untag',
      'foreign-tag',
      'acme/tool:2',
    ]);
  });

  it('is only untagged when a foreign index has it as a child', () => {
    const foreign = index('foreign', [old]);
    expect(short(removed({}, { 'acme/tool:all': foreign }))).toEqual([
      'untag',
      'foreign-tag',
      'acme/tool:all',
    ]);
  });

  describe('in a repository of which the list leaves tags out', () => {
    const unlisted = (tags: Tags) => {
      const { repositories, ...rest } = observe(tags);
      const marked = [...repositories].map(
        ([name, seen]) => [name, { ...seen, list: 'incomplete' as const }] as const,
      );
      return { ...rest, repositories: new Map(marked) };
    };

    it('is only untagged, whatever names it', () => {
      const observation = unlisted({ [key]: old });
      expect(short(removed({ observation }))).toEqual(['untag', 'list-incomplete']);
    });

    it('is held when it was replaced: it has no tag of its own', () => {
      const { repositories, ...rest } = unlisted({ [key]: now });
      const replaced = new Set([old.descriptor.digest]);
      const lying = [...repositories].map(([name, seen]) => [name, { ...seen, replaced }] as const);
      const plan = createPlan(
        facts({
          after: [bystander, wish(key, now)],
          state: [{ ...mirrored(key, now), replaced: [old.descriptor.digest] }],
          observation: {
            ...rest,
            content: new Map([...rest.content, [old.descriptor.digest, old]]),
            repositories: new Map(lying),
          },
        }),
      );
      expect(plan.changes).toContainEqual(
        expect.objectContaining({
          action: 'hold',
          reason: 'list-incomplete',
          digest: old.descriptor.digest,
        }),
      );
    });
  });

  it('is deleted by its digest when its tag is gone, and no list names it', () => {
    const observation = observe({ 'acme/tool:2': now }, [old]);
    const seen = observation.repositories.get('acme/tool') ?? { exists: true, tags: new Map() };
    const lying = { ...seen, replaced: new Set([old.descriptor.digest]) };
    const repositories = new Map(observation.repositories).set('acme/tool', lying);
    const told = { observation: { ...observation, repositories } };
    expect(removed(told)).toMatchObject({ action: 'delete', tagless: true });
    expect(removed({ observation })).toBeUndefined();
    const plan = createPlan(
      facts({ after: [bystander], before: [wish(key, old)], state: [mirrored(key, old)], ...told }),
    );
    expect(deleteItems(plan)).toEqual({ items: [], untag: [] });
  });

  it('is only untagged when a kept index has it as a child', () => {
    const all = index('all', [old]);
    const told = { after: [bystander, wish('acme/tool:all', all)] };
    expect(short(removed(told, { 'acme/tool:all': all }))).toEqual([
      'untag',
      'in-kept-index',
      'acme/tool:all',
    ]);
  });

  it('is held when something kept is about it', () => {
    const signature = image('signature', { subject: old });
    const told = { after: [bystander, wish('acme/tool:signature', signature)] };
    expect(short(removed(told, { 'acme/tool:signature': signature }))).toEqual([
      'hold',
      'kept-subject',
      'acme/tool:signature',
    ]);
  });

  it('is held while a foreign tag of its repository was not looked up', () => {
    expect(short(removed({}, { 'acme/tool:mine': undefined }))).toEqual(['hold', 'unreadable']);
  });

  it('is held while nobody read what a foreign tag names', () => {
    const observation = observe({ [key]: old, 'acme/tool:mine': now });
    const content = new Map(observation.content);
    content.delete(now.descriptor.digest);
    expect(short(removed({ observation: { ...observation, content } }))).toEqual([
      'hold',
      'unreadable',
    ]);
  });

  it('is held when it is an index that nobody could read', () => {
    const all = index('all', [old]);
    const observation = { ...observe({ [key]: all }), content: new Map() };
    const told = { before: [wish(key, all)], state: [mirrored(key, all)], observation };
    expect(short(removed(told))).toEqual(['hold', 'unreadable']);
  });

  it('is held when its repository was not looked at', () => {
    expect(short(removed({ observation: observe({}) }))).toEqual(['hold', 'unreadable']);
  });

  it('goes with every tag that is removed with it', () => {
    const plan = createPlan(
      facts({
        before: [wish(key, old), wish('acme/tool:2', old)],
        after: [bystander],
        observation: observe({ [key]: old, 'acme/tool:2': old }),
      }),
    );
    expect(linesOf(plan)).toEqual([
      'delete removed acme/tool:1',
      'delete removed acme/tool:2',
      'mirror wanted other/thing:1',
    ]);
    expect(plan.totals.bytesToFree).toBe(1100);
  });

  it('goes although a tag that is being moved away still names it', () => {
    const after = [bystander, wish('acme/tool:latest', now)];
    const observation = observe({ [key]: old, 'acme/tool:latest': old }, [now]);
    expect(short(removed({ after, observation }))).toEqual(['delete', 'removed']);
  });

  it('names five holders at most, sorted', () => {
    const tags = ['g', 'f', 'e', 'd', 'c', 'b'].map((tag) => [`acme/tool:${tag}`, old] as const);
    expect(removed({}, Object.fromEntries(tags))?.holders?.map(({ name }) => name)).toEqual(
      ['b', 'c', 'd', 'e', 'f'].map((tag) => `acme/tool:${tag}`),
    );
  });
});

describe('what nobody wants any more', () => {
  const stale = (prune: PlanInput['options']['prune'], by: readonly string[]) =>
    changeAt(key, {
      options: { ...facts().options, prune },
      after: [bystander],
      state: [mirrored(key, old, { by })],
      observation: observe({ [key]: old }),
    });

  it('is deleted when stale images are pruned', () => {
    expect(stale('stale', ['a.yaml'])).toMatchObject({ action: 'delete', reason: 'stale' });
    expect(stale('stale', [])).toMatchObject({ action: 'delete', reason: 'stale' });
  });

  it('is left alone when only what the change removes is pruned', () => {
    expect(stale('removed', ['a.yaml'])).toBeUndefined();
  });

  it('is left alone while an image set outside this run wants it', () => {
    expect(stale('stale', ['a.yaml', 'z.yaml'])).toBeUndefined();
  });
});

describe('nothing is removed', () => {
  const told = {
    before: [wish(key, old)],
    state: [mirrored(key, old)],
    observation: observe({ [key]: old }),
  };

  it('without pruning', () => {
    const options = { ...facts().options, prune: 'none' as const };
    const plan = createPlan(facts({ ...told, options, after: [bystander] }));
    expect(plan.totals).toMatchObject({ delete: 0, untag: 0, hold: 0 });
  });

  it.each([
    [
      'that an entry which could not be collected may have wanted',
      { after: [bystander], incomplete: true, withheld: new Set([key]) },
    ],
    ['when the image sets ask for nothing', { after: [] }],
  ])('%s, and the plan says so', (_, more) => {
    const plan = createPlan(facts({ ...told, ...more }));
    expect(findChange(plan, key)).toBeUndefined();
    expect(plan.diagnostics.map(({ code }) => code)).toEqual(['incomplete-collection']);
  });

  it('in silence when only signatures are left', () => {
    const state = [mirrored(key, old, { kind: 'signature' })];
    expect(createPlan(facts({ ...told, before: [], state, after: [] })).diagnostics).toEqual([]);
  });

  it('in silence when there was nothing to remove', () => {
    expect(createPlan(facts({ incomplete: true, after: [bystander] })).diagnostics).toEqual([]);
  });
});
