import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createMirrorFiles } from '../../src/cli/plan-request.ts';
import { imageSetText, TempRepository } from '../support/temp-repository.ts';

const env = { PATH: process.env['PATH'] };

async function read(directory: string, ...config: string[]) {
  const { files } = await createMirrorFiles({ config }, { directory, env });
  return files;
}

function tempDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'imageset-mirror-files-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return realpathSync(directory);
}

function makeRepository(): TempRepository {
  const repository = new TempRepository();
  repository.git('remote', 'add', 'origin', 'https://git.example.com/acme/mirrors');
  repository.write('w/x.yaml', imageSetText());
  repository.commit();
  return repository;
}

const identity = 'git.example.com/acme/mirrors//w/x.yaml';

describe('a configuration that is named', () => {
  it('is the same image set from every directory, behind links to directories too', async () => {
    using repository = makeRepository();
    const elsewhere = tempDirectory();
    symlinkSync(join(repository.root, 'w'), join(elsewhere, 'linked'));
    const spellings = [
      [repository.root, 'w/x.yaml'],
      [join(repository.root, 'w'), 'x.yaml'],
      [join(repository.root, 'w'), '../w/x.yaml'],
      [elsewhere, join(repository.root, 'w/x.yaml')],
      [elsewhere, 'linked/x.yaml'],
    ] as const;
    for (const [directory, path] of spellings) {
      expect(await read(directory, path)).toMatchObject([{ identity, text: imageSetText() }]);
    }
  });

  it('is known by its directory without git', async () => {
    const directory = tempDirectory();
    mkdirSync(join(directory, 'w'));
    writeFileSync(join(directory, 'w/x.yaml'), imageSetText());
    const name = `file://${directory}/w//x.yaml`;
    expect(await read(directory, 'w/x.yaml')).toMatchObject([{ identity: name }]);
    expect(await read(join(directory, 'w'), './x.yaml')).toMatchObject([{ identity: name }]);
  });

  it('is read from git where it is only missing on disk', async () => {
    using repository = makeRepository();
    repository.git('update-index', '--skip-worktree', 'w/x.yaml');
    rmSync(join(repository.root, 'w'), { recursive: true });
    expect(await read(repository.root, 'w/x.yaml')).toMatchObject([{ identity }]);
  });

  it('that is not there is told in the words of oc-mirror', async () => {
    using repository = makeRepository();
    rmSync(join(repository.root, 'w/x.yaml'));
    for (const path of ['w/x.yaml', 'no.yaml', 'no/such/file.yaml']) {
      await expect(read(repository.root, path)).rejects.toThrow(
        `could not parse config: open ${path}: no such file or directory`,
      );
    }
    await expect(read(repository.root, '.')).rejects.toThrow('is a directory');
  });

  it('and is a tracked link out of the checkout is refused; an untracked one is its file', async () => {
    using repository = makeRepository();
    const outside = join(tempDirectory(), 'real.yaml');
    writeFileSync(outside, imageSetText());
    symlinkSync(outside, join(repository.root, 'link.yaml'));
    expect(await read(repository.root, 'link.yaml')).toMatchObject([
      { name: 'link.yaml', identity: `file://${join(outside, '..')}//real.yaml` },
    ]);
    repository.commit();
    await expect(read(repository.root, 'link.yaml')).rejects.toThrow(
      '"link.yaml" is a symbolic link that leaves the checkout.',
    );
  });

  it('may be a pipe', async () => {
    const directory = tempDirectory();
    const pipe = join(directory, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const written = import('node:fs/promises').then((fs) => fs.writeFile(pipe, imageSetText()));
    expect(await read(directory, pipe)).toMatchObject([{ text: imageSetText() }]);
    await written;
  });
});
