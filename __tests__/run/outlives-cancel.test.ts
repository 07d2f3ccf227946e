import { describe, expect, it } from 'vitest';
import { CancelledError } from '../../src/errors.ts';
import { outlivesCancel } from '../../src/run/connect/outlives-cancel.ts';

describe('work that was ended in the middle', () => {
  const usual = { read: () => Promise.reject(new CancelledError()) };
  const late = { read: async () => 'late' };

  it('is done again where the user cancelled the run', async () => {
    const controller = new AbortController();
    const store = outlivesCancel<{ read(): Promise<string> }>(usual, () => late, controller.signal);
    const answer = store.read();
    controller.abort();
    expect(await answer).toBe('late');
  });

  it('is left where the run itself ended: its process would wait for nobody', async () => {
    const { signal } = new AbortController();
    const store = outlivesCancel<{ read(): Promise<string> }>(usual, () => late, signal);
    await expect(store.read()).rejects.toThrow(CancelledError);
  });
});
