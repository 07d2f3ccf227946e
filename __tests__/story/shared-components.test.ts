import { describe, expect, it } from 'vitest';
import { change, channelConfig, makeLab } from '../support/lab.ts';

const both = channelConfig('4.16.5', '4.16.6');
const newer = channelConfig('4.16.6', '4.16.6');

describe('a release that goes and shares components with one that stays', () => {
  it.each(['on', 'unsupported'] as const)(
    'leaves the kept one whole (removal of tags: %s)',
    async (tagDelete) => {
      const lab = await makeLab({ target: { tagDelete } });
      await lab.mirror([both]);
      const { applied, planned } = await lab.apply(change([both], [newer]));
      expect(planned.plan?.totals).toMatchObject({ delete: 5, untag: 3, hold: 0, keep: 8 });
      expect(applied?.result.status).toBe('applied');
      const release = lab.wire.repository(lab.target.host, 'openshift/release');
      const tags = (await release.tags.list()) ?? [];
      expect(tags.filter((tag) => tag.startsWith('4.16.5'))).toEqual([]);
      expect(tags.filter((tag) => tag.startsWith('4.16.6'))).toHaveLength(7);
      for (const tag of tags) expect(await release.manifests.fetch(tag)).toBeDefined();
    },
  );

  it('changes nothing a second time, and writes nothing', async () => {
    const lab = await makeLab();
    await lab.mirror([both]);
    await lab.apply(change([both], [newer]));
    lab.target.fake?.log.clear();
    const { applied } = await lab.apply(change([both], [newer]));
    expect(applied?.result.status).toBe('nothing');
    expect(lab.target.fake?.log.writes()).toEqual([]);
  });
});
