import { join } from 'node:path';
import { expect } from 'vitest';
import { MirrorError } from '../../src/errors.ts';
import type {
  FakeRegistry,
  FakeSettings,
  Fault,
  LogEntry,
  Store,
} from '../../src/fake-registry/index.ts';
import type { ConfigFile } from '../../src/run/index.ts';
import { effort } from '../support/effort.ts';
import { makeImage, pushTo } from '../support/images.ts';
import { change, channelConfig, type Lab, makeLab } from '../support/lab.ts';
import { brokenTags, contentOf, copyStore, restoreStore, tagsOf } from '../support/whole.ts';

/**
 * Each request of the story fails once for good: either it alone, however often it is repeated, or it and everything
 * after it, which is what a killed run looks like from the registry. Then the fault is mended and the run comes again.
 */
export type Manner = 'alone' | 'from then on';

/** Both releases. */
export const both = channelConfig('4.16.5', '4.16.6');
/** The newer release alone. */
export const newer = channelConfig('4.16.6', '4.16.6');
/** Settings of a run that does not try again. */
export const quick = { retryTimes: 0, parallel: 4 };
/** Both manners. */
export const manners: readonly Manner[] = ['alone', 'from then on'];

/** The same for indexes of several architectures. */
export function multi(file: ConfigFile): ConfigFile {
  const text = file.text.replace('channels:', 'architectures: [multi]\n    channels:');
  return { ...file, text };
}

/** A part of the story that can be begun again and again. */
export interface Step {
  readonly before: Store;
  /** Looks while the step goes on; gives what is wrong. */
  readonly watch: () => readonly string[];
  /** The part of the target that has to be as after an undisturbed run. */
  readonly see: (target: FakeRegistry) => unknown;
  /** Whether it came to its end as wished. A workspace serves an attempt and the next. */
  run(workspace: string): Promise<boolean>;
}

const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Names a request so that its repetition is met too, and no other: the number of an upload changes each time. */
export function faultAt({ method, path, query }: LogEntry, nth: number, manner: Manner): Fault {
  const lasting = { status: 500, times: Number.POSITIVE_INFINITY };
  if (manner === 'from then on') return { ...lasting, after: nth };
  const digest = /digest=([^&]+)/.exec(query)?.[1];
  const place = digest
    ? `uploads/.*${escaped(digest)}`
    : `^${escaped(path).replace(/upload-\d+/, 'upload-\\d+')}(\\?|$)`;
  return { ...lasting, method, path: new RegExp(place) };
}

/** Requests that are worth failing: each one, or each different one. */
export function pointsOf(
  entries: readonly LogEntry[],
  manner: Manner,
): readonly (readonly [LogEntry, number])[] {
  const all = entries.map((entry, nth) => [entry, nth] as const);
  if (manner === 'from then on') return all;
  const unique = new Map(
    all.map((point) => [String(faultAt(...point, manner).path) + point[0].method, point]),
  );
  return [...unique.values()];
}

/** A failure is one of ours, or a report; anything else that is thrown is a bug. */
export async function attempt(step: Step, workspace: string): Promise<boolean> {
  try {
    return await step.run(workspace);
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(MirrorError);
    expect((thrown as MirrorError).code).not.toBe('BUG');
    return false;
  }
}

/** The side that fails, and its kind of fault. */
export interface Disturbance {
  readonly victim: FakeRegistry;
  readonly manner: Manner;
}

/** Runs a step with one fault after the other, and again without it: the faults are reported, and nothing is lost. */
export async function sweep(lab: Lab, step: Step, { victim, manner }: Disturbance): Promise<void> {
  const target = fakeOf(lab, 'target');
  const wrong = new Set<string>();
  target.log.watch(() => {
    for (const one of step.watch()) wrong.add(one);
  });
  restoreStore(target.store, step.before);
  victim.log.clear();
  expect(await step.run(join(lab.workspace, 'undisturbed'))).toBe(true);
  const undisturbed = step.see(target);
  const points = effort.some(pointsOf([...victim.log.entries], manner), 2, 16);
  let failed = 0;
  for (const [entry, nth] of points) {
    const where = `${entry.method} ${entry.path} (${nth})`;
    const workspace = join(lab.workspace, String(nth));
    restoreStore(target.store, step.before);
    victim.faults.add(faultAt(entry, nth, manner));
    const isDone = await attempt(step, workspace);
    victim.faults.clear();
    if (isDone) expect(step.see(target), `said nothing of ${where}`).toEqual(undisturbed);
    else failed += 1;
    expect(await step.run(workspace), `again after ${where}`).toBe(true);
    expect(step.see(target), `after ${where}`).toEqual(undisturbed);
    expect([...wrong], `in the course of ${where}`).toEqual([]);
  }
  // Some faults are no failures of the run, but never most of them.
  if (!effort.isShort) expect(failed / points.length).toBeGreaterThan(0.3);
}

function fakeOf(lab: Lab, side: 'source' | 'target'): FakeRegistry {
  const { fake } = lab[side];
  if (!fake) throw new Error('the sweep needs registries of this process');
  return fake;
}

/** A lab whose target has an image of somebody else. */
export async function makeSmallLab(
  settings: Partial<FakeSettings> = {},
  architectures = ['amd64'],
) {
  const upstream = { components: 2, shared: 1, sharedChildren: 1, architectures };
  const lab = await makeLab({ target: settings, upstream });
  const [source, target] = [fakeOf(lab, 'source'), fakeOf(lab, 'target')];
  pushTo(target.store, 'somebody/else', 'v1', makeImage({ seed: 'foreign' }));
  return { lab, source, target };
}

/** Mirrors both releases into a target that has neither. */
export function mirrorStep(lab: Lab, target: FakeRegistry, file = both): Step {
  return {
    before: copyStore(target.store),
    watch: () => brokenTags(target.store),
    see: contentOf,
    async run(workspace) {
      const report = await lab.mirror([file], { ...quick, workspace });
      return report.imageFailures.length === 0 && report.failures.length === 0;
    },
  };
}

/** Mirrors first; then what stays has to be there at every moment, under every tag and whole. */
export async function applyStep(
  lab: Lab,
  target: FakeRegistry,
  of = (file: ConfigFile) => file,
): Promise<Step> {
  await lab.mirror([of(both)]);
  const before = copyStore(target.store);
  const staying = Object.entries(tagsOf(target)).filter(([place]) => !place.includes(':4.16.5'));
  return {
    before,
    watch() {
      const tags = tagsOf(target);
      const gone = staying.filter(([place, digest]) => tags[place] !== digest);
      return [...gone.map(([place]) => `${place} is gone`), ...brokenTags(target.store)];
    },
    see: contentOf,
    async run(workspace) {
      const { applied } = await lab.apply(change([of(both)], [of(newer)]), {
        ...quick,
        workspace,
      });
      return applied?.result.status === 'applied' || applied?.result.status === 'nothing';
    },
  };
}
