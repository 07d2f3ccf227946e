import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { writeAtomically } from '../base/index.ts';

/** A JSON value that was written by this project and is whole. */
export type Sealed = unknown;

function seal(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Reads a file of {@link writeSealed}; one that is missing or not whole gives `undefined`. */
export async function readSealed(path: string): Promise<Sealed | undefined> {
  const content = await readFile(path, 'utf8').catch(() => undefined);
  const cut = content?.indexOf('\n') ?? -1;
  if (content === undefined || cut < 0) return undefined;
  const text = content.slice(cut + 1);
  return seal(text) === content.slice(0, cut) ? JSON.parse(text) : undefined;
}

/** Writes a JSON value behind a line with its checksum: whole or not at all. */
export async function writeSealed(path: string, value: unknown): Promise<void> {
  const text = JSON.stringify(value);
  await writeAtomically(path, `${seal(text)}\n${text}`, { durability: 'cached' });
}
