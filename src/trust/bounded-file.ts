import { readFile, stat } from 'node:fs/promises';
import { checkLimit, type Limit } from '../base/index.ts';

/**
 * Reads a file that is within a limit of bytes.
 * @throws ContentError `TOO_LARGE`, or the error of the system when the file cannot be read
 */
export async function readWithin(path: string, limit: Limit): Promise<Buffer> {
  checkLimit(path, (await stat(path)).size, limit);
  return await readFile(path);
}
