import { describe, expect, it } from 'vitest';
import type { Digest } from '../../src/oci/index.ts';
import { restore } from '../../src/run/index.ts';
import { makeImage, makeIndex } from '../support/images.ts';
import { change, imagesConfig } from '../support/lab.ts';
import {
  digestOfImage,
  type ImageLab,
  makeImageLab,
  mirrorAll,
  publish,
  pullTarget,
} from './image-lab.ts';

describe('an index of which some platforms are wanted', () => {
  const children = ['amd64', 'arm64', 'ppc64le'].map((architecture) =>
    makeImage({ seed: architecture, architecture }),
  );
  const index = makeIndex(children);
  const [amd64, arm64, ppc64le] = children.map(digestOfImage) as [Digest, Digest, Digest];
  const platformsOf = (...architectures: readonly string[]) =>
    `\n      platforms: [${architectures.map((one) => `{os: linux, architecture: ${one}}`).join(', ')}]`;
  const manifestsIn = ({ to }: ImageLab, name = 'team/multi') => [
    ...(to.store.get(name)?.manifests.keys() ?? []),
  ];

  it('keeps its digest and has those platforms alone', async () => {
    const lab = await makeImageLab({ sparseIndexes: 'accepted' });
    const name = await publish(lab, 'team/multi', index, 'v1');
    await mirrorAll(lab, imagesConfig([`${name}:v1${platformsOf('amd64', 'ppc64le')}`]));
    expect(manifestsIn(lab).sort()).toEqual([amd64, ppc64le, digestOfImage(index)].sort());
    expect(await pullTarget(lab, 'team/multi', amd64)).toBe(amd64);
  });

  it('gets the platforms that are asked for later', async () => {
    const lab = await makeImageLab({ sparseIndexes: 'accepted' });
    const name = await publish(lab, 'team/multi', index, 'v1');
    await mirrorAll(lab, imagesConfig([`${name}:v1${platformsOf('amd64')}`]));
    const more = imagesConfig([`${name}:v1${platformsOf('amd64', 'arm64')}`]);
    const { plan } = await lab.plan(change(undefined, [more]));
    expect(plan?.changes).toMatchObject([
      { action: 'mirror', platforms: ['linux/amd64', 'linux/arm64'] },
    ]);
    const moving = children[1]?.blobs.map(({ descriptor }) => descriptor.size) ?? [];
    const blobs = moving.reduce((sum, size) => sum + size, 0);
    expect(plan?.totals.bytesToMirror).toBeGreaterThanOrEqual(blobs);
    await mirrorAll(lab, more);
    expect(await pullTarget(lab, 'team/multi', arm64)).toBe(arm64);
    await mirrorAll(lab, imagesConfig([`${name}:v1`]));
    expect(await pullTarget(lab, 'team/multi', 'v1')).toBe(digestOfImage(index));
  });

  it('lacks nothing that another tag of the same repository wants of it', async () => {
    const lab = await makeImageLab({ sparseIndexes: 'accepted' });
    const name = await publish(lab, 'team/multi', index, 'v1');
    const some = `${name}:v1${platformsOf('amd64')}`;
    const all = `${name}:v1\n      targetTag: whole`;
    // One at a time, so that the second finds the index there.
    await lab.apply(change(undefined, [imagesConfig([some, all])]), { parallel: 1 });
    expect(await pullTarget(lab, 'team/multi', 'whole')).toBe(digestOfImage(index));
  });

  it('lacks nothing that another tag wants of it later', async () => {
    const lab = await makeImageLab({ sparseIndexes: 'accepted' });
    const name = await publish(lab, 'team/multi', index, 'v1');
    const some = `${name}:v1${platformsOf('amd64')}`;
    await mirrorAll(lab, imagesConfig([some]));
    await mirrorAll(lab, imagesConfig([some, `${name}:v1\n      targetTag: whole`]));
    expect(await pullTarget(lab, 'team/multi', 'whole')).toBe(digestOfImage(index));
  });

  it('has what each of two image sets asks of it', async () => {
    const lab = await makeImageLab({ sparseIndexes: 'accepted' });
    const name = await publish(lab, 'team/multi', index, 'v1');
    const files = ['amd64', 'arm64'].map((one) =>
      imagesConfig([`${name}:v1${platformsOf(one)}`], `${one}.yaml`),
    );
    await mirrorAll(lab, ...files);
    expect(manifestsIn(lab).sort()).toEqual([amd64, arm64, digestOfImage(index)].sort());
    await mirrorAll(lab, ...files, imagesConfig([`${name}:v1`], 'all.yaml'));
    expect(await pullTarget(lab, 'team/multi', 'v1')).toBe(digestOfImage(index));
  });

  it('has none of the others although they lie elsewhere already', async () => {
    const lab = await makeImageLab({ sparseIndexes: 'accepted' });
    const name = await publish(lab, 'team/multi', index, 'v1');
    const [whole, some] = [
      `${name}:v1\n      targetRepo: team/whole`,
      `${name}:v1${platformsOf('amd64')}`,
    ];
    await mirrorAll(lab, imagesConfig([whole, some]));
    expect(manifestsIn(lab).sort()).toEqual([amd64, digestOfImage(index)].sort());
  });

  it('fails alone at a registry that takes only whole ones, and says which setting allows it', async () => {
    const lab = await makeImageLab({ sparseIndexes: 'refused' });
    const name = await publish(lab, 'team/multi', index, 'v1');
    const single = await publish(lab, 'team/single', children[0] ?? index, 'v1');
    const images = [`${name}:v1${platformsOf('amd64')}`, `${single}:v1${platformsOf('amd64')}`];
    const report = await lab.mirror([imagesConfig(images)]);
    expect(report.counts).toEqual([{ kind: 'additional', collected: 2, copied: 1 }]);
    const [failure] = report.imageFailures;
    expect(failure?.message).toMatch(/mirrored for linux\/amd64 alone/);
    expect(failure?.hint).toMatch(/^Manifest lists of some .*indexes\.platforms: none/);
    expect(report.imageFailures).toHaveLength(1);
  });

  it('goes and comes back as it was', async () => {
    const lab = await makeImageLab({ sparseIndexes: 'accepted' });
    const name = await publish(lab, 'team/multi', index, 'v1');
    const [whole, some] = [
      `${name}:v1\n      targetRepo: team/whole`,
      `${name}:v1${platformsOf('amd64')}`,
    ];
    const [two, one] = [imagesConfig([whole, some]), imagesConfig([whole])];
    await mirrorAll(lab, two);
    await lab.apply(change([two], [one]));
    expect(manifestsIn(lab)).toEqual([]);
    const report = await restore(lab.settings(), { undo: 'last' }, () => {});
    expect(report).toMatchObject({ done: 1, imageFailures: [] });
    expect(manifestsIn(lab).sort()).toEqual([amd64, digestOfImage(index)].sort());
    await mirrorAll(lab, imagesConfig([whole, `${name}:v1`]));
    expect(await pullTarget(lab, 'team/multi', 'v1')).toBe(digestOfImage(index));
  });
});
