import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { quietly } from '../../src/github/quiet.ts';

/** Runs work and gives what reached the log. */
async function logOf(work: () => Promise<unknown>): Promise<string> {
  let log = '';
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    log += String(text);
    return true;
  });
  onTestFinished(() => void spy.mockRestore());
  const own = process.stdout.write;
  await quietly(work).catch((error: Error) => {
    log += `thrown: ${error.message}\n`;
  });
  expect(process.stdout.write).toBe(own);
  return log;
}

describe("a client of GitHub's toolkit", () => {
  it('tells its steps to those who debug, and keeps its secrets hidden', async () => {
    const log = await logOf(async () => {
      process.stdout.write('Cache restored successfully\n::debug::one\n');
      process.stdout.write('::add-mask::secret\n');
    });
    expect(log).toBe('::debug::Cache restored successfully\n::debug::one\n::add-mask::secret\n');
  });

  it.each([
    '::warning::Failed to restore: 50%25 of it',
    '::error::Failed to restore: 50%25 of it',
    '::warning title=cache::Failed to restore: 50%25 of it',
  ])('fails where it only warns: %s', async (line) => {
    const log = await logOf(async () => process.stdout.write(`${line}\n`));
    expect(log).toBe('thrown: Failed to restore: 50% of it\n');
  });

  it('may write bytes, and wait until they are written', async () => {
    const bytes = new TextEncoder().encode('one\n');
    const log = await logOf(
      () => new Promise((done) => process.stdout.write(bytes, () => done(undefined))),
    );
    expect(log).toBe('::debug::one\n');
  }, 5_000);

  it('gives the output back when it throws', async () => {
    expect(await logOf(() => Promise.reject(new Error('no')))).toBe('thrown: no\n');
  });
});
