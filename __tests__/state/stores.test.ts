import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  createDirectoryStateStore,
  createRegistryStateStore,
  emptyState,
  formatRunId,
  type State,
  type StateStore,
} from '../../src/state/index.ts';
import { memoryRepository } from '../support/memory-repository.ts';
import { nextToken, placementOf, stateOf, undoOf } from '../support/state-facts.ts';
import { tempDirectory } from '../support/temp-directory.ts';

const first = stateOf(placementOf('one', 'a.yaml'));
const second = stateOf(placementOf('one', 'a.yaml'), placementOf('two', 'a.yaml'));

const stores = {
  'a registry': () => {
    const repository = memoryRepository();
    return () => createRegistryStateStore({ repository, token: nextToken() });
  },
  'a directory': () => {
    const directory = join(tempDirectory(), 'made', 'by-the-store');
    return () => createDirectoryStateStore(directory, nextToken());
  },
};

const adding =
  (tag: string, name: string) =>
  (state: State): State => ({
    ...state,
    placements: [...state.placements, placementOf(tag, name)],
  });
const tagsIn = async (store: StateStore) =>
  (await store.read())?.state.placements.map(({ tag, imageSets }) => `${tag} ${imageSets.join()}`);

describe.each(Object.entries(stores))('a state in %s', (_, place) => {
  it('is absent at first', async () => {
    const store = place()();
    expect(await store.read()).toBeUndefined();
    expect(await store.readUndo({ id: 1, token: store.token })).toBeUndefined();
    expect(await store.listUndo()).toEqual([]);
  });

  it('is read again by another run, under the version that the write gave', async () => {
    const open = place();
    const { version } = await open().update(() => first, 'final');
    expect(await open().read()).toMatchObject({ state: first, version });
    const next = await open().update(() => second, 'final');
    expect(next.version).not.toBe(version);
    expect(await open().read()).toMatchObject({ state: second, version: next.version });
  });

  it('is not written when nothing differs', async () => {
    const open = place();
    const { version } = await open().update(() => first, 'final');
    expect(await open().update(() => first, 'final')).toMatchObject({ version, hasOthers: false });
    expect(await open().read()).toMatchObject({ version });
  });

  it('keeps what two runs wrote that had read the same, and each learns of the other', async () => {
    const open = place();
    await open().update(() => first, 'final');
    const [a, b] = [open(), open()];
    await Promise.all([a.read(), b.read()]);
    expect(await a.update(adding('two', 'a.yaml'), 'interim')).toMatchObject({ hasOthers: false });
    const seen = await b.update(adding('three', 'b.yaml'), 'final');
    expect(seen.hasOthers).toBe(true);
    expect(seen.state.placements.map(({ tag }) => tag)).toEqual(['one', 'three', 'two']);
    expect(await a.update(adding('four', 'a.yaml'), 'final')).toMatchObject({ hasOthers: true });
    expect(await tagsIn(open())).toEqual([
      'four a.yaml',
      'one a.yaml',
      'three b.yaml',
      'two a.yaml',
    ]);
  });

  it('is derived from what was read, not from what others wrote since, and loses neither', async () => {
    const open = place();
    const [a, b] = [open(), open()];
    await a.update(() => second, 'final');
    await b.read();
    await a.update(() => first, 'final');
    await b.update(adding('three', 'b.yaml'), 'final');
    expect(await tagsIn(open())).toEqual(['one a.yaml', 'three b.yaml']);
  });

  it('keeps undo records by run, also where two runs have one number', async () => {
    const open = place();
    const [a, b] = [open(), open()];
    const digest = await a.writeUndo(7, [undoOf('one'), undoOf('two')]);
    await b.writeUndo(7, [undoOf('three')]);
    const records = [undoOf('one'), undoOf('two')];
    expect(await b.readUndo({ id: 7, token: a.token })).toEqual({ digest, records });
    expect((await a.readUndo({ id: 7, token: b.token }))?.records).toEqual([undoOf('three')]);
    const names = (await open().listUndo()).map(formatRunId);
    expect(names.toSorted()).toEqual([`7-${a.token}`, `7-${b.token}`]);
  });

  it('adds to what the same run stored before', async () => {
    const store = place()();
    await store.writeUndo(7, [undoOf('one'), undoOf('two')]);
    await store.writeUndo(7, [undoOf('two'), undoOf('three')]);
    const found = await store.readUndo({ id: 7, token: store.token });
    expect(found?.records).toEqual([undoOf('one'), undoOf('two'), undoOf('three')]);
  });
});

describe('a state in a directory', () => {
  it('that is corrupt is refused by the name of the file, and not taken for none', async () => {
    const directory = tempDirectory();
    const store = createDirectoryStateStore(directory, nextToken());
    await store.update(() => first, 'final');
    writeFileSync(join(directory, 'state.jsonl.gz'), 'not a state');
    await expect(store.read()).rejects.toMatchObject({
      code: 'STATE_FORMAT',
      message: expect.stringContaining(join(directory, 'state.jsonl.gz')),
    });
  });

  it('is one entry and the fixed name when all that wrote have ended', async () => {
    const directory = tempDirectory();
    const [a, b] = [1, 2].map(() => createDirectoryStateStore(directory, nextToken()));
    await a?.update(() => first, 'interim');
    await b?.update(adding('two', 'b.yaml'), 'interim');
    await a?.update(() => second, 'final');
    await b?.update(adding('three', 'b.yaml'), 'final');
    expect(readdirSync(directory).toSorted()).toEqual([
      expect.stringMatching(/^entry-\d{10}-[0-9a-f]{16}\.jsonl\.gz$/),
      'state.jsonl.gz',
    ]);
  });

  it('of the format that had one writer is read, and nothing of it is lost', async () => {
    const line = (value: object) => `${JSON.stringify(value)}\n`;
    const old = [
      { kind: 'imageset-mirror.state', formatVersion: '1.0' },
      { placement: placementOf('one', 'a.yaml') },
    ];
    const directory = tempDirectory({ 'state.jsonl.gz': '' });
    writeFileSync(join(directory, 'state.jsonl.gz'), gzipSync(old.map(line).join('')));
    const open = () => createDirectoryStateStore(directory, nextToken());
    expect((await open().read())?.state).toEqual(first);
    await open().update(adding('two', 'b.yaml'), 'final');
    expect(await tagsIn(open())).toEqual(['one a.yaml', 'two b.yaml']);
    await open().update(() => emptyState(), 'final');
    expect(await tagsIn(open())).toEqual([]);
  });

  it('names the path and the remedy when the place is no directory', async () => {
    const file = join(tempDirectory({ file: '' }), 'file');
    const store = createDirectoryStateStore(file, nextToken());
    await expect(store.update(() => first, 'final')).rejects.toMatchObject({
      code: 'STORAGE_FAILED',
      message: expect.stringContaining(file),
      hint: expect.any(String),
    });
  });
});
