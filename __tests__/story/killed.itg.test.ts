import { describe, expect, it } from 'vitest';
import type { FakeRegistry } from '../../src/fake-registry/index.ts';
import { type ConfigFile, restore, verify } from '../../src/run/index.ts';
import { commandLine, startCommandLine } from '../support/command-line.ts';
import { effort } from '../support/effort.ts';
import { change, channelConfig, type Lab, makeLab } from '../support/lab.ts';
import { brokenTags, contentOf, copyStore, restoreStore } from '../support/whole.ts';

type Tags = Readonly<Record<string, string>>;

const both = channelConfig('4.16.5', '4.16.6');
const newer = channelConfig('4.16.6', '4.16.6');

function targetOf(lab: Lab): FakeRegistry {
  const { fake } = lab.target;
  if (!fake) throw new Error('these tests look into a registry of this process');
  return fake;
}

const stayingOf = (tags: Tags): Tags =>
  Object.fromEntries(Object.entries(tags).filter(([place]) => place.includes(':4.16.6')));

/** Runs a command line in a process of its own, and kills it after a number of requests. */
async function killAfter(lab: Lab, argv: readonly (string | ConfigFile)[], requests: number) {
  const { child, ended } = startCommandLine(lab, argv);
  let left = requests;
  targetOf(lab).log.watch(() => {
    left -= 1;
    if (left === 0) child.kill('SIGKILL');
  });
  expect((await ended).code).toBe(null);
}

const count = effort.isShort ? 1 : effort.runs(3);
/** Spread evenly: in a short run after half of the requests, in others after more parts, the more the longer they are. */
const moments = Array.from({ length: count }, (_, index) => (index + 1) / (count + 1));

/**
 * Runs a command line to its end, then again and again from the same start, each time killed at another moment and
 * repeated. The tags of `staying` must be there at every moment.
 */
async function killAndRepeat(
  lab: Lab,
  argv: readonly (string | ConfigFile)[],
  staying: Tags,
): Promise<void> {
  const words = [...argv, '--dest-tls-verify=false', '--src-tls-verify=false'];
  const target = targetOf(lab);
  const start = copyStore(target.store);
  const wrong = new Set<string>();
  target.log.clear();
  expect((await commandLine(lab, words)).code).toBe(0);
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
    await killAfter(lab, words, Math.ceil(requests * moment));
    expect([...wrong]).toEqual([]);
    expect((await commandLine(lab, words)).code, `again after ${moment}`).toBe(0);
    expect(contentOf(target)).toEqual(end);
    expect([...wrong]).toEqual([]);
  }
}

/** Looks whether the state knows what is there, by the tool's own check. */
async function expectWhole(lab: Lab, total: number): Promise<void> {
  const report = await verify(lab.settings(), () => {});
  expect(report).toMatchObject({ done: total, total, imageFailures: [] });
}

describe('a process that is killed', { timeout: effort.limit }, () => {
  it('while it mirrors leaves no half image, and the next one ends it', async () => {
    const lab = await makeLab();
    await killAndRepeat(lab, ['-c', both], {});
    await expectWhole(lab, 16);
  });

  it('while it applies a plan loses nothing that stays or that can be undone', async () => {
    const lab = await makeLab();
    await lab.apply(change(undefined, [both]));
    const before = contentOf(targetOf(lab)).tags;
    const { files } = await lab.plan(change([both], [newer]));
    const plan = { name: 'plan.json', text: files.get('plan.json') ?? '' };
    const staying = stayingOf(before);
    await killAndRepeat(lab, ['apply', '--plan', plan], staying);
    expect(contentOf(targetOf(lab)).tags).toEqual(staying);
    await expectWhole(lab, 8);
    await restore(lab.settings(), { undo: 'last' }, () => {});
    expect(contentOf(targetOf(lab)).tags).toEqual(before);
    await expectWhole(lab, 16);
  });

  it('while it deletes what a list names loses nothing else', async () => {
    const lab = await makeLab();
    await lab.apply(change(undefined, [both]));
    const { files } = await lab.plan(change([both], [newer]));
    const list = { name: 'delete-images.yaml', text: files.get('delete-images.yaml') ?? '' };
    const staying = stayingOf(contentOf(targetOf(lab)).tags);
    await killAndRepeat(lab, ['delete', '--delete-yaml-file', list], staying);
    expect(contentOf(targetOf(lab)).tags).toEqual(staying);
  });
});
