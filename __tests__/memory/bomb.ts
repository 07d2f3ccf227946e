import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'vitest';

/** The most memory that a process may need, whatever it reads. */
const maxMebibytes = 512;

const program = resolve(import.meta.dirname, 'read-bomb.ts');

/** Lets a process of its own read a bomb; expects what comes of it, and that it needed little memory. */
export async function expectSmall(kind: string, outcome: RegExp): Promise<void> {
  const child = spawn(process.execPath, ['--max-old-space-size=400', program, kind], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [printed, errors] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    child.exitCode ?? once(child, 'exit'),
  ]);
  expect(printed, errors.slice(-2000)).not.toBe('');
  const found: unknown = JSON.parse(printed);
  expect(found).toMatchObject({ outcome: expect.stringMatching(outcome) });
  expect((found as { peakMebibytes: number }).peakMebibytes).toBeLessThan(maxMebibytes);
}
