import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startCommandLine } from '../support/command-line.ts';
import { change, channelConfig } from '../support/lab.ts';
import { keepLines } from '../support/log-lines.ts';
import { makeScene } from './scene.ts';

const both = channelConfig('4.16.5', '4.16.6');

/** Gives the paths of all files below a directory. */
function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
}

describe('a workspace', () => {
  it('that cannot be written costs time and nothing else, and one warning says so', async () => {
    const scene = await makeScene();
    mkdirSync(dirname(scene.workspace), { recursive: true });
    writeFileSync(scene.workspace, 'a file where the directory should be');
    const log = keepLines();
    expect(await scene.attempt({ log })).toMatchObject({ imageFailures: [] });
    expect(scene.seen()).toEqual(scene.mirrored('bad', 'good', 'other'));
    const warnings = log.lines.filter(({ level }) => level === 'warn');
    expect(warnings.map(({ message }) => message)).toEqual([
      expect.stringMatching(/workspace .* cannot be written .* runs stay correct, but get slower/),
    ]);
    scene.to.log.clear();
    expect(await scene.attempt()).toMatchObject({ imageFailures: [] });
    expect(scene.to.log.writes()).toEqual([]);
  });

  it('on a full disk takes no image with it: the run says what it could not write, and leaves no half file', async () => {
    const scene = await makeScene();
    const ran = await startCommandLine(scene, ['-c', both], 'ulimit -f 0').ended;
    expect(ran.code).not.toBe(0);
    expect(ran.output).toMatch(/The workspace .* cannot be written .* runs stay correct/);
    expect(ran.output).toMatch(/working-dir\/.* cannot be written: .*\n.*Check the workspace/);
    expect(Object.keys(scene.seen())).toHaveLength(4);
    expect(filesBelow(scene.workspace).filter((path) => /\.(yaml|tmp)$/.test(path))).toEqual([]);
    const again = await startCommandLine(scene, ['-c', both]).ended;
    expect(again.code).toBe(0);
    const resources = filesBelow(join(scene.workspace, 'cluster-resources'));
    expect(resources.length).toBeGreaterThan(1);
  }, 30_000);

  it('of which every file is something else is found out and read again from where it came', async () => {
    const scene = await makeScene();
    expect(await scene.attempt({}, both)).toMatchObject({ imageFailures: [] });
    const before = scene.seen();
    const files = filesBelow(scene.workspace);
    expect(files.length).toBeGreaterThan(4);
    for (const path of files) writeFileSync(path, 'something else');
    scene.to.store.clear();
    expect(await scene.attempt({}, both)).toMatchObject({ imageFailures: [], failures: [] });
    expect(scene.seen()).toEqual(before);
    const healed = filesBelow(join(scene.workspace, 'content'));
    expect(healed.map((path) => readFileSync(path, 'utf8'))).not.toContain('something else');
  });

  it('that is somebody else’s does not change what a plan says', async () => {
    const scene = await makeScene();
    const newer = channelConfig('4.16.6', '4.16.6');
    await scene.mirror([both]);
    const { plan } = await scene.plan(change([both], [newer]));
    for (const path of filesBelow(scene.workspace)) writeFileSync(path, '');
    const again = await scene.plan(change([both], [newer]));
    expect(again.plan?.digest).toBe(plan?.digest);
    expect(again.plan?.totals).toEqual(plan?.totals);
  });
});

describe('a state directory', () => {
  it('that cannot be written ends the run before the first deed', async () => {
    const scene = await makeScene();
    const directory = join(dirname(scene.workspace), 'state');
    mkdirSync(dirname(directory), { recursive: true });
    writeFileSync(directory, 'a file where the directory should be');
    expect(await scene.attempt({ state: { directory } })).toMatchObject({
      code: 'STORAGE_FAILED',
      message: expect.stringContaining(directory),
      hint: expect.stringContaining('Check that the directory exists'),
    });
    expect(scene.seen()).toEqual({});
    expect(scene.to.log.writes()).toEqual([]);
  });

  it('whose state is not readable ends the run before the first deed', async () => {
    const scene = await makeScene();
    const directory = join(dirname(scene.workspace), 'state');
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, 'state.jsonl.gz'), 'no state');
    expect(await scene.attempt({ state: { directory } })).toMatchObject({ code: 'STATE_FORMAT' });
    expect(scene.to.log.writes()).toEqual([]);
  });
});
