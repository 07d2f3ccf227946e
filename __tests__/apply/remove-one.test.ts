import { describe, expect, it } from 'vitest';
import { targetRepository } from '../../src/apply/endpoints.ts';
import { deleteOne, failAll, untagAll } from '../../src/apply/remove-one.ts';
import { RegistryError } from '../../src/errors.ts';
import { ensureRepository, type FakeSettings } from '../../src/fake-registry/index.ts';
import { createRemover } from '../../src/mirror/index.ts';
import type { Change } from '../../src/plan/index.ts';
import { makeImage, type TestImage } from '../support/images.ts';
import { changeOf } from '../support/plans.ts';
import { makeEnds, place } from './target.ts';

const image = makeImage({ seed: 'image' });
const newer = makeImage({ seed: 'newer' });
const digestOf = ({ manifest }: TestImage) => manifest.descriptor.digest;
const digest = digestOf(image);

/** A target with one image under two tags that may go. */
async function makeTarget(settings: Partial<FakeSettings> = {}) {
  const ends = await makeEnds(settings);
  for (const tag of ['a', 'b']) place(ends.target, image, tag);
  const changes = ['a', 'b'].map((tag): Change => ({ ...changeOf('delete', tag), digest }));
  const removal = {
    repository: targetRepository(ends.endpoints, 'team/app'),
    remover: createRemover(4),
    parallel: 4,
    now: () => 0,
  };
  const findObstacle = async () => undefined;
  const remove = async (of = digest) => {
    const { outcomes, tags } = await deleteOne(
      { digest: of, changes: changes.map((one) => ({ ...one, digest: of })), findObstacle },
      removal,
    );
    const untagged = await untagAll(tags, removal);
    return [...outcomes, ...untagged].map(({ change, result }) => `${change.tag} ${result}`).sort();
  };
  const removeReplaced = async () => {
    const reason = 'replaced';
    const change = {
      ...changeOf('delete', 'a'),
      digest,
      reason,
      replacedBy: digestOf(newer),
    } as const;
    return await deleteOne({ digest, changes: [change], findObstacle }, removal);
  };
  const untag = async () => {
    const [first] = changes;
    if (!first) throw new Error('no change');
    return (await untagAll([first], removal))[0];
  };
  return {
    ...ends,
    remove,
    removeReplaced,
    untag,
    stored: ensureRepository(ends.target.store, 'team/app'),
  };
}

describe('a manifest that is deleted', () => {
  it('goes by one request for all of its tags', async () => {
    const { remove, stored, target } = await makeTarget();
    expect(await remove()).toEqual(['a done', 'b done']);
    expect(stored.manifests.size).toBe(0);
    expect(target.log.writes()).toHaveLength(1);
  });

  it('goes although one of its tags moved, which is not touched', async () => {
    const { remove, stored, target } = await makeTarget();
    place(target, newer, 'a');
    expect(await remove()).toEqual(['a held', 'b done']);
    expect([...stored.tags]).toEqual([['a', digestOf(newer)]]);
  });

  it('stays when all of its tags name something else', async () => {
    const { remove, stored, target } = await makeTarget();
    for (const tag of ['a', 'b']) place(target, newer, tag);
    expect(await remove()).toEqual(['a held', 'b held']);
    expect(stored.manifests.has(digest)).toBe(true);
    expect(target.log.writes()).toEqual([]);
  });

  it('that was replaced goes while its tag stays with the new one, unless the tag names it again', async () => {
    const { removeReplaced, stored, target } = await makeTarget();
    expect(await removeReplaced()).toMatchObject({ tags: [], outcomes: [{ result: 'held' }] });
    expect(stored.manifests.has(digest)).toBe(true);
    for (const tag of ['a', 'b']) place(target, newer, tag);
    expect(await removeReplaced()).toMatchObject({ tags: [], outcomes: [{ result: 'done' }] });
    expect(stored.manifests.has(digest)).toBe(false);
    expect([...stored.tags.keys()]).toEqual(['a', 'b']);
  });

  it('goes by its digest when its tags are gone', async () => {
    const { remove, stored } = await makeTarget();
    stored.tags.clear();
    expect(await remove()).toEqual(['a done', 'b done']);
    expect(stored.manifests.has(digest)).toBe(false);
  });

  it('is gone already only when neither its tags nor its digest is there', async () => {
    const { remove, stored, target } = await makeTarget();
    stored.tags.clear();
    stored.manifests.clear();
    expect(await remove()).toEqual(['a done', 'b done']);
    expect(target.log.writes()).toEqual([]);
  });

  it('goes all the same when the registry once says 404 of it and has it', async () => {
    const { remove, stored, target } = await makeTarget();
    target.faults.add({ method: 'DELETE', path: /sha256/, status: 404 });
    expect(await remove()).toEqual(['a done', 'b done']);
    expect([stored.tags.size, stored.manifests.size]).toEqual([0, 0]);
  });

  it.each(['off', 'unacceptable', 'unknown'] as const)(
    'stays where the registry deletes none (%s), and its tags go',
    async (digestDelete) => {
      const { remove, stored } = await makeTarget({ digestDelete });
      expect(await remove()).toEqual(['a done', 'b done']);
      expect([stored.tags.size, stored.manifests.size]).toEqual([0, 1]);
    },
  );

  it('stays with its tags where the registry deletes nothing', async () => {
    const { remove, stored } = await makeTarget({ digestDelete: 'off', tagDelete: 'off' });
    expect(await remove()).toEqual(['a held', 'b held']);
    expect([...stored.tags.values()]).toEqual([digest, digest]);
  });
});

describe('a tag that is removed', () => {
  it('leaves its image and its other tags', async () => {
    const { untag, stored } = await makeTarget();
    expect(await untag()).toMatchObject({
      result: 'done',
      detail: expect.stringMatching(/only the tag/),
    });
    expect([...stored.tags]).toEqual([['b', digest]]);
  });

  it('is not touched when it moved, and is no failure when it is gone', async () => {
    const { untag, stored, target } = await makeTarget();
    place(target, newer, 'a');
    expect(await untag()).toMatchObject({
      result: 'held',
      detail: expect.stringMatching(/not touched/),
    });
    expect(stored.tags.get('a')).toBe(digestOf(newer));
    stored.tags.delete('a');
    expect(await untag()).toMatchObject({ result: 'done', detail: 'it was gone already' });
    expect(target.log.writes()).toEqual([]);
  });
});

it('a failure belongs to all who share the manifest, with its code and remedy', () => {
  const thrown = new RegistryError('DENIED', 'no', { hint: 'Ask.' });
  const changes = [changeOf('delete', 'a'), changeOf('delete', 'b')];
  expect(failAll(changes, thrown)).toMatchObject(
    changes.map((change) => ({ change, result: 'failed', code: 'DENIED', hint: 'Ask.' })),
  );
});
