import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createNotices } from '../../src/github/gaps.ts';
import type { CacheService } from '../../src/github/host.ts';
import { uploadFiles, writeFiles } from '../../src/github/run-files.ts';
import { restoreWorkspace, saveWorkspace } from '../../src/github/workspace-cache.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'imageset-mirror-services-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

describe('writeFiles', () => {
  it('writes files with the directories above them', async () => {
    const files = new Map([
      ['plan.json', '{}'],
      ['cluster-resources/idms.yaml', 'a: 1'],
    ]);
    const paths = await writeFiles(directory, files);
    expect(paths.map((path) => readFileSync(path, 'utf8'))).toEqual(['{}', 'a: 1']);
  });

  it('writes nothing outside of its directory', async () => {
    const files = new Map([['../escaped.yaml', 'x']]);
    await expect(writeFiles(join(directory, 'plan'), files)).rejects.toThrow(
      'leaves its directory',
    );
    expect(existsSync(join(directory, 'escaped.yaml'))).toBe(false);
  });

  it('fails with the code of a disk when it cannot write', async () => {
    writeFileSync(join(directory, 'plan'), 'a file where a directory should be');
    await expect(
      writeFiles(join(directory, 'plan'), new Map([['plan.json', '{}']])),
    ).rejects.toMatchObject({ code: 'STORAGE_FAILED' });
  });
});

describe('uploadFiles', () => {
  it.each([
    ['there is no service', undefined],
    [
      'the service refuses',
      {
        upload: () => Promise.reject(new Error('not supported on GHES')),
        download: () => Promise.reject(new Error('not asked')),
      },
    ],
  ])('warns once and names the place of the files when %s', async (_, service) => {
    const notices = createNotices();
    const upload = { name: 'plan', directory, paths: [] };
    expect(await uploadFiles(service, upload, notices)).toBeUndefined();
    expect(await uploadFiles(service, upload, notices)).toBeUndefined();
    expect(notices.list()).toHaveLength(1);
    expect(notices.list()[0]?.detail).toContain(directory);
  });
});

/** A cache that keeps keys, as the service does: entries are never overwritten. */
class FakeCache implements CacheService {
  readonly keys: string[] = [];

  async restore(_paths: readonly string[], key: string, prefixes: readonly string[]) {
    return this.keys.findLast((k) => k === key || prefixes.some((prefix) => k.startsWith(prefix)));
  }

  async save(_paths: readonly string[], key: string) {
    this.keys.push(key);
  }
}

const broken: CacheService = {
  restore: () => Promise.reject(new Error('cache service responded with 503')),
  save: () => Promise.reject(new Error('cache write denied')),
};

describe('the cache of the workspace', () => {
  const facts = (service: CacheService | undefined, target = 'registry.example.com') => ({
    service,
    workspace: directory,
    target,
    config: ['a.yaml'],
    notices: createNotices(),
  });

  function addContent(name: string): void {
    mkdirSync(join(directory, 'content', 'sha256'), { recursive: true });
    writeFileSync(join(directory, 'content', 'sha256', name), name);
  }

  it('is saved under a new key only when there is new content', async () => {
    const cache = new FakeCache();
    addContent('a');
    await saveWorkspace(facts(cache), await restoreWorkspace(facts(cache)));
    await saveWorkspace(facts(cache), await restoreWorkspace(facts(cache)));
    expect(cache.keys).toHaveLength(1);
    addContent('b');
    await saveWorkspace(facts(cache), await restoreWorkspace(facts(cache)));
    expect(new Set(cache.keys).size).toBe(2);
    expect(cache.keys[0]).toMatch(/^imageset-mirror-v1-[0-9a-f]{16}-[0-9a-f]{16}-[0-9a-f]{16}$/);
  });

  it('is not shared between targets', async () => {
    const cache = new FakeCache();
    addContent('a');
    await saveWorkspace(facts(cache), undefined);
    expect(await restoreWorkspace(facts(cache, 'other.example.com'))).toBeUndefined();
  });

  it('prefers what the same configurations left, and takes what others of the target did', async () => {
    const cache = new FakeCache();
    addContent('a');
    await saveWorkspace(facts(cache), undefined);
    const other = { ...facts(cache), config: ['b.yaml'] };
    expect(await restoreWorkspace(other)).toBe(cache.keys[0]);
    await saveWorkspace(other, undefined);
    expect(new Set(cache.keys).size).toBe(2);
  });

  it('is not saved while there is nothing in it', async () => {
    const cache = new FakeCache();
    await saveWorkspace(facts(cache), undefined);
    expect(cache.keys).toEqual([]);
  });

  it('costs one warning when the service is broken', async () => {
    addContent('a');
    const run = facts(broken);
    await saveWorkspace(run, await restoreWorkspace(run));
    expect(run.notices.list()).toHaveLength(1);
  });
});
