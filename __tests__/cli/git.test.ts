import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGitReader } from '../../src/cli/index.ts';

const directory = mkdtempSync(join(tmpdir(), 'imageset-mirror-git-'));

function git(...words: string[]): string {
  const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.com'];
  return execFileSync('git', [...identity, ...words], { cwd: directory, encoding: 'utf8' }).trim();
}

let first = '';

beforeAll(() => {
  git('init', '--quiet');
  mkdirSync(join(directory, 'sets'));
  writeFileSync(join(directory, 'sets', 'a b.yaml'), 'old\n');
  writeFileSync(join(directory, 'readme.md'), '');
  git('add', '.');
  git('commit', '--quiet', '-m', 'first');
  first = git('rev-parse', 'HEAD');
  writeFileSync(join(directory, 'sets', 'a b.yaml'), 'new\n');
  writeFileSync(join(directory, 'sets', 'c.yml'), 'c\n');
  git('add', '.');
  git('commit', '--quiet', '-m', 'second');
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('the history', () => {
  it('gives a file as it was, from the top, from below and by its full path', async () => {
    const top = createGitReader(directory);
    expect(await top.read(first, 'sets/a b.yaml')).toBe('old\n');
    expect(await top.read('HEAD', join(directory, 'sets', 'a b.yaml'))).toBe('new\n');
    const below = createGitReader(join(directory, 'sets'));
    expect(await below.read(first, 'a b.yaml')).toBe('old\n');
    expect(await below.read(first, '../sets/a b.yaml')).toBe('old\n');
  });

  it('names a commit in full, and none that does not exist', async () => {
    const reader = createGitReader(directory);
    expect(await reader.resolve('HEAD~1')).toBe(first);
    expect(await reader.resolve('nope')).toBeUndefined();
    expect(await reader.resolve('--help')).toBeUndefined();
  });

  it('lists YAML files of today and of a commit', async () => {
    const reader = createGitReader(directory);
    expect(await reader.list()).toEqual(['sets/a b.yaml', 'sets/c.yml']);
    expect(await reader.list(first)).toEqual(['sets/a b.yaml']);
  });

  it('has nothing of what was not there', async () => {
    const reader = createGitReader(directory);
    expect(await reader.read(first, 'sets/c.yml')).toBeUndefined();
    expect(await createGitReader('/').list()).toBeUndefined();
  });
});
