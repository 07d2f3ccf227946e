import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findBase } from '../../src/github/base.ts';
import { type ConfigSource, readCommit, readHead } from '../../src/github/config-files.ts';
import { readEvent } from '../../src/github/event.ts';
import { openGit } from '../../src/github/git.ts';
import { imageSetText, TempRepository } from '../support/temp-repository.ts';

function sourceOf(root: string, globs: readonly string[] = []): ConfigSource {
  return { root, git: openGit(root, { PATH: process.env['PATH'] }), globs };
}

const names = (files: readonly { readonly name: string }[] | undefined) =>
  files?.map((file) => file.name);

describe('readHead', () => {
  it('finds every tracked image set, whatever its name, and nothing else', async () => {
    using repository = new TempRepository();
    repository.write('sets/prod.YML', imageSetText());
    repository.write('a.yaml', imageSetText());
    repository.write('values.yaml', 'note: not an ImageSetConfiguration\n');
    repository.write('notes.md', imageSetText());
    repository.commit();
    repository.write('untracked.yaml', imageSetText());
    expect(names(await readHead(sourceOf(repository.root)))).toEqual(['a.yaml', 'sets/prod.YML']);
  });

  it('reads the working tree, not the commit', async () => {
    using repository = new TempRepository();
    repository.write('a.yaml', imageSetText('quay.io/team/app:1'));
    repository.commit();
    repository.write('a.yaml', imageSetText('quay.io/team/app:2'));
    const [file] = await readHead(sourceOf(repository.root));
    expect(file?.text).toContain('app:2');
  });

  it('takes by glob what an earlier step has made, and skips what is no image set', async () => {
    using repository = new TempRepository();
    repository.commit();
    repository.write('made/one.yaml', imageSetText());
    repository.write('made/deep/two.yaml', imageSetText());
    repository.write('made/old.yaml', imageSetText());
    repository.write('made/values.yaml', 'a: 1\n');
    const globs = ['./made/**/*.yaml', '!made/old.yaml'];
    expect(names(await readHead(sourceOf(repository.root, globs)))).toEqual([
      'made/deep/two.yaml',
      'made/one.yaml',
    ]);
  });

  it('takes a named file whatever it holds, so that its mistake is told', async () => {
    using repository = new TempRepository();
    repository.write('broken.yaml', 'kind: Imagesetconfiguration\n');
    repository.commit();
    const globs = [join(repository.root, 'broken.yaml')];
    expect(names(await readHead(sourceOf(repository.root, globs)))).toEqual(['broken.yaml']);
  });

  it('leaves files of the older version alone only where there are current ones', async () => {
    using repository = new TempRepository();
    repository.write('v1.yaml', imageSetText('quay.io/team/app:1', 'v1alpha2'));
    repository.commit();
    expect(names(await readHead(sourceOf(repository.root)))).toEqual(['v1.yaml']);
    repository.write('v2.yaml', imageSetText());
    repository.commit();
    expect(names(await readHead(sourceOf(repository.root)))).toEqual(['v2.yaml']);
  });

  it('names the input when a named file is missing, and when there is none at all', async () => {
    using repository = new TempRepository();
    repository.commit();
    const missing = readHead(sourceOf(repository.root, ['gone.yaml']));
    await expect(missing).rejects.toThrow('Input "config": "gone.yaml" is not there.');
    await expect(readHead(sourceOf(repository.root))).rejects.toThrow(
      'Input "config": no image set',
    );
  });

  it('works without a repository', async () => {
    using repository = new TempRepository();
    repository.write('a.yaml', imageSetText());
    rmSync(join(repository.root, '.git'), { recursive: true });
    expect(names(await readHead(sourceOf(repository.root)))).toEqual(['a.yaml']);
  });
});

describe('readCommit', () => {
  it('finds a file by the name that it had, and one that is gone', async () => {
    using repository = new TempRepository();
    repository.write('old name.yaml', imageSetText());
    repository.write('gone.yaml', imageSetText());
    const before = repository.commit();
    repository.git('mv', 'old name.yaml', 'new.yaml');
    repository.git('rm', '--quiet', 'gone.yaml');
    repository.commit();
    const source = sourceOf(repository.root);
    expect(names(await readCommit(source, before))).toEqual(['gone.yaml', 'old name.yaml']);
    expect(names(await readHead(source))).toEqual(['new.yaml']);
    const byGlob = sourceOf(repository.root, ['*.yaml']);
    expect(names(await readCommit(byGlob, before))).toEqual(['gone.yaml', 'old name.yaml']);
  });

  it('tells a tree without configurations from one that cannot be had', async () => {
    using repository = new TempRepository();
    repository.write('readme', 'empty');
    const empty = repository.commit();
    expect(await readCommit(sourceOf(repository.root), empty)).toEqual([]);
    expect(await readCommit(sourceOf(repository.root), 'f'.repeat(40))).toBeUndefined();
  });
});

describe('findBase', () => {
  function twoCommits(repository: TempRepository): readonly [string, string] {
    repository.write('a.yaml', imageSetText('quay.io/team/app:1'));
    const first = repository.commit();
    repository.write('a.yaml', imageSetText('quay.io/team/app:2'));
    return [first, repository.commit()];
  }

  const push = (before: string) => readEvent({ GITHUB_EVENT_NAME: 'push' }, { before });

  it('prefers what was last applied to the commit before the push', async () => {
    using repository = new TempRepository();
    const [first, second] = twoCommits(repository);
    repository.commit('unrelated');
    const base = findBase({
      source: sourceOf(repository.root),
      event: push(second),
      base: undefined,
    });
    expect((await base(first))?.revision).toEqual({ commit: first, from: 'state' });
    expect((await base(undefined))?.revision).toEqual({ commit: second, from: 'event' });
  });

  it('gives nothing for an applied commit that is gone, so that the state speaks', async () => {
    using repository = new TempRepository();
    const [first] = twoCommits(repository);
    const base = findBase({
      source: sourceOf(repository.root),
      event: push(first),
      base: undefined,
    });
    expect(await base('e'.repeat(40))).toBeUndefined();
  });

  it('runs nothing that a state names as its commit', async () => {
    using origin = new TempRepository();
    const [first] = twoCommits(origin);
    using clone = new TempRepository();
    clone.git('remote', 'add', 'origin', `file://${origin.root}`);
    const base = findBase({ source: sourceOf(clone.root), event: push(first), base: undefined });
    const evidence = join(clone.root, 'evidence');
    expect(await base(`--upload-pack=touch ${evidence};git-upload-pack`)).toBeUndefined();
    expect(existsSync(evidence)).toBe(false);
  });

  it('lets the input win, and names it when it cannot be had', async () => {
    using repository = new TempRepository();
    const [first, second] = twoCommits(repository);
    const source = sourceOf(repository.root);
    const base = findBase({ source, event: push(second), base: 'HEAD~1' });
    expect((await base(second))?.revision).toEqual({ commit: first, from: 'input' });
    const wrong = findBase({ source, event: push(second), base: 'nowhere' });
    await expect(wrong(undefined)).rejects.toThrow('Input "base"');
  });

  it('fetches the commit that a shallow clone lacks', async () => {
    using origin = new TempRepository();
    const [first] = twoCommits(origin);
    origin.git('config', 'uploadpack.allowAnySHA1InWant', 'true');
    using clone = new TempRepository();
    clone.git('remote', 'add', 'origin', `file://${origin.root}`);
    clone.git('fetch', '--quiet', '--depth=1', 'origin', 'main');
    clone.git('checkout', '--quiet', 'FETCH_HEAD');
    const base = findBase({ source: sourceOf(clone.root), event: push(first), base: undefined });
    const found = await base(undefined);
    expect(found?.revision.commit).toBe(first);
    expect(found?.files[0]?.text).toContain('app:1');
  });

  it('takes the first parent of the test merge of a pull request, also in a shallow clone', async () => {
    using origin = new TempRepository();
    origin.git('config', 'uploadpack.allowAnySHA1InWant', 'true');
    origin.write('a.yaml', imageSetText('quay.io/team/app:1'));
    const fork = origin.commit();
    origin.git('checkout', '--quiet', '-b', 'feature');
    origin.write('b.yaml', imageSetText('quay.io/team/app:2'));
    const head = origin.commit();
    origin.git('checkout', '--quiet', 'main');
    origin.write('c.yaml', imageSetText('quay.io/team/app:3'));
    const main = origin.commit();
    origin.git('merge', '--quiet', '--no-ff', 'feature');
    using clone = new TempRepository();
    clone.git('remote', 'add', 'origin', `file://${origin.root}`);
    clone.git('fetch', '--quiet', '--depth=1', 'origin', 'main');
    clone.git('checkout', '--quiet', 'FETCH_HEAD');
    const payload = { pull_request: { number: 1, base: { sha: fork }, head: { sha: head } } };
    const event = readEvent({ GITHUB_EVENT_NAME: 'pull_request' }, payload);
    const found = await findBase({ source: sourceOf(clone.root), event, base: undefined })(
      undefined,
    );
    expect(found?.revision.commit).toBe(main);
    expect(names(found?.files)).toEqual(['a.yaml', 'c.yaml']);
  });

  it('takes the merge base when the head of the pull request itself is checked out', async () => {
    using repository = new TempRepository();
    repository.write('a.yaml', imageSetText());
    const fork = repository.commit();
    repository.git('checkout', '--quiet', '-b', 'feature');
    repository.write('b.yaml', imageSetText());
    const head = repository.commit();
    repository.git('checkout', '--quiet', 'main');
    repository.write('c.yaml', imageSetText());
    const main = repository.commit();
    repository.git('checkout', '--quiet', 'feature');
    const payload = { pull_request: { number: 1, base: { sha: main }, head: { sha: head } } };
    const event = readEvent({ GITHUB_EVENT_NAME: 'pull_request' }, payload);
    const found = await findBase({ source: sourceOf(repository.root), event, base: undefined })(
      undefined,
    );
    expect(found?.revision.commit).toBe(fork);
  });
});
