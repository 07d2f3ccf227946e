import { describe, expect, it } from 'vitest';
import { change, channelConfig, makeLab } from '../support/lab.ts';

const both = channelConfig('4.16.5', '4.16.6');
const newer = channelConfig('4.16.6', '4.16.6');
const stale = { prune: 'stale', maxDelete: { share: 1 }, protect: [] } as const;

describe('a release that a mirror run no longer asks for', () => {
  it('is told by every run until it is pruned', async () => {
    const lab = await makeLab();
    expect((await lab.mirror([both])).stale).toBeUndefined();
    const count = 8;
    for (const _ of ['first', 'second']) {
      expect((await lab.mirror([newer])).stale).toMatchObject({
        count,
        groups: [{ release: '4.16.5', count }],
      });
    }
    const { plan } = await lab.plan(change(undefined, [newer]));
    expect(plan).toMatchObject({ totals: { delete: 0, untag: 0 }, stale: { count } });
    const { applied } = await lab.apply(change(undefined, [newer]), { options: stale });
    expect(applied?.result.outcomes).toHaveLength(count);
    expect((await lab.mirror([newer])).stale).toBeUndefined();
  });
});
