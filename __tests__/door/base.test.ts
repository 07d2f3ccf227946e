import { existsSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ConfigSource, findAge, findBase, readNow } from '../../src/door/index.ts';
import { readEvent } from '../../src/github/event.ts';
import { eventBases } from '../../src/github/plan-request.ts';
import type { AppliedImageSet } from '../../src/state/index.ts';
import { openConfigSource } from '../support/config-source.ts';
import { imageSetText, TempRepository } from '../support/temp-repository.ts';

const origin = 'https://git.example.com/acme/mirrors';
const own = (path: string) => `git.example.com/acme/mirrors//${path}`;

function makeRepository(): TempRepository {
  const repository = new TempRepository();
  repository.git('remote', 'add', 'origin', origin);
  return repository;
}

async function askBase(
  source: ConfigSource,
  applied: readonly AppliedImageSet[],
  { named, events = [] }: { readonly named?: string; readonly events?: readonly string[] } = {},
) {
  const head = await readNow(source);
  const refuse = (commit: string) => new Error(`refused ${commit}`);
  const found = await findBase({ source, head, named, events: async () => events, refuse })(
    applied,
  );
  return found && { ...found, names: found.files.map((file) => file.identity) };
}

const at = '2026-01-01T00:00:00Z';
const text = (tag: string) => imageSetText(`quay.io/team/app:${tag}`);

describe('the base', () => {
  it('is what the state knows of each image set, whatever came before the change', async () => {
    using repository = makeRepository();
    repository.write('a.yaml', text('1'));
    const first = repository.commit();
    repository.write('b.yaml', text('2'));
    const second = repository.commit();
    const source = await openConfigSource(repository.root);
    const applied = [
      { name: own('a.yaml'), text: 'a as applied', commit: first, at },
      { name: 'git.example.com/acme/other//b.yaml', text: 'theirs', commit: second, at },
    ];
    const found = await askBase(source, applied, { events: [first] });
    expect(found?.files).toMatchObject([{ identity: own('a.yaml'), text: 'a as applied' }]);
    expect(found?.revision).toEqual({ from: 'state', commit: first });
  });

  it('is for an image set that the state does not know what the commit before the change has', async () => {
    using repository = makeRepository();
    repository.write('a.yaml', text('1'));
    repository.write('b.yaml', text('1'));
    const first = repository.commit();
    repository.write('b.yaml', text('2'));
    repository.commit();
    const source = await openConfigSource(repository.root);
    const applied = [{ name: own('a.yaml'), text: 'a as applied', at }];
    const found = await askBase(source, applied, { events: [first] });
    expect(found?.files.map((file) => file.text)).toEqual(['a as applied', text('1')]);
    const unknown = await askBase(source, [], { events: ['e'.repeat(40), first] });
    expect(unknown?.names).toEqual([own('a.yaml'), own('b.yaml')]);
    expect(unknown?.revision).toEqual({ from: 'event', commit: first });
    expect(await askBase(source, [])).toBeUndefined();
  });

  it('is the commit that was named, and the door refuses one that cannot be had', async () => {
    using repository = makeRepository();
    repository.write('a.yaml', text('1'));
    const first = repository.commit();
    repository.write('a.yaml', text('2'));
    repository.commit();
    const source = await openConfigSource(repository.root);
    const applied = [{ name: own('a.yaml'), text: 'a as applied', at }];
    const found = await askBase(source, applied, { named: 'HEAD~1' });
    expect(found?.files).toMatchObject([{ text: text('1') }]);
    expect(found?.revision).toEqual({ from: 'input', commit: first });
    await expect(askBase(source, applied, { named: 'nowhere' })).rejects.toThrow('refused nowhere');
  });

  it('has a file that was deleted, and none that this run would not have read or that is still there', async () => {
    using repository = makeRepository();
    for (const name of ['kept', 'gone', 'other']) repository.write(`${name}.yaml`, text(name));
    const commit = repository.commit();
    repository.git('rm', '--quiet', 'gone.yaml');
    repository.commit();
    const applied = ['kept', 'gone', 'other'].map((name) => ({
      ...{ name: own(`${name}.yaml`), text: text(name), commit, at },
    }));
    const some = await openConfigSource(repository.root, { globs: ['kept.yaml', 'gone.yaml'] });
    expect((await askBase(some, applied))?.names).toEqual([own('kept.yaml'), own('gone.yaml')]);
    const one = await openConfigSource(repository.root, { globs: ['kept.yaml'] });
    expect((await askBase(one, applied))?.names).toEqual([own('kept.yaml')]);
    const named = await openConfigSource(repository.root, { name: 'prod' });
    expect((await askBase(named, applied))?.names).toBeUndefined();
  });

  it('knows a file behind a link as deleted, and not as one that is only missing on disk', async () => {
    using repository = makeRepository();
    repository.write('sets/a.yaml', text('1'));
    repository.write('b.yaml', text('b'));
    symlinkSync('sets', join(repository.root, 'current'));
    const commit = repository.commit();
    const applied = [{ name: own('current/a.yaml'), text: text('1'), commit, at }];
    const gone = async (...globs: string[]) => {
      const source = await openConfigSource(repository.root, { globs });
      return (await askBase(source, applied))?.names ?? [];
    };
    repository.git('sparse-checkout', 'set', '--no-cone', '/b.yaml', '/current');
    expect(await gone()).toEqual([]);
    repository.git('sparse-checkout', 'disable');
    repository.git('rm', '--quiet', 'sets/a.yaml');
    repository.commit();
    expect(await gone('current/a.yaml', 'b.yaml')).toEqual([own('current/a.yaml')]);
  });

  it('begins at the oldest commit that its image sets were applied at', async () => {
    using repository = makeRepository();
    for (const name of ['a', 'b']) repository.write(`${name}.yaml`, text(name));
    const [first, second] = [repository.commit(), repository.commit()];
    const source = await openConfigSource(repository.root);
    const applied = [
      { name: own('a.yaml'), text: text('a'), commit: second, at: '2026-01-02T00:00:00Z' },
      { name: own('b.yaml'), text: text('b'), commit: first, at },
    ];
    expect((await askBase(source, applied))?.revision.commit).toBe(first);
  });

  it('leaves out what cannot be read as a configuration, and says so', async () => {
    using repository = makeRepository();
    repository.write('a.yaml', text('1'));
    symlinkSync('/etc/passwd', join(repository.root, 'b.yaml'));
    const commit = repository.commit();
    repository.git('rm', '--quiet', 'b.yaml');
    repository.write('b.yaml', text('2'));
    repository.commit();
    const source = await openConfigSource(repository.root);
    const found = await askBase(source, [], { events: [commit] });
    expect(found?.names).toEqual([own('a.yaml')]);
    expect(found?.notices).toMatchObject([{ severity: 'warning', code: 'base-unreadable' }]);
    expect(found?.notices?.[0]?.detail).toContain('"b.yaml" is a symbolic link that leaves');
  });

  it('runs nothing that a state names as its commit', async () => {
    using repository = makeRepository();
    repository.write('new.yaml', text('1'));
    repository.commit();
    const evidence = join(repository.root, 'evidence');
    const commit = `--upload-pack=touch ${evidence};git-upload-pack`;
    const source = await openConfigSource(repository.root);
    await askBase(source, [{ name: own('old.yaml'), text: text('1'), commit, at }]);
    expect(existsSync(evidence)).toBe(false);
  });
});

describe('a file with a new name', () => {
  const images = (...tags: string[]) =>
    [
      imageSetText().trimEnd(),
      ...tags.map((tag) => `    - name: quay.io/team/app:${tag}`),
      '',
    ].join('\n');

  it('speaks for the name that it had, although its text changed too', async () => {
    using repository = makeRepository();
    repository.write('old.yaml', images('1', '2', '3'));
    const commit = repository.commit();
    repository.git('mv', 'old.yaml', 'new.yaml');
    repository.write('new.yaml', images('1', '2', '4'));
    repository.commit();
    const before = { name: own('old.yaml'), text: images('1', '2', '3'), commit, at };
    const renamed = {
      identity: own('new.yaml'),
      formerNames: [own('old.yaml')],
      text: before.text,
    };
    for (const globs of [[], ['new.yaml']]) {
      const source = await openConfigSource(repository.root, { globs });
      expect((await askBase(source, [before]))?.files).toMatchObject([renamed]);
    }
    const source = await openConfigSource(repository.root);
    expect((await askBase(source, [], { events: [commit] }))?.files).toMatchObject([renamed]);
  });

  it('is found in the working tree too, whether or not it was added', async () => {
    using repository = makeRepository();
    repository.write('old.yaml', images('1'));
    const commit = repository.commit();
    renameSync(join(repository.root, 'old.yaml'), join(repository.root, 'new.yaml'));
    const source = await openConfigSource(repository.root, { globs: ['new.yaml'] });
    const applied = [{ name: own('old.yaml'), text: images('1'), commit, at }];
    expect((await askBase(source, applied))?.files).toMatchObject([
      { identity: own('new.yaml'), formerNames: [own('old.yaml')] },
    ]);
  });

  it('is another image set where the old one is still there, where it was there before, and where little is the same', async () => {
    using repository = makeRepository();
    repository.write('old.yaml', images('1'));
    repository.write('new.yaml', images('1'));
    const commit = repository.commit();
    const source = await openConfigSource(repository.root, { globs: ['new.yaml'] });
    const applied = [{ name: own('old.yaml'), text: images('1'), commit, at }];
    expect(await askBase(source, applied)).toBeUndefined();
    rmSync(join(repository.root, 'old.yaml'));
    expect(await askBase(source, applied)).toBeUndefined();
    repository.git('rm', '--quiet', '--cached', 'new.yaml');
    const earlier = [{ ...applied[0], name: own('old.yaml'), text: 'quite another text\n', at }];
    expect(await askBase(source, earlier)).toBeUndefined();
  });
});

describe('the commit before a change', () => {
  async function basesIn(root: string, payload: object) {
    const { checkout } = await openConfigSource(root);
    if (!checkout.git) throw new Error('no repository');
    return await eventBases(
      readEvent({ GITHUB_EVENT_NAME: 'pull_request' }, payload),
      checkout.git,
    );
  }

  function forked(repository: TempRepository) {
    repository.write('a.yaml', imageSetText());
    const fork = repository.commit();
    repository.git('checkout', '--quiet', '-b', 'feature');
    repository.write('b.yaml', imageSetText());
    const head = repository.commit();
    repository.git('checkout', '--quiet', 'main');
    repository.write('c.yaml', imageSetText());
    const main = repository.commit();
    return { fork, head, main };
  }

  function shallowClone(of: TempRepository): TempRepository {
    of.git('config', 'uploadpack.allowAnySHA1InWant', 'true');
    const clone = new TempRepository();
    clone.git('remote', 'add', 'origin', `file://${of.root}`);
    clone.git('fetch', '--quiet', '--depth=1', 'origin', 'main');
    clone.git('checkout', '--quiet', 'FETCH_HEAD');
    return clone;
  }

  it('is the first parent of the test merge of a pull request, also in a shallow clone', async () => {
    using repository = new TempRepository();
    const { fork, head, main } = forked(repository);
    repository.git('merge', '--quiet', '--no-ff', 'feature');
    using clone = shallowClone(repository);
    const payload = { pull_request: { number: 1, base: { sha: fork }, head: { sha: head } } };
    const events = await basesIn(clone.root, payload);
    const found = await askBase(await openConfigSource(clone.root), [], { events });
    expect(found?.revision.commit).toBe(main);
    expect(found?.files.map(({ name }) => name)).toEqual(['a.yaml', 'c.yaml']);
  });

  it('is the merge base when the head of the pull request itself is checked out', async () => {
    using repository = new TempRepository();
    const { fork, head, main } = forked(repository);
    repository.git('checkout', '--quiet', 'feature');
    const payload = { pull_request: { number: 1, base: { sha: main }, head: { sha: head } } };
    expect((await basesIn(repository.root, payload))[0]).toBe(fork);
  });

  it('is fetched where a shallow clone lacks it', async () => {
    using repository = new TempRepository();
    repository.write('a.yaml', text('1'));
    const first = repository.commit();
    repository.write('a.yaml', text('2'));
    repository.commit();
    using clone = shallowClone(repository);
    const found = await askBase(await openConfigSource(clone.root), [], { events: [first] });
    expect(found?.files).toMatchObject([{ text: text('1') }]);
  });

  describe('and its age', () => {
    async function ageIn(root: string, applied: { commit: string; at?: string }) {
      const { git } = (await openConfigSource(root)).checkout;
      const head = await git?.resolve('HEAD');
      if (!git || head === undefined) throw new Error('no repository');
      return await findAge(git, head)({ name: 'a', text: '', ...applied });
    }

    it('is told by the history', async () => {
      using repository = new TempRepository();
      const [old, now] = [repository.commit(), repository.commit()];
      expect(await ageIn(repository.root, { commit: old })).toBe(false);
      expect(await ageIn(repository.root, { commit: now })).toBe(false);
      repository.git('checkout', '--quiet', old);
      expect(await ageIn(repository.root, { commit: now })).toBe(true);
      expect(await ageIn(repository.root, { commit: 'e'.repeat(40) })).toBeUndefined();
    });

    it('is asked of the host where the clone does not tell', async () => {
      using repository = new TempRepository();
      repository.commit();
      const { git } = (await openConfigSource(repository.root)).checkout;
      const head = (await git?.resolve('HEAD')) ?? '';
      const asked: unknown[] = [];
      const compare = async (...commits: string[]) => asked.push(commits) > 0;
      const commit = 'e'.repeat(40);
      if (!git) throw new Error('no repository');
      expect(await findAge(git, head, compare)({ name: 'a', text: '', commit })).toBe(true);
      expect(asked).toEqual([[head, commit]]);
    });

    it('is told in a shallow clone by deepening it, unless times are clear', async () => {
      using repository = new TempRepository();
      const old = repository.commit();
      repository.commit();
      const now = repository.commit();
      using clone = shallowClone(repository);
      clone.git('fetch', '--quiet', '--depth=1', 'origin', old);
      clone.git('checkout', '--quiet', old);
      expect(await ageIn(clone.root, { commit: now, at: '2000-01-01T00:00:00Z' })).toBe(false);
      expect(await ageIn(clone.root, { commit: now })).toBe(true);
    });
  });
});
