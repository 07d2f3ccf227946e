import { describe, expect, it } from 'vitest';
import { observe, type Question } from '../../src/apply/index.ts';
import { beginningWithAnother, ensureRepository } from '../../src/fake-registry/index.ts';
import { createPlaceholder } from '../../src/mirror/placeholder.ts';
import { makeImage, makeIndex, type TestImage } from '../support/images.ts';
import { makeEnds, mirrored, place } from './target.ts';

const [one, two, three] = ['one', 'two', 'three'].map((seed) => makeImage({ seed }));
if (!one || !two || !three) throw new Error('no images');
const digestOf = ({ manifest }: TestImage) => manifest.descriptor.digest;

const nothing: Question = { wanted: [], base: [], state: [], prune: 'removed' };
const list = 'GET team/app tags/list';

describe('a look at the target', () => {
  it('asks for one list of tags where the state proves all that is wanted', async () => {
    const { endpoints, target, wanted, asked } = await makeEnds();
    place(target, one, 'v1');
    place(target, three, 'foreign');
    const question = { ...nothing, wanted: [wanted(one, 'v1')], state: [mirrored(one, 'v1')] };
    const { observation, unread } = await observe(question, endpoints);
    expect(asked()).toEqual({ source: [], target: [list] });
    expect(observation.repositories.get('team/app')).toEqual({
      exists: true,
      tags: new Map([
        ['foreign', undefined],
        ['v1', undefined],
      ]),
    });
    expect(unread).toEqual([]);
  });

  it('resolves a wanted tag that nothing proves, and no other', async () => {
    const { endpoints, target, wanted, asked } = await makeEnds();
    place(target, one, 'v1');
    place(target, three, 'foreign');
    const { observation } = await observe({ ...nothing, wanted: [wanted(one, 'v1')] }, endpoints);
    expect(asked()).toEqual({ source: [], target: [list, 'HEAD team/app manifests/v1'] });
    expect(observation.repositories.get('team/app')?.tags.get('v1')).toBe(digestOf(one));
  });

  it('gets by GET a listed tag of which the registry says 404 to every HEAD', async () => {
    const { endpoints, target } = await makeEnds();
    place(target, one, 'goes');
    target.faults.add({ method: 'HEAD', status: 404, times: 99 });
    const state = [mirrored(one, 'goes')];
    const { wanted } = await makeEnds();
    const { observation } = await observe(
      { ...nothing, base: [wanted(one, 'goes')], state },
      endpoints,
    );
    const tags = observation.repositories.get('team/app')?.tags;
    expect(tags).toEqual(new Map([['goes', digestOf(one)]]));
  });

  it('resolves every tag of a repository of which something may go, and reads what they name', async () => {
    const { endpoints, target, wanted, asked } = await makeEnds();
    for (const [image, tag] of [
      [one, 'goes'],
      [two, 'v1'],
      [three, 'foreign'],
    ] as const) {
      place(target, image, tag);
    }
    const state = [mirrored(one, 'goes'), mirrored(two, 'v1')];
    const question = {
      ...nothing,
      wanted: [wanted(two, 'v1')],
      base: [wanted(one, 'goes')],
      state,
    };
    const { observation } = await observe(question, endpoints);
    const { source, target: lines } = asked();
    expect(source).toEqual([]);
    expect(lines.filter((line) => line.startsWith('HEAD'))).toHaveLength(3);
    expect(lines.filter((line) => line === 'GET team/app manifests/@')).toHaveLength(3);
    expect([...observation.content.keys()].sort()).toEqual([one, two, three].map(digestOf).sort());
  });

  it('reads from the source what is missing, each digest once, and finds blobs that are there', async () => {
    const { endpoints, target, source, wanted, asked } = await makeEnds();
    const shares = makeImage({ seed: 'one', architecture: 'arm64' });
    place(target, one, 'old');
    place(source, shares, 'v1');
    const both = [wanted(shares, 'v1'), wanted(shares, 'v2')];
    const question = { ...nothing, wanted: [...both, wanted(one, 'old')] };
    const { observation } = await observe(question, endpoints);
    expect(asked().source).toEqual(['GET team/app manifests/@']);
    const layers = shares.blobs.slice(1).map(({ descriptor }) => descriptor.digest);
    for (const layer of layers) expect(observation.present).toContain(layer);
    expect(observation.present).not.toContain(shares.blobs[0]?.descriptor.digest);
  });

  it('of an index with platforms reads only those', async () => {
    const { endpoints, source, wanted, asked } = await makeEnds();
    const index = makeIndex([one, two]);
    place(source, index, 'v1');
    const platforms = [{ os: 'linux', architecture: 'arm64' }];
    const { observation } = await observe(
      { ...nothing, wanted: [{ ...wanted(index, 'v1'), platforms }] },
      endpoints,
    );
    expect(asked().source).toHaveLength(2);
    expect([...observation.content.keys()].sort()).toEqual([digestOf(two), digestOf(index)].sort());
  });

  it('finds a repository that does not exist, which needs nothing more', async () => {
    const { endpoints, source, wanted, asked } = await makeEnds();
    place(source, one, 'v1');
    const { observation } = await observe({ ...nothing, wanted: [wanted(one, 'v1')] }, endpoints);
    expect(observation.repositories.get('team/app')).toEqual({ exists: false, tags: new Map() });
    expect(asked().target).toEqual([list, 'HEAD team/app manifests/v1']);
  });

  it('asks by name for what the state, the base or a wish names and the list leaves out', async () => {
    const { endpoints, target, wanted, asked } = await makeEnds({
      hidesTags: (tags) => tags.filter((tag) => tag !== 'seen'),
    });
    for (const [image, tag] of [
      [one, 'goes'],
      [two, 'v1'],
      [three, 'mine'],
      [three, 'seen'],
    ] as const) {
      place(target, image, tag);
    }
    const question = {
      ...nothing,
      wanted: [wanted(two, 'v1'), wanted(two, 'v2')],
      base: [wanted(one, 'goes')],
      state: [mirrored(three, 'mine')],
    };
    const { observation } = await observe(question, endpoints);
    expect(observation.repositories.get('team/app')).toMatchObject({
      exists: true,
      list: 'incomplete',
      tags: new Map([
        ['seen', digestOf(three)],
        ['v1', digestOf(two)],
        ['goes', digestOf(one)],
        ['mine', digestOf(three)],
      ]),
    });
    // Each is asked for once by name, and once more for what it names.
    expect(asked().target.filter((line) => line === 'HEAD team/app manifests/v2')).toHaveLength(1);
  });

  it('does not take a list that answers 404 for the end of what is known to be there', async () => {
    const { endpoints, target, wanted } = await makeEnds();
    place(target, one, 'v1');
    place(target, two, 'v2');
    target.faults.add({ path: /tags\/list/, status: 404, times: 99 });
    const question = {
      ...nothing,
      wanted: [wanted(one, 'v1')],
      base: [wanted(two, 'v2')],
      state: [mirrored(one, 'v1'), mirrored(two, 'v2')],
    };
    const { observation } = await observe(question, endpoints);
    expect(observation.repositories.get('team/app')).toMatchObject({
      exists: true,
      list: 'incomplete',
      tags: new Map([
        ['v1', digestOf(one)],
        ['v2', digestOf(two)],
      ]),
    });
  });

  it('reads a list once more that a tag contradicts: one bad answer is no bad registry', async () => {
    const { endpoints, target, wanted } = await makeEnds();
    place(target, one, 'v1');
    place(target, three, 'foreign');
    target.faults.add({ path: /tags\/list/, status: 404 });
    const question = { ...nothing, base: [wanted(one, 'v1')], state: [mirrored(one, 'v1')] };
    const { observation } = await observe(question, endpoints);
    expect(observation.repositories.get('team/app')).toEqual({
      exists: true,
      tags: new Map([
        ['foreign', digestOf(three)],
        ['v1', digestOf(one)],
      ]),
    });
  });

  it('asks an unknown repository for one tag, and for the rest only if that one is there', async () => {
    const { endpoints, target, source, wanted, asked } = await makeEnds();
    for (const tag of ['v1', 'v2', 'v3']) place(source, one, tag);
    const question = { ...nothing, wanted: ['v1', 'v2', 'v3'].map((tag) => wanted(one, tag)) };
    await observe(question, endpoints);
    expect(asked().target).toEqual([list, 'HEAD team/app manifests/v1']);
    for (const tag of ['v1', 'v3']) place(target, one, tag);
    target.faults.add({ path: /tags\/list/, status: 404, times: 99 });
    const { observation } = await observe(question, endpoints);
    const { tags } = observation.repositories.get('team/app') ?? {};
    expect([...(tags?.keys() ?? [])]).toEqual(['v1', 'v3']);
  });

  it('finds what was mirrored by its digest when its tag is gone', async () => {
    const { endpoints, target, wanted } = await makeEnds();
    place(target, two, 'v2');
    place(target, one);
    const state = [mirrored(one, 'lost'), mirrored(three, 'gone')];
    const base = [wanted(one, 'lost'), wanted(three, 'gone')];
    const { observation } = await observe({ ...nothing, base, state }, endpoints);
    expect(observation.repositories.get('team/app')).toEqual({
      exists: true,
      tags: new Map([['v2', undefined]]),
      replaced: new Set([digestOf(one)]),
    });
    expect(observation.content.has(digestOf(one))).toBe(true);
  });

  it('takes a listed tag for gone only when it says so twice', async () => {
    const { endpoints, target, wanted } = await makeEnds();
    place(target, one, 'goes');
    place(target, two, 'foreign');
    target.faults.add({ method: 'HEAD', path: /manifests\/foreign/, status: 404 });
    const question = { ...nothing, base: [wanted(one, 'goes')], state: [mirrored(one, 'goes')] };
    const { observation } = await observe(question, endpoints);
    expect(observation.repositories.get('team/app')?.tags.get('foreign')).toBe(digestOf(two));
  });

  it('looks behind the end of a list, and behind what goes, for tags that it leaves out', async () => {
    const cut = await makeEnds({ pageSize: 2, pageLinks: 'absent' });
    const hiding = await makeEnds({ hidesTags: beginningWithAnother });
    for (const [{ endpoints, target, wanted }, list] of [
      [cut, undefined],
      [hiding, 'incomplete'],
    ] as const) {
      const other = list === undefined ? 'v2' : 'v1-gold';
      for (const tag of ['a', 'v1', other, 'w']) place(target, one, tag);
      const question = { ...nothing, base: [wanted(one, 'v1')], state: [mirrored(one, 'v1')] };
      const { observation } = await observe(question, endpoints);
      const seen = observation.repositories.get('team/app');
      expect(seen?.list).toBe(list);
      expect([...(seen?.tags.keys() ?? [])].sort()).toEqual(['a', 'v1', other, 'w']);
    }
  });

  it.each([
    ['a run before ended in the middle', { isPending: true, by: 'a.yaml' }],
    ['its image set had given it up', { isPending: false, by: 'z.yaml' }],
  ])('leaves out an index that lacks a child where %s', async (_, { isPending, by }) => {
    const { endpoints, target, source, wanted } = await makeEnds();
    const [half, whole] = [makeIndex([one, two]), makeIndex([two, three])];
    for (const end of [target, source]) {
      place(end, half, 'half');
      place(end, whole, 'whole');
    }
    // The cache holds the reads of an earlier plan; they prove nothing.
    const ofRun = (image: TestImage, tag: string) => ({
      ...wanted(image, tag),
      causes: [{ imageSet: by, path: '', at: { file: '', line: 1, column: 1 } }],
    });
    const run = { id: 1, token: '0'.repeat(16), planDigest: '', imageSets: [], until: '' };
    const question = {
      ...nothing,
      wanted: [ofRun(half, 'half'), ofRun(whole, 'whole')],
      state: [mirrored(half, 'half'), mirrored(whole, 'whole')],
      ...(isPending && { pending: [{ ...run, claims: [], deletes: [] }] }),
    };
    await observe({ ...question, base: [wanted(one, 'other')] }, endpoints);
    ensureRepository(target.store, 'team/app').manifests.delete(digestOf(one));
    const { observation } = await observe(question, endpoints);
    const { tags } = observation.repositories.get('team/app') ?? {};
    expect([...(tags?.keys() ?? [])]).toEqual(['whole']);
  });

  it('does not look into an index that is wanted as it was', async () => {
    const { endpoints, target, wanted, asked } = await makeEnds();
    const index = makeIndex([one, two]);
    place(target, index, 'v1');
    const causes = [{ imageSet: 'a.yaml', path: '', at: { file: '', line: 1, column: 1 } }];
    const question = {
      wanted: [{ ...wanted(index, 'v1'), causes }],
      state: [mirrored(index, 'v1')],
    };
    await observe({ ...nothing, ...question }, endpoints);
    expect(asked().target).toEqual([list]);
  });

  it('trusts no list of a registry that a standing probe caught', async () => {
    const { endpoints, target, wanted } = await makeEnds();
    place(target, one, 'v1');
    const question = { ...nothing, wanted: [wanted(one, 'v1')], tagLists: 'incomplete' } as const;
    const { observation } = await observe(question, endpoints);
    expect(observation.repositories.get('team/app')?.list).toBe('incomplete');
  });

  it('sees through a placeholder that a killed run left at a tag that goes', async () => {
    const { endpoints, target, wanted } = await makeEnds();
    place(target, one, 'stays');
    const left = createPlaceholder('team/app');
    const stored = ensureRepository(target.store, 'team/app');
    const { digest, mediaType } = left.descriptor;
    stored.manifests.set(digest, { mediaType, bytes: left.raw });
    stored.tags.set('goes', digest);
    const state = [mirrored(one, 'goes')];
    const going = { ...nothing, base: [wanted(one, 'goes')], state };
    const { observation } = await observe(going, endpoints);
    expect(observation.repositories.get('team/app')?.tags.get('goes')).toBe(digestOf(one));
    place(target, two, 'goes');
    const later = await observe(going, endpoints);
    expect(later.observation.repositories.get('team/app')?.tags.get('goes')).toBe(digestOf(two));
  });

  it('names what cannot be read at its source, and goes on', async () => {
    const { endpoints, source, wanted } = await makeEnds();
    place(source, two, 'v2');
    const { observation, unread } = await observe(
      { ...nothing, wanted: [wanted(one, 'v1'), wanted(two, 'v2')] },
      endpoints,
    );
    expect(unread.map(({ placement }) => placement.target.tag)).toEqual(['v1']);
    expect(observation.content.has(digestOf(two))).toBe(true);
  });

  it('fails when the target does not answer: what it holds cannot be guessed', async () => {
    const { endpoints, target, wanted } = await makeEnds();
    place(target, one, 'goes');
    target.faults.add({ method: 'GET', path: /manifests\/sha256/, status: 500, times: 99 });
    const question = { ...nothing, base: [wanted(one, 'goes')], state: [mirrored(one, 'goes')] };
    await expect(observe(question, endpoints)).rejects.toMatchObject({ status: 500 });
  });

  it('does not mind manifests that make no sense, but knows nothing of them', async () => {
    const { endpoints, target, wanted } = await makeEnds();
    place(target, one, 'goes');
    place(target, two, 'strange');
    const stored = ensureRepository(target.store, 'team/app');
    const { mediaType } = two.manifest.descriptor;
    stored.manifests.set(digestOf(two), { mediaType, bytes: Buffer.from('{"no": "manifest"}') });
    const question = { ...nothing, base: [wanted(one, 'goes')], state: [mirrored(one, 'goes')] };
    const { observation } = await observe(question, endpoints);
    expect(observation.content.has(digestOf(two))).toBe(false);
    expect(observation.repositories.get('team/app')?.tags.get('strange')).toBe(digestOf(two));
  });
});
