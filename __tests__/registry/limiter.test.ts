import { describe, expect, it } from 'vitest';
import { Limiter, type Slot } from '../../src/registry/limiter.ts';
import { fakeClock } from '../support/wire.ts';

async function acquire(limiter: Limiter, count: number): Promise<Slot[]> {
  return Promise.all(Array.from({ length: count }, () => limiter.acquire()));
}

describe('what is in flight to one host', () => {
  it('stays below its bound, and the longest waiting goes first', async () => {
    const limiter = new Limiter(2, fakeClock());
    const [first, second] = await acquire(limiter, 2);
    const admitted: string[] = [];
    const third = limiter.acquire().then(() => admitted.push('third'));
    const fourth = limiter.acquire().then(() => admitted.push('fourth'));
    await Promise.resolve();
    expect(admitted).toEqual([]);
    first?.release('fine');
    await third;
    expect(admitted).toEqual(['third']);
    second?.release('fine');
    await fourth;
    expect(admitted).toEqual(['third', 'fourth']);
  });

  it('is halved once for all that were sent together', async () => {
    const limiter = new Limiter(16, fakeClock());
    for (const slot of await acquire(limiter, 16)) slot.release('overloaded');
    expect(limiter.limit).toBe(8);
    for (const slot of await acquire(limiter, 8)) slot.release('overloaded');
    expect(limiter.limit).toBe(4);
  });

  it('never falls below one', async () => {
    const limiter = new Limiter(3, fakeClock());
    for (let time = 0; time < 5; time += 1) (await limiter.acquire()).release('overloaded');
    expect(limiter.limit).toBe(1);
  });

  it('grows back by one for each round of fine answers, up to its bound', async () => {
    const limiter = new Limiter(4, fakeClock());
    (await limiter.acquire()).release('overloaded');
    expect(limiter.limit).toBe(2);
    const fine = async () => (await limiter.acquire()).release('fine');
    for (let time = 0; time < 2; time += 1) await fine();
    expect(limiter.limit).toBe(3);
    for (let time = 0; time < 30; time += 1) await fine();
    expect(limiter.limit).toBe(4);
  });

  it('waits until the time that the host named', async () => {
    const clock = fakeClock();
    const limiter = new Limiter(4, clock);
    limiter.pauseUntil(clock.now() + 7_000);
    await limiter.acquire();
    await limiter.acquire();
    expect(clock.slept).toEqual([7_000]);
  });
});
