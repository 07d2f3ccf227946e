import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeAtomically } from '../base/index.ts';
import { messageOf } from '../errors.ts';
import type { Logger } from '../log.ts';

function seal(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Reads a file of {@link writeSealed}; `undefined` if it is missing or damaged. */
export async function readSealed(path: string): Promise<unknown> {
  const content = await readFile(path, 'utf8').catch(() => '');
  const cut = content.indexOf('\n');
  const text = content.slice(cut + 1);
  return cut >= 0 && seal(text) === content.slice(0, cut) ? JSON.parse(text) : undefined;
}

/** Writes a JSON value after a line with its checksum: the whole file or none. */
export async function writeSealed(path: string, value: unknown): Promise<void> {
  const text = JSON.stringify(value);
  await writeAtomically(path, `${seal(text)}\n${text}`, { durability: 'cached' });
}

/** Writes a sealed file of a cache, with its directory. Never throws: a failure is logged. */
export async function keepSealed(path: string, value: unknown, log: Logger): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeSealed(path, value);
  } catch (cause) {
    log.log('debug', `${path} cannot be written: ${messageOf(cause)}`);
  }
}
