import { rm } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ensureRepository,
  type StoredRepository,
  storedManifest,
} from '../../src/fake-registry/index.ts';
import { successors } from '../../src/oci/index.ts';
import type { ConfigFile } from '../../src/run/index.ts';
import { effort } from '../support/effort.ts';
import { makeImage, makeIndex, pushTo, type TestImage } from '../support/images.ts';
import { change, imagesConfig } from '../support/lab.ts';
import { brokenTags, tagsOf } from '../support/whole.ts';
import { digestOfImage, type ImageLab, makeImageLab } from './image-lab.ts';

/** A small world in which much is shared: indexes with common children, layers with common bytes, a signature. */
const [a, b, c] = ['a', 'b', 'c'].map((seed) => makeImage({ seed })) as [
  TestImage,
  TestImage,
  TestImage,
];
const pool: readonly TestImage[] = [
  a,
  b,
  c,
  makeIndex([a, b]),
  makeIndex([b, c]),
  makeIndex([makeIndex([a, c]), b]),
  makeImage({ seed: 'signature', subject: a.manifest.descriptor }),
];
const places = ['one:1', 'one:2', 'one:3', 'one:4', 'two:1', 'two:2'];
const files = ['first.yaml', 'second.yaml'];

/** The wish for one place: an image, by the first file, the second, or both. */
const wish = fc.record({
  image: fc.nat(pool.length - 1),
  by: fc.constantFrom<readonly number[]>([0], [1], [0, 1]),
});

/** One merge, and what happens before it. */
const step = fc.record({
  wishes: fc.array(fc.option(wish, { freq: 2 }), {
    minLength: places.length,
    maxLength: places.length,
  }),
  before: fc.constantFrom(
    'nothing',
    'nothing',
    'the workspace is lost',
    'the state is lost',
    'somebody sets a tag',
    'somebody pushes an image',
    'somebody moves a tag',
  ),
  chance: fc.nat(50),
});

type Tags = Readonly<Record<string, string>>;
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

function filesOf(lab: ImageLab, { wishes }: Step): readonly ConfigFile[] {
  return files.map((name, file) => {
    const images = wishes.flatMap((wanted, place) => {
      if (!wanted?.by.includes(file)) return [];
      const [repository, tag] = places[place]?.split(':') ?? [];
      const source = `${lab.source.host}/pool/${wanted.image}:v1`;
      return [`${source}\n      targetRepo: ${repository}\n      targetTag: '${tag}'`];
    });
    return imagesConfig(images, name);
  });
}

function wantedOf({ wishes }: Step): Tags {
  const wanted = wishes.flatMap((one, place) => {
    const image = one && pool[one.image];
    return image ? [[places[place] ?? '', digestOfImage(image)] as const] : [];
  });
  return Object.fromEntries(wanted);
}

/** Gives what the tags of a repository lead to, indexes and their children. */
function reachable(repository: StoredRepository): readonly string[] {
  const digests = new Set(repository.tags.values());
  for (const digest of digests) {
    const manifest = storedManifest(repository, digest);
    for (const child of manifest ? successors(manifest).children : []) digests.add(child.digest);
  }
  return [...digests].sort();
}

/** Does what others do between two merges; gives the places that are theirs from now on. */
async function disturb(lab: ImageLab, { before, chance }: Step): Promise<readonly string[]> {
  const { store } = lab.to;
  if (before === 'the workspace is lost') await rm(lab.workspace, { recursive: true, force: true });
  if (before === 'the state is lost') store.delete('imageset-mirror/state');
  const repository = ensureRepository(store, 'one');
  const digests = reachable(repository);
  const digest = digests[chance % Math.max(1, digests.length)];
  if (before === 'somebody sets a tag' && digest) {
    repository.tags.set(`theirs-${chance % 3}`, digest);
    return [`one:theirs-${chance % 3}`];
  }
  if (before === 'somebody pushes an image') {
    const mine = makeIndex([b, makeImage({ seed: 'theirs' })]);
    pushTo(store, 'one', 'theirs', mine);
    return ['one:theirs'];
  }
  const tag = [...repository.tags.keys()][0];
  if (before === 'somebody moves a tag' && digest && tag && repository.tags.get(tag) !== digest) {
    repository.tags.set(tag, digest);
    return [`one:${tag}`];
  }
  return [];
}

/** The knowledge of a target while time goes by. */
interface Life {
  readonly theirs: Set<string>;
  /** Places that a plan once held: they may stay. */
  readonly held: Set<string>;
}

/** Looks whether the target is as it should be after a merge. */
function check(before: Tags, after: Tags, facts: Life & { readonly wanted: Tags }): void {
  const { theirs, held, wanted } = facts;
  const ours = Object.entries(wanted).filter(([place]) => !theirs.has(place));
  // A check, not a plan, finds out that somebody moved a tag that the state proves.
  expect(after).toEqual({ ...after, ...Object.fromEntries(ours) });
  const untouched = Object.entries(before).filter(
    ([place]) => theirs.has(place) && !(place in wanted),
  );
  expect(after).toEqual({ ...after, ...Object.fromEntries(untouched) });
  const left = Object.keys(after).filter((place) => !(place in wanted) && !theirs.has(place));
  expect(left.filter((place) => !held.has(place))).toEqual([]);
}

/** Lives through merges, one after the other, and looks at the target after each. */
async function live(lab: ImageLab, steps: readonly Step[]): Promise<void> {
  const life: Life = { theirs: new Set(), held: new Set() };
  let base: readonly ConfigFile[] | undefined;
  for (const one of steps) {
    const head = filesOf(lab, one);
    const wanted = wantedOf(one);
    for (const place of await disturb(lab, one)) life.theirs.add(place);
    const before = tagsOf(lab.to);
    const { planned, applied } = await lab.apply(change(base, head));
    expect(applied?.result.outcomes.filter(({ result }) => result === 'failed')).toEqual([]);
    const holds = planned.plan?.changes.filter(({ action }) => action === 'hold') ?? [];
    for (const { repository, tag } of holds) life.held.add(`${repository}:${tag}`);
    expect(brokenTags(lab.to.store)).toEqual([]);
    const after = tagsOf(lab.to);
    check(before, after, { ...life, wanted });
    // A place that we set again is ours again.
    for (const [place, digest] of Object.entries(wanted)) {
      if (after[place] === digest) life.theirs.delete(place);
    }
    lab.to.log.clear();
    await lab.apply(change(base, head));
    expect(lab.to.log.writes()).toEqual([]);
    base = head;
  }
}

describe('images of random merges, one after the other', { timeout: effort.limit }, () => {
  it.each(['on', 'unsupported'] as const)(
    'pull whole, leave what others have alone, and are written once (removal of tags: %s)',
    async (tagDelete) => {
      const lab = await makeImageLab({ tagDelete });
      for (const [index, image] of pool.entries()) {
        pushTo(lab.from.store, `pool/${index}`, 'v1', image);
      }
      const neverEmpty = step.filter(({ wishes }) => wishes.some((one) => one !== null));
      const world = fc.array(neverEmpty, { minLength: 2, maxLength: 4 });
      await fc.assert(
        fc.asyncProperty(world, async (steps) => {
          lab.to.store.clear();
          await live(lab, steps);
        }),
        { numRuns: effort.runs(20) },
      );
    },
  );
});
