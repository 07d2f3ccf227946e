import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { expect } from 'vitest';
import type { FakeRegistry } from '../../src/fake-registry/index.ts';
import { restore, verify } from '../../src/run/index.ts';
import { change, channelConfig, type Lab, makeLab } from '../support/lab.ts';
import { brokenTags, contentOf, copyStore, restoreStore } from '../support/whole.ts';

const both = channelConfig('4.16.5', '4.16.6');
const newer = channelConfig('4.16.6', '4.16.6');
const program = resolve(import.meta.dirname, '../../src/cli.ts');
function targetOf(lab: Lab): FakeRegistry {
  const { fake } = lab.target;
  if (!fake) throw new Error('these tests look into a registry of this process');
  return fake;
}

/** Writes texts beside the workspace; gives their paths in the same order. */
async function write(lab: Lab, ...texts: readonly string[]): Promise<readonly string[]> {
  const directory = dirname(lab.workspace);
  await mkdir(directory, { recursive: true });
  const paths = texts.map((_, index) => join(directory, `${index}.yaml`));
  for (const [index, path] of paths.entries()) await writeFile(path, texts[index] ?? '');
  return paths;
}

/** Compiled code of the command line, so that only the first process has to compile it. */
const compiled = join(tmpdir(), 'imageset-mirror-compile-cache');

/** Runs the command line in a process of its own; with `killAfter` that many requests are its last. */
async function inProcess(lab: Lab, words: readonly string[], killAfter?: number): Promise<number> {
  const directory = dirname(lab.workspace);
  const key = join(directory, 'key.asc');
  await mkdir(directory, { recursive: true });
  await writeFile(key, lab.upstream.key.publicKey);
  const child = spawn(process.execPath, [program, ...words, `docker://${lab.target.host}`], {
    cwd: directory,
    env: {
      ...lab.settings().env,
      OCP_SIGNATURE_VERIFICATION_PK: key,
      HOME: directory,
      NODE_COMPILE_CACHE: compiled,
    },
    stdio: 'ignore',
  });
  let left = killAfter ?? Number.POSITIVE_INFINITY;
  let isOver = false;
  targetOf(lab).log.watch(() => {
    left -= 1;
    if (left <= 0 && !isOver) child.kill('SIGKILL');
  });
  const [code, signal] = await once(child, 'exit');
  isOver = true;
  return signal === 'SIGKILL' ? 137 : code;
}

const insecure = ['--src-tls-verify=false', '--dest-tls-verify=false'];

interface Deed {
  /** Parts of an undisturbed run's requests after which it is killed. */
  readonly moments: readonly number[];
  readonly words: readonly string[];
  /** What of the target must be there at every moment, tags with their digests. */
  readonly staying: Readonly<Record<string, string>>;
}

/** Does a deed whole, then again and again from the same start, each time killed at another moment and repeated. */
async function killAndRepeat(lab: Lab, { moments, words, staying }: Deed): Promise<void> {
  const target = targetOf(lab);
  const start = copyStore(target.store);
  const wrong = new Set<string>();
  target.log.clear();
  expect(await inProcess(lab, words)).toBe(0);
  const requests = target.log.entries.length;
  const end = contentOf(target);
  target.log.watch(() => {
    const { tags } = contentOf(target);
    for (const [place, digest] of Object.entries(staying)) {
      if (tags[place] !== digest) wrong.add(`${place} is gone`);
    }
    for (const broken of brokenTags(target.store)) wrong.add(broken);
  });
  for (const moment of moments) {
    restoreStore(target.store, start);
    const code = await inProcess(lab, words, Math.ceil(requests * moment));
    expect(code).toBe(137);
    expect([...wrong]).toEqual([]);
    expect(await inProcess(lab, words), `again after ${moment}`).toBe(0);
    expect(contentOf(target)).toEqual(end);
    expect([...wrong]).toEqual([]);
  }
}

/** Looks whether the state knows what is there, by the tool's own check. */
async function expectWhole(lab: Lab, total: number): Promise<void> {
  const report = await verify(lab.settings(), () => {});
  expect(report).toMatchObject({ done: total, total, imageFailures: [] });
}

/** Mirrors: no half image is ever to be seen, and the next run ends it. */
export async function killWhileMirroring(moments: readonly number[]): Promise<void> {
  const lab = await makeLab();
  const [config = ''] = await write(lab, both.text);
  const workspace = `file://${dirname(lab.workspace)}`;
  const words = ['-c', config, '--workspace', workspace, ...insecure];
  await killAndRepeat(lab, { moments, words, staying: {} });
  await expectWhole(lab, 16);
}

/** Applies a plan: nothing is lost that stays or that can be undone. */
export async function killWhileApplying(moments: readonly number[]): Promise<void> {
  const lab = await makeLab();
  await lab.apply(change(undefined, [both]));
  const before = contentOf(targetOf(lab)).tags;
  const { files } = await lab.plan(change([both], [newer]));
  const [plan = ''] = await write(lab, files.get('plan.json') ?? '');
  const workspace = `file://${dirname(lab.workspace)}`;
  const words = ['apply', '--plan', plan, '--workspace', workspace, ...insecure];
  const staying = Object.fromEntries(
    Object.entries(before).filter(([place]) => place.includes(':4.16.6')),
  );
  await killAndRepeat(lab, { moments, words, staying });
  expect(contentOf(targetOf(lab)).tags).toEqual(staying);
  await expectWhole(lab, 8);
  await restore(lab.settings(), 'last', () => {});
  expect(contentOf(targetOf(lab)).tags).toEqual(before);
  await expectWhole(lab, 16);
}

/** Deletes what a list names: nothing else is lost. */
export async function killWhileDeleting(moments: readonly number[]): Promise<void> {
  const lab = await makeLab();
  await lab.apply(change(undefined, [both]));
  const { files } = await lab.plan(change([both], [newer]));
  const [list = ''] = await write(lab, files.get('delete-images.yaml') ?? '');
  const words = ['delete', '--delete-yaml-file', list, ...insecure];
  const before = contentOf(targetOf(lab)).tags;
  const staying = Object.fromEntries(
    Object.entries(before).filter(([place]) => place.includes(':4.16.6')),
  );
  await killAndRepeat(lab, { moments, words, staying });
  expect(contentOf(targetOf(lab)).tags).toEqual(staying);
}
