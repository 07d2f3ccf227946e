import { describe, expect, it } from 'vitest';
import type { FakeSettings, Store } from '../../src/fake-registry/index.ts';
import { cosignTags } from '../../src/signature/index.ts';
import { effort } from '../support/effort.ts';
import { makeImage, makeIndex, pushTo } from '../support/images.ts';
import { change, imagesConfig, makeLab } from '../support/lab.ts';
import { brokenTags, copyStore, tagsOf } from '../support/whole.ts';
import { manners, quick, type Step, sweep } from './sweep.ts';

const repository = 'team/app';
const image = (seed: string) => makeImage({ seed });
const [one, two, three, child] = [image('one'), image('two'), image('three'), image('child')];

/** Gives the images of a source by their tags; `two` and `same` are one, and two indexes share a child. */
const images = {
  one,
  two,
  same: two,
  three,
  first: makeIndex([child]),
  second: makeIndex([child, three]),
};

/** Fills a source: each image is signed, and `one` has an attestation that is signed as well. */
function fill(store: Store): void {
  for (const [tag, found] of Object.entries(images)) pushTo(store, repository, tag, found);
  for (const { manifest } of [one, two, three, child]) {
    const { digest } = manifest.descriptor;
    pushTo(store, repository, cosignTags(digest)[0], image(`signature of ${digest}`));
  }
  const artifactType = 'application/vnd.dev.sigstore.bundle.v0.3+json';
  const attach = (seed: string, { manifest: { descriptor: subject } }: typeof one) => {
    const referrer = makeImage({ seed, subject, artifactType });
    pushTo(store, repository, undefined, referrer);
    return referrer;
  };
  attach('signature of the attestation', attach('attestation', one));
}

const lacks: readonly Partial<FakeSettings>[] = [
  { tagDelete: 'off', referrers: 'off' },
  { digestDelete: 'off' },
];

/** Gives the attachments that are gone although a tag names their image, or an index above it. */
function lostIn(store: Store, attached: readonly string[]): string[] {
  const { tags, manifests } = store.get(repository) ?? {};
  const text = (digest: string) => new TextDecoder().decode(manifests?.get(digest)?.bytes);
  const staying = [...(tags ?? [])].filter(([tag]) => tag in images);
  const needed = staying.map(([, digest]) => digest + text(digest)).join();
  return attached.filter((tag) => !tags?.has(tag) && needed.includes(tag.slice(7, 71)));
}

describe('a run that mirrors and removes signed images', { timeout: effort.limit }, () => {
  it.each(lacks.flatMap((settings) => manners.map((manner) => ({ settings, manner }))))(
    'takes no signature before its image when it fails ($manner; $settings), and is ended by the next',
    async ({ settings, manner }) => {
      const lab = await makeLab({ upstream: { components: 1, channels: {} }, target: settings });
      const [from, target] = [lab.source.fake, lab.target.fake];
      if (!from || !target) throw new Error('no registries of this process');
      fill(from.store);
      const files = (names: readonly string[]) => [
        imagesConfig(names.map((name) => `${lab.source.host}/${repository}:${name}`)),
      ];
      const was = files(['one', 'two', 'same', 'first', 'second']);
      const becomes = files(['same', 'three', 'second']);
      await lab.apply(change([], was));
      const before = copyStore(target.store);
      const attached = [...(before.get(repository)?.tags.keys() ?? [])].filter((tag) =>
        tag.startsWith('sha256-'),
      );
      expect(attached).toHaveLength(6);
      const step: Step = {
        before,
        watch: () => [...lostIn(target.store, attached), ...brokenTags(target.store)],
        see: tagsOf,
        async run(workspace) {
          const { applied } = await lab.apply(change(was, becomes), { ...quick, workspace });
          // An attachment of a manifest that could not go is held, and the run is applied all the same.
          return applied?.result.outcomes.every(({ result }) => result === 'done') === true;
        },
      };
      await sweep(lab, step, { victim: target, manner });
    },
  );
});
