import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { settleInOrder } from '../../src/base/index.ts';

const later = async <Result>(act: () => Result): Promise<Result> => {
  await turn();
  return act();
};

it('works that go on at the same time give their results in their order', async () => {
  expect(await settleInOrder<[number, string]>([later(() => 1), Promise.resolve('two')])).toEqual([
    1,
    'two',
  ]);
});

it('the first in order is thrown, and not the first in time, once all have ended', async () => {
  let ended = false;
  const slow = later(() => {
    ended = true;
    throw new Error('slow');
  });
  const quick = Promise.reject(new Error('quick'));
  await expect(settleInOrder<[number, number]>([slow, quick])).rejects.toThrow('slow');
  expect(ended).toBe(true);
});
