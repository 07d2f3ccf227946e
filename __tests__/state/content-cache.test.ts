import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { digestOf, hexOf } from '../../src/oci/index.ts';
import { createContentCache } from '../../src/state/index.ts';
import { keepLines } from '../support/log-lines.ts';
import { tempDirectory } from '../support/temp-directory.ts';

const bytes = new TextEncoder().encode('content');
const digest = digestOf(bytes);

describe('the content cache', () => {
  it('gives back what was put, to this run and the next, by both algorithms', async () => {
    const directory = join(tempDirectory(), 'new');
    const cache = createContentCache(directory, keepLines());
    const long = digestOf(bytes, 'sha512');
    await cache.put(digest, bytes);
    await cache.put(long, bytes);
    const next = createContentCache(directory, keepLines());
    for (const one of [digest, long]) {
      expect(Buffer.from((await next.get(one)) ?? [])).toEqual(Buffer.from(bytes));
    }
  });

  it('has nothing of what was never put', async () => {
    expect(await createContentCache(tempDirectory(), keepLines()).get(digest)).toBeUndefined();
  });

  it('does not believe a poisoned file, and removes it', async () => {
    const directory = tempDirectory();
    const cache = createContentCache(directory, keepLines());
    await cache.put(digest, bytes);
    const path = join(directory, 'sha256', hexOf(digest));
    for (const poison of ['other content', '', 'content\n']) {
      writeFileSync(path, poison);
      expect(await cache.get(digest)).toBeUndefined();
      expect(existsSync(path)).toBe(false);
    }
    await cache.put(digest, bytes);
    expect(await cache.get(digest)).toBeDefined();
  });

  it('leaves whole files only, however many write the same content at once', async () => {
    const directory = tempDirectory();
    const cache = createContentCache(directory, keepLines());
    await Promise.all(Array.from({ length: 20 }, () => cache.put(digest, bytes)));
    expect(readdirSync(join(directory, 'sha256'))).toEqual([hexOf(digest)]);
  });

  it('warns once and goes on when it cannot be written', async () => {
    const log = keepLines();
    const blocked = join(tempDirectory({ file: '' }), 'file');
    const cache = createContentCache(blocked, log);
    await Promise.all([cache.put(digest, bytes), cache.put(digest, bytes)]);
    await cache.put(digest, bytes);
    expect(await cache.get(digest)).toBeUndefined();
    expect(log.lines.map(({ level }) => level)).toEqual(['warn']);
    expect(log.lines[0]?.message).toContain(blocked);
  });
});
