import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { storageError, writeAtomically } from '../../src/base/index.ts';
import { tempDirectory } from '../support/temp-directory.ts';

describe('a file that is written whole or not at all', () => {
  it('replaces what was there, and leaves nothing beside it', async () => {
    const directory = tempDirectory({ file: 'first' });
    const path = join(directory, 'file');
    await writeAtomically(path, 'second', { durability: 'synced' });
    expect(await readFile(path, 'utf8')).toBe('second');
    expect(await readdir(directory)).toEqual(['file']);
  });

  it('leaves nothing behind where it cannot take its place', async () => {
    const directory = tempDirectory({ 'taken/inner': '' });
    const writing = writeAtomically(join(directory, 'taken'), 'text', { durability: 'cached' });
    await expect(writing).rejects.toMatchObject({ syscall: 'rename' });
    expect(await readdir(directory)).toEqual(['taken']);
  });

  it.each([
    ['ENOSPC', 'STORAGE_FULL'],
    ['EDQUOT', 'STORAGE_FULL'],
    ['EACCES', 'STORAGE_FAILED'],
  ])('fails with %s as %s', (code, expected) => {
    const cause = Object.assign(new Error('no'), { code });
    expect(storageError('It failed.', cause, 'Mend it.')).toMatchObject({
      code: expected,
      message: 'It failed.',
      hint: 'Mend it.',
      cause,
    });
  });
});
