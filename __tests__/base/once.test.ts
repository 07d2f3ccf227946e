import { describe, expect, it } from 'vitest';
import { createOnce } from '../../src/base/flow.ts';

function counting() {
  let count = 0;
  return async () => {
    count += 1;
    return count;
  };
}

describe('work that is done once', () => {
  it('is shared by all who ask for its key, during and after', async () => {
    const once = createOnce<number>();
    const work = counting();
    const both = await Promise.all([once.run('a', work), once.run('a', work)]);
    expect([...both, await once.run('a', work)]).toEqual([1, 1, 1]);
    expect(await once.run('b', work)).toBe(2);
  });

  it('shares its failure too', async () => {
    const once = createOnce<number>();
    const failed = once.run('a', () => Promise.reject(new Error('gone')));
    await expect(failed).rejects.toThrow('gone');
    await expect(once.run('a', counting())).rejects.toThrow('gone');
  });

  it('is done again once its key is forgotten, and no other', async () => {
    const once = createOnce<number>();
    const work = counting();
    await once.run('app a', work);
    await once.run('lib a', work);
    once.forget((key) => key.startsWith('app '));
    expect([await once.run('app a', work), await once.run('lib a', work)]).toEqual([3, 2]);
  });
});
