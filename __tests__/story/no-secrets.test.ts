import { describe, expect, it } from 'vitest';
import { CopyError } from '../../src/errors.ts';
import { change, channelConfig, makeLab } from '../support/lab.ts';

const both = channelConfig('4.16.5', '4.16.6');
const newer = channelConfig('4.16.6', '4.16.6');
const older = channelConfig('4.16.5', '4.16.5');
const limitMs = 60_000;

describe('a run without credentials for the target', () => {
  it('is told so by the target', { timeout: limitMs }, async () => {
    const users = { robot: { password: 'x' } };
    for (const kind of ['basic', 'bearer'] as const) {
      const lab = await makeLab({ target: { auth: { kind, users } } });
      const plan = lab.plan(change([both], [newer]));
      await expect(plan).rejects.toBeInstanceOf(CopyError);
      await expect(plan).rejects.toMatchObject({ side: 'target' });
    }
  });

  it('plans what the change means when the target holds what the base wants', {
    timeout: limitMs,
  }, async () => {
    const lab = await makeLab({ target: { auth: { kind: 'basic', users: {} } } });
    const settings = { targetAccess: 'assumed' } as const;
    lab.target.fake?.log.clear();
    const removed = await lab.plan(change([both], [newer]), settings);
    expect(removed.plan?.totals).toMatchObject({ delete: 5, untag: 3, keep: 8, mirror: 0 });
    expect(removed.diagnostics).toMatchObject([
      { severity: 'warning', code: 'no-observation' },
      { severity: 'notice', code: 'signatures-missing' },
    ]);
    const added = await lab.plan(change([older], [both]), settings);
    expect(added.plan?.totals).toMatchObject({ mirror: 8, keep: 8, delete: 0 });
    expect(lab.target.fake?.log.entries).toEqual([]);
  });
});
