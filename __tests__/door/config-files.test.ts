import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readCommit } from '../../src/door/config-files.ts';
import { readNow } from '../../src/door/index.ts';
import { openConfigSource } from '../support/config-source.ts';
import { imageSetText, TempRepository } from '../support/temp-repository.ts';

const names = (files: readonly { readonly name: string }[] | undefined) =>
  files?.map((file) => file.name);

async function namesNow(root: string, ...globs: string[]) {
  return names(await readNow(await openConfigSource(root, { globs })));
}

async function textsNow(root: string, ...globs: string[]) {
  const files = await readNow(await openConfigSource(root, { globs }));
  return Object.fromEntries(files.map(({ name, text }) => [name, text]));
}

describe('the configurations that are there now', () => {
  it('are every tracked image set, whatever its name, and nothing else', async () => {
    using repository = new TempRepository();
    repository.write('sets/prod.YML', imageSetText());
    repository.write('a.yaml', imageSetText());
    repository.write('values.yaml', 'note: not an ImageSetConfiguration\n');
    repository.write('notes.md', imageSetText());
    repository.commit();
    repository.write('untracked.yaml', imageSetText());
    expect(await namesNow(repository.root)).toEqual(['a.yaml', 'sets/prod.YML']);
  });

  it('are read with the edits of the working tree', async () => {
    using repository = new TempRepository();
    repository.write('a.yaml', imageSetText('quay.io/team/app:1'));
    repository.write('b.yaml', imageSetText());
    const commit = repository.commit();
    repository.write('a.yaml', imageSetText('quay.io/team/app:2'));
    const [edited, untouched] = await readNow(await openConfigSource(repository.root));
    expect(edited?.text).toContain('app:2');
    expect(edited).not.toHaveProperty('commit');
    expect(untouched).toMatchObject({ commit });
  });

  it('take by glob what an earlier step has made, and skip what is no image set', async () => {
    using repository = new TempRepository();
    repository.commit();
    repository.write('made/one.yaml', imageSetText());
    repository.write('made/deep/two.yaml', imageSetText());
    repository.write('made/old.yaml', imageSetText());
    repository.write('made/values.yaml', 'a: 1\n');
    repository.write('made/large.yaml', `# ${'x'.repeat(2_000_000)}\n`);
    expect(await namesNow(repository.root, './made/**/*.yaml', '!made/old.yaml')).toEqual([
      'made/deep/two.yaml',
      'made/one.yaml',
    ]);
  });

  it('know what git does not track as rendered', async () => {
    using repository = new TempRepository();
    repository.write('a.yaml', imageSetText());
    repository.commit();
    repository.write('a.yaml', imageSetText('quay.io/team/app:2'));
    repository.write('made/b.yaml', imageSetText());
    const source = await openConfigSource(repository.root, { globs: ['**/*.yaml'] });
    const files = await readNow(source);
    expect(files.map(({ name, rendered }) => [name, rendered])).toEqual([
      ['a.yaml', undefined],
      ['made/b.yaml', true],
    ]);
  });

  it('take a named file whatever it holds, so that its mistake is told', async () => {
    using repository = new TempRepository();
    repository.write('broken.yaml', 'kind: Imagesetconfiguration\n');
    repository.commit();
    const path = join(repository.root, 'broken.yaml');
    expect(await namesNow(repository.root, path)).toEqual(['broken.yaml']);
  });

  it('leave files of the older version alone only where there are current ones', async () => {
    using repository = new TempRepository();
    repository.write('v1.yaml', imageSetText('quay.io/team/app:1', 'v1alpha2'));
    repository.commit();
    expect(await namesNow(repository.root)).toEqual(['v1.yaml']);
    repository.write('v2.yaml', imageSetText());
    repository.commit();
    expect(await namesNow(repository.root)).toEqual(['v2.yaml']);
  });

  it('are found without a repository too', async () => {
    using repository = new TempRepository();
    repository.write('a.yaml', imageSetText());
    rmSync(join(repository.root, '.git'), { recursive: true });
    expect(await namesNow(repository.root)).toEqual(['a.yaml']);
  });
});

describe('a file that is only missing on disk', () => {
  function twoSets(): TempRepository {
    const repository = new TempRepository();
    repository.write('a/prod.yaml', imageSetText('quay.io/team/app:1'));
    repository.write('b/test.yaml', imageSetText('quay.io/team/app:2'));
    repository.commit();
    return repository;
  }

  const everything = ['a/prod.yaml', 'b/test.yaml'];

  it('because of a sparse checkout, is read from git', async () => {
    using repository = twoSets();
    repository.git('sparse-checkout', 'set', '--no-cone', '/b/');
    expect(await namesNow(repository.root)).toEqual(everything);
    expect(await namesNow(repository.root, '**/*.yaml')).toEqual(everything);
    expect((await textsNow(repository.root, 'a/prod.yaml'))['a/prod.yaml']).toContain('app:1');
  });

  it.each(['--skip-worktree', '--assume-unchanged'])(
    'and marked %s, is read from git',
    async (mark) => {
      using repository = twoSets();
      repository.git('update-index', mark, 'a/prod.yaml');
      rmSync(join(repository.root, 'a'), { recursive: true });
      expect(await namesNow(repository.root)).toEqual(everything);
    },
  );

  it('because the rules of a sparse checkout leave it out, although git has no mark, is read from git', async () => {
    using repository = twoSets();
    repository.git('config', 'core.sparseCheckout', 'true');
    repository.write('.git/info/sparse-checkout', '/b/\n');
    rmSync(join(repository.root, 'a'), { recursive: true });
    expect(await namesNow(repository.root)).toEqual(everything);
    rmSync(join(repository.root, 'b'), { recursive: true });
    expect(await namesNow(repository.root)).toEqual(['a/prod.yaml']);
  });

  it('because nothing was checked out yet, is read from git', async () => {
    using origin = twoSets();
    const root = mkdtempSync(join(tmpdir(), 'imageset-mirror-clone-'));
    onTestFinished(() => rmSync(root, { recursive: true }));
    execFileSync('git', ['clone', '--quiet', '--no-checkout', origin.root, root]);
    expect(await namesNow(root, '**/*.yaml')).toEqual(everything);
  });

  it('because it was deleted, is not there any more', async () => {
    using repository = twoSets();
    rmSync(join(repository.root, 'a/prod.yaml'));
    expect(await namesNow(repository.root)).toEqual(['b/test.yaml']);
    expect(await namesNow(repository.root, '**/*.yaml')).toEqual(['b/test.yaml']);
  });
});

describe('a symbolic link', () => {
  function linked(to: string, at = 'link.yaml'): TempRepository {
    const repository = new TempRepository();
    repository.write('sets/real.yaml', imageSetText('quay.io/team/app:1'));
    symlinkSync(to, join(repository.root, at));
    repository.commit();
    return repository;
  }

  it('means the file that it leads to, by a chain and by a directory too', async () => {
    using repository = linked('sets/real.yaml');
    symlinkSync('link.yaml', join(repository.root, 'chain.yaml'));
    symlinkSync('sets', join(repository.root, 'current'));
    const commit = repository.commit();
    const texts = await textsNow(repository.root, 'chain.yaml', 'current/real.yaml');
    expect(Object.keys(texts)).toEqual(['chain.yaml', 'current/real.yaml']);
    expect(texts['current/real.yaml']).toContain('app:1');
    for (const name of ['chain.yaml', 'current/real.yaml']) {
      const source = await openConfigSource(repository.root, { globs: [name] });
      expect(await readCommit(source, commit, [])).toMatchObject([{ name, commit }]);
    }
  });

  it('leads to what is only missing on disk', async () => {
    using repository = linked('sets/real.yaml');
    repository.git('sparse-checkout', 'set', '--no-cone', '/link.yaml');
    expect((await textsNow(repository.root))['link.yaml']).toContain('app:1');
  });

  const secret = join(tmpdir(), `imageset-mirror-secret-${process.pid}.yaml`);

  it.each([
    ['leads to an absolute path', secret],
    ['climbs out of the checkout', `../${secret.slice(tmpdir().length + 1)}`],
    ['climbs out by another link', 'sets/../../etc/passwd'],
  ])('that %s is refused by its name, and nothing of the file is shown', async (_, to) => {
    writeFileSync(secret, 'password: hunter2\n');
    onTestFinished(() => rmSync(secret, { force: true }));
    using repository = linked(to);
    for (const globs of [[], ['link.yaml'], ['*.yaml']]) {
      const told = await namesNow(repository.root, ...globs).catch((error: Error) => error);
      expect(told).toMatchObject({
        code: 'CONFIG_UNREADABLE',
        message: '"link.yaml" is a symbolic link that leaves the checkout.',
      });
      expect(JSON.stringify(told)).not.toContain('hunter2');
    }
    const commit = repository.git('rev-parse', 'HEAD');
    const source = await openConfigSource(repository.root, { globs: ['link.yaml'] });
    await expect(readCommit(source, commit, [])).rejects.toThrow('leaves the checkout');
  });

  it('that leads in a circle is refused by its name', async () => {
    using repository = linked('other.yaml');
    symlinkSync('link.yaml', join(repository.root, 'other.yaml'));
    await expect(namesNow(repository.root, 'link.yaml')).rejects.toThrow(
      '"link.yaml" is a symbolic link that leads in a circle.',
    );
  });

  it('that leads to nothing is not there', async () => {
    using repository = linked('gone.yaml');
    expect(await namesNow(repository.root, 'link.yaml')).toEqual([]);
  });
});

describe('a file that cannot be a configuration', () => {
  it.each([
    ['is larger than 1 MiB', `kind: ImageSetConfiguration\n# ${'x'.repeat(1024 * 1024)}`],
    ['is a binary file', 'kind: ImageSetConfiguration\n\0'],
    ['is not valid UTF-8', Buffer.from('kind: ImageSetConfiguration\n# \xff', 'latin1')],
    ['is a pointer of Git LFS', 'version https://git-lfs.github.com/spec/v1\noid sha256:1\n'],
  ])('because it %s is refused with the reason', async (why, content) => {
    using repository = new TempRepository();
    writeFileSync(join(repository.root, 'a.yaml'), content);
    repository.commit();
    await expect(namesNow(repository.root, 'a.yaml')).rejects.toThrow(`"a.yaml" ${why}`);
    await expect(namesNow(repository.root, '*.yaml')).rejects.toThrow(`"a.yaml" ${why}`);
  });

  it('because it is a directory, or lies in a submodule, is refused with the reason', async () => {
    using inner = new TempRepository();
    inner.write('a.yaml', imageSetText());
    inner.commit();
    using repository = new TempRepository();
    repository.write('sets/a.yaml', imageSetText());
    repository.git(
      '-c',
      'protocol.file.allow=always',
      'submodule',
      '--quiet',
      'add',
      inner.root,
      'sub',
    );
    repository.commit();
    await expect(namesNow(repository.root, 'sets')).rejects.toThrow('"sets" is a directory.');
    await expect(namesNow(repository.root, 'sub/a.yaml')).rejects.toThrow('lies in a submodule');
  });
});

describe('the configurations of a commit', () => {
  it('have the names that they had, and those that are gone', async () => {
    using repository = new TempRepository();
    repository.write('old name.yaml', imageSetText());
    repository.write('gone.yaml', imageSetText());
    const before = repository.commit();
    repository.git('mv', 'old name.yaml', 'new.yaml');
    repository.git('rm', '--quiet', 'gone.yaml');
    repository.commit();
    const source = await openConfigSource(repository.root);
    expect(names(await readCommit(source, before, []))).toEqual(['gone.yaml', 'old name.yaml']);
    expect(names(await readNow(source))).toEqual(['new.yaml']);
    const byGlob = await openConfigSource(repository.root, { globs: ['*.yaml'] });
    expect(names(await readCommit(byGlob, before, []))).toEqual(['gone.yaml', 'old name.yaml']);
  });

  it('are none in a tree without any, and unknown in one that cannot be had', async () => {
    using repository = new TempRepository();
    repository.write('readme', 'empty');
    const empty = repository.commit();
    const source = await openConfigSource(repository.root);
    expect(await readCommit(source, empty, [])).toEqual([]);
    expect(await readCommit(source, 'f'.repeat(40), [])).toBeUndefined();
  });
});
