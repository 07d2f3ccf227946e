import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createDirectoryStateStore, createRegistryStateStore } from '../../src/state/index.ts';
import { memoryRepository } from '../support/memory-repository.ts';
import { placementOf, stateOf, undoOf } from '../support/state-facts.ts';
import { tempDirectory } from '../support/temp-directory.ts';

const first = stateOf(placementOf('one', 'a.yaml'));
const second = stateOf(placementOf('one', 'a.yaml'), placementOf('two', 'a.yaml'));

const stores = {
  'a registry': () => {
    const repository = memoryRepository();
    return () => createRegistryStateStore({ repository, name: 'default' });
  },
  'a directory': () => {
    const directory = join(tempDirectory(), 'made', 'by-the-store');
    return () => createDirectoryStateStore(directory);
  },
};

describe.each(Object.entries(stores))('a state in %s', (_, place) => {
  it('is absent at first', async () => {
    const store = place()();
    expect(await store.read()).toBeUndefined();
    expect(await store.readUndo(1)).toBeUndefined();
  });

  it('is read again by another run, under the version that the write gave', async () => {
    const open = place();
    const version = await open().write(first, undefined);
    expect(await open().read()).toEqual({ state: first, version });
    const next = await open().write(second, version);
    expect(next).not.toBe(version);
    expect(await open().read()).toEqual({ state: second, version: next });
  });

  it('has the same version wherever the same state was written', async () => {
    expect(await place()().write(first, undefined)).toBe(await place()().write(first, undefined));
  });

  it('is not written over when another run has written in between', async () => {
    const open = place();
    const version = await open().write(first, undefined);
    const theirs = await open().write(second, version);
    for (const expected of [version, undefined]) {
      await expect(open().write(stateOf(), expected)).rejects.toMatchObject({ code: 'PLAN_STALE' });
    }
    expect(await open().read()).toEqual({ state: second, version: theirs });
  });

  it('is not made anew when it has vanished since it was read', async () => {
    const version = await place()().write(first, undefined);
    await expect(place()().write(second, version)).rejects.toMatchObject({ code: 'PLAN_STALE' });
  });

  it('keeps undo records by run', async () => {
    const open = place();
    const digest = await open().writeUndo(7, [undoOf('one'), undoOf('two')]);
    await open().writeUndo(8, [undoOf('three')]);
    expect(digest).toMatch(/^sha256:/);
    expect(await open().readUndo(7)).toEqual([undoOf('one'), undoOf('two')]);
    expect(await open().readUndo(8)).toEqual([undoOf('three')]);
  });

  it('keeps what a killed run deleted when that run comes again', async () => {
    const open = place();
    await open().writeUndo(7, [undoOf('one'), undoOf('two')]);
    await open().writeUndo(7, [undoOf('two'), undoOf('three')]);
    expect(await open().readUndo(7)).toEqual([undoOf('one'), undoOf('two'), undoOf('three')]);
  });
});

describe('a state in a directory', () => {
  it('that is corrupt is refused, and not taken for none', async () => {
    const directory = tempDirectory();
    const store = createDirectoryStateStore(directory);
    await store.write(first, undefined);
    writeFileSync(join(directory, 'state.jsonl.gz'), 'not a state');
    await expect(store.read()).rejects.toMatchObject({ code: 'STATE_FORMAT' });
    await expect(store.write(second, undefined)).rejects.toMatchObject({ code: 'PLAN_STALE' });
  });

  it('names the path and the remedy when the place is no directory', async () => {
    const file = join(tempDirectory({ file: '' }), 'file');
    const store = createDirectoryStateStore(file);
    await expect(store.write(first, undefined)).rejects.toMatchObject({
      code: 'STORAGE_FAILED',
      message: expect.stringContaining(file),
      hint: expect.any(String),
    });
  });
});
