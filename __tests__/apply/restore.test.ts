import { describe, expect, it } from 'vitest';
import { planRestore, restoreRecords } from '../../src/apply/index.ts';
import { ensureRepository, removeManifest } from '../../src/fake-registry/index.ts';
import type { UndoRecord } from '../../src/state/index.ts';
import { makeImage, makeIndex, type TestImage } from '../support/images.ts';
import { makeEnds, mirrored, place } from './target.ts';

const index = makeIndex([makeImage({ seed: 'amd' }), makeImage({ seed: 'arm' })]);
const image = makeImage({ seed: 'image' });
const digestOf = ({ manifest }: TestImage) => manifest.descriptor.digest;

function recordOf(one: TestImage, tag: string): UndoRecord {
  const manifests = [...one.children, one].map(({ manifest: { descriptor, raw } }) => ({
    digest: descriptor.digest,
    mediaType: descriptor.mediaType,
    raw,
  }));
  return { placement: mirrored(one, tag), manifests };
}

/** A target from which both images were deleted, and that has their blobs still. */
async function makeTarget() {
  const ends = await makeEnds();
  for (const [one, tag] of [
    [image, 'v1'],
    [index, 'multi'],
  ] as const)
    place(ends.target, one, tag);
  const stored = ensureRepository(ends.target.store, 'team/app');
  for (const one of [image, index, ...index.children]) removeManifest(stored, digestOf(one));
  return { ...ends, stored, records: [recordOf(image, 'v1'), recordOf(index, 'multi')] };
}

describe('the plan of a restore', () => {
  it('tells which images can be put back, are there, or have lost their blobs, and writes nothing', async () => {
    const { endpoints, target, stored, records } = await makeTarget();
    expect(await planRestore(records, endpoints)).toEqual({ ready: records, there: [], lost: [] });
    place(target, index, 'multi');
    for (const { descriptor } of image.blobs) stored.blobs.delete(descriptor.digest);
    expect(await planRestore(records, endpoints)).toMatchObject({
      ready: [],
      there: [records[1]],
      lost: [
        {
          placement: { tag: 'v1' },
          message: '3 of the 3 blobs of team/app:v1 are gone',
          hint: expect.stringContaining('collected its blobs'),
        },
      ],
    });
    expect(target.log.writes()).toEqual([]);
  });
});

describe('an image that is put back', () => {
  it('comes with its children first and its tag last', async () => {
    const { endpoints, stored, records, asked } = await makeTarget();
    const { restored, failed } = await restoreRecords(records, endpoints);
    expect([restored.length, failed.length]).toEqual([2, 0]);
    expect([...stored.tags]).toEqual([
      ['v1', digestOf(image)],
      ['multi', digestOf(index)],
    ]);
    expect(asked().target.slice(-3)).toEqual([
      'PUT team/app manifests/@',
      'PUT team/app manifests/@',
      'PUT team/app manifests/multi',
    ]);
  });

  it('is left alone where it is there already', async () => {
    const { endpoints, target, records } = await makeTarget();
    for (const one of [image, index]) place(target, one, one === image ? 'v1' : 'multi');
    expect(await restoreRecords(records, endpoints)).toMatchObject({
      restored: records,
      failed: [],
    });
    expect(target.log.writes()).toEqual([]);
  });

  it('does not take a tag away from what it names by now', async () => {
    const { endpoints, target, stored, records } = await makeTarget();
    const newer = makeImage({ seed: 'newer' });
    place(target, newer, 'v1');
    const { restored, failed } = await restoreRecords(records, endpoints);
    expect(restored.map(({ placement }) => placement.tag)).toEqual(['multi']);
    expect(failed).toMatchObject([
      { message: `team/app:v1 names ${digestOf(newer)} by now`, hint: expect.any(String) },
    ]);
    expect(stored.tags.get('v1')).toBe(digestOf(newer));
  });

  it('cannot be had back once its blobs are collected, which fails it alone and says what to do', async () => {
    const { endpoints, stored, records } = await makeTarget();
    for (const { descriptor } of image.blobs) stored.blobs.delete(descriptor.digest);
    const { restored, failed } = await restoreRecords(records, endpoints);
    expect(restored.map(({ placement }) => placement.tag)).toEqual(['multi']);
    expect(failed).toMatchObject([
      { placement: { tag: 'v1' }, hint: expect.stringContaining('collected its blobs') },
    ]);
    expect([...stored.tags.keys()]).toEqual(['multi']);
  });

  it.each([403, 409, 500])(
    'is not called collected where the target refuses it (%i)',
    async (status) => {
      const { endpoints, target, records } = await makeTarget();
      target.faults.add({ method: 'PUT', path: /manifests\/v1$/, status, times: 99 });
      const { failed } = await restoreRecords(records, endpoints);
      expect(failed).toMatchObject([{ placement: { tag: 'v1' } }]);
      expect(failed[0]?.hint).not.toContain('collected its blobs');
    },
  );
});
