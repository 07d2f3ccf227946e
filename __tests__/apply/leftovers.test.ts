import { describe, expect, it } from 'vitest';
import { targetRepository } from '../../src/apply/endpoints.ts';
import { removeLeftovers } from '../../src/apply/repair.ts';
import type { Outcome } from '../../src/apply/types.ts';
import { ensureRepository } from '../../src/fake-registry/index.ts';
import { createRemover } from '../../src/mirror/index.ts';
import { makeImage } from '../support/images.ts';
import { changeOf } from '../support/plans.ts';
import { makeEnds, place } from './target.ts';

const image = makeImage({ seed: 'image' });
const { digest } = image.manifest.descriptor;
const change = { ...changeOf('delete', 'goes'), digest };
const done: Outcome = { change, result: 'done', ms: 0, bytes: 0 };

/** A target of which a run has removed `goes`, and one tag that stays. */
async function makeTarget() {
  const ends = await makeEnds({ tagDelete: 'unsupported' });
  place(ends.target, makeImage({ seed: 'stays' }), 'stays');
  const remover = createRemover(4);
  const check = () =>
    removeLeftovers([done], (name) => ({
      repository: targetRepository(ends.endpoints, name),
      remover,
      parallel: 4,
      now: () => 0,
    }));
  return { ...ends, check, stored: ensureRepository(ends.target.store, 'team/app') };
}

describe('a tag that was removed', () => {
  it('costs one list where it is not listed any more', async () => {
    const { check, asked } = await makeTarget();
    expect(await check()).toEqual({ outcomes: [done], notes: [] });
    expect(asked().target).toEqual(['GET team/app tags/list']);
  });

  it('is removed once more where it is listed and names nothing, and nothing else is', async () => {
    const { check, stored } = await makeTarget();
    stored.tags.set('goes', digest);
    expect(await check()).toEqual({ outcomes: [done], notes: [] });
    expect([...stored.tags.keys()]).toEqual(['stays']);
  });

  it('has failed where it stays listed', async () => {
    const { check, stored, target } = await makeTarget();
    stored.tags.set('goes', digest);
    target.faults.add({ method: 'PUT', path: /manifests\/goes$/, status: 403, times: 99 });
    expect(await check()).toMatchObject({
      outcomes: [{ result: 'failed', code: 'DIGEST_MISMATCH' }],
    });
  });

  it('is left alone where somebody set it again meanwhile', async () => {
    const { check, stored, target } = await makeTarget();
    const theirs = makeImage({ seed: 'theirs' });
    place(target, theirs, 'goes');
    expect(await check()).toEqual({ outcomes: [done], notes: [] });
    expect(stored.tags.get('goes')).toBe(theirs.manifest.descriptor.digest);
  });

  it.each([403, 404, 500])(
    'counts as removed where a page of the list fails afterwards (%i)',
    async (status) => {
      const { check, target } = await makeTarget();
      const headers = { link: '</v2/team/app/tags/list?n=1&last=a>; rel="next"' };
      target.faults.add(
        { path: /tags\/list\?/, status, times: 99 },
        { path: /tags\/list$/, status: 200, headers, body: '{"name":"team/app","tags":["a"]}' },
      );
      expect((await check()).outcomes).toEqual([done]);
    },
  );

  it('counts as removed where nothing can be read afterwards, and that is told', async () => {
    const { check, target } = await makeTarget();
    target.faults.add({ path: /tags\/list/, status: 403, times: 99 });
    const { outcomes, notes } = await check();
    expect(outcomes).toEqual([done]);
    expect(notes).toEqual([expect.stringContaining('could not be read after deletes')]);
  });
});
