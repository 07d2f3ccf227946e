import { describe, expect, it } from 'vitest';
import { type ApplyEvent, verifyTarget } from '../../src/apply/index.ts';
import { ensureRepository } from '../../src/fake-registry/index.ts';
import type { MirroredPlacement } from '../../src/imageset/index.ts';
import { makeImage, makeIndex, type TestImage } from '../support/images.ts';
import { makeEnds, mirrored, place } from './target.ts';

const image = makeImage({ seed: 'image' });
const other = makeImage({ seed: 'other' });
const index = makeIndex([image, other]);
const digestOf = ({ manifest }: TestImage) => manifest.descriptor.digest;

/** A target with everything that the state lists. */
async function makeTarget(limit: Pick<MirroredPlacement, 'platforms'> = {}) {
  const ends = await makeEnds();
  for (const [one, tag] of [
    [image, 'v1'],
    [index, 'multi'],
  ] as const)
    place(ends.target, one, tag);
  const state = [mirrored(image, 'v1'), { ...mirrored(index, 'multi'), ...limit }];
  const events: ApplyEvent[] = [];
  const check = async () => {
    const damages = await verifyTarget(state, ends.endpoints, {
      listener: (event) => void events.push(event),
    });
    return damages.map(({ placement, message }) => `${placement.tag}: ${message}`);
  };
  return { ...ends, stored: ensureRepository(ends.target.store, 'team/app'), events, check };
}

describe('a check of what was mirrored', () => {
  it('finds nothing where all is whole, asks for each blob once, and writes nothing', async () => {
    const { check, asked, events, target } = await makeTarget();
    expect(await check()).toEqual([]);
    expect(target.log.writes()).toEqual([]);
    const heads = asked().target.filter((line) => line === 'HEAD team/app blobs/@');
    const blobs = new Set([...image.blobs, ...other.blobs].map((one) => one.descriptor.digest));
    expect(heads).toHaveLength(blobs.size);
    expect(events.at(-1)).toMatchObject({ type: 'progress', done: 2, total: 2 });
  });

  it('finds a tag that is gone, and one that names something else', async () => {
    const { check, stored } = await makeTarget();
    stored.tags.delete('v1');
    stored.tags.set('multi', digestOf(other));
    expect(await check()).toEqual([
      `multi: the tag names another image, ${digestOf(other)}`,
      'v1: the tag is gone',
    ]);
  });

  it('finds blobs that are gone, in whatever image they are', async () => {
    const { check, stored } = await makeTarget();
    const [config] = other.blobs;
    stored.blobs.delete(config?.descriptor.digest ?? '');
    expect(await check()).toEqual([
      `multi: its blob ${config?.descriptor.digest} is gone or cut short`,
    ]);
  });

  it('finds a blob that its storage cut short', async () => {
    const { check, stored } = await makeTarget();
    const [config] = other.blobs;
    stored.blobs.set(config?.descriptor.digest ?? '', new Uint8Array());
    expect(await check()).toEqual([
      `multi: its blob ${config?.descriptor.digest} is gone or cut short`,
    ]);
  });

  it('finds a manifest that rotted, and one that the registry fails to read, and looks at all the others', async () => {
    const { check, stored, target } = await makeTarget();
    const mediaType = other.manifest.descriptor.mediaType;
    stored.manifests.set(digestOf(other), { mediaType, bytes: new TextEncoder().encode('{}') });
    expect(await check()).toEqual([
      expect.stringMatching(/^multi: it cannot be read: A manifest of .* is not what its digest/),
    ]);
    const path = new RegExp(`manifests/${digestOf(other)}`);
    target.faults.add({ path, status: 500, times: 100 });
    stored.tags.delete('v1');
    expect(await check()).toEqual([
      expect.stringMatching(/^multi: it cannot be read: .* 500/),
      'v1: the tag is gone',
    ]);
  });

  it('fails where the target does not answer', async () => {
    const { check, target } = await makeTarget();
    target.faults.add({ status: 503, times: 100 });
    await expect(check()).rejects.toThrow('503');
  });

  it('takes an index for whole that has the platforms it was limited to, and for damaged without', async () => {
    const { check, stored } = await makeTarget({ platforms: ['linux/amd64'] });
    stored.manifests.delete(digestOf(other));
    expect(await check()).toEqual([]);
    stored.manifests.delete(digestOf(image));
    expect(await check()).toEqual([
      'multi: its manifests are gone',
      expect.stringMatching(/^v1: /),
    ]);
  });

  it('takes an index for damaged that lacks a child it was not limited to do without', async () => {
    const { check, stored } = await makeTarget();
    stored.manifests.delete(digestOf(other));
    expect(await check()).toEqual(['multi: its manifests are gone']);
  });
});
