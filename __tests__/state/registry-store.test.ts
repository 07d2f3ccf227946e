import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { RegistryError } from '../../src/errors.ts';
import { digestOf, mediaTypes, parseManifest, successors } from '../../src/oci/index.ts';
import { createRegistryStateStore, emptyState, type State } from '../../src/state/index.ts';
import { type MemoryRepository, memoryRepository } from '../support/memory-repository.ts';
import { nextToken, placementOf, stateOf, undoOf } from '../support/state-facts.ts';

const state = stateOf(placementOf('one', 'a.yaml'));
const adding =
  (tag: string) =>
  (before: State): State => ({
    ...before,
    placements: [...before.placements, placementOf(tag, 'b.yaml')],
  });

function open(repository: MemoryRepository = memoryRepository()) {
  const another = () => createRegistryStateStore({ repository, token: nextToken() });
  return { repository, store: another(), another };
}

const entriesIn = ({ tagged }: MemoryRepository) =>
  [...tagged.keys()].filter((tag) => tag.startsWith('entry-')).sort();
const tagsOf = (found: { state: State } | undefined) =>
  found?.state.placements.map(({ tag }) => tag);

/** Puts lines under a tag, as an earlier version wrote them. */
function putOld(
  repository: MemoryRepository,
  tag: string,
  lines: readonly object[],
  kind = 'state',
) {
  const layer = gzipSync(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const config = Buffer.from('{}');
  for (const bytes of [layer, config]) repository.stored.set(digestOf(bytes), bytes);
  const describe_ = (mediaType: string, bytes: Uint8Array) => ({
    mediaType,
    digest: digestOf(bytes),
    size: bytes.byteLength,
  });
  const text = JSON.stringify({
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    artifactType: `application/vnd.imageset-mirror.${kind}.v1`,
    config: describe_('application/vnd.oci.empty.v1+json', config),
    layers: [describe_(`application/vnd.imageset-mirror.${kind}.v1.jsonl+gzip`, layer)],
  });
  const manifest = parseManifest(new TextEncoder().encode(text));
  repository.tagged.set(tag, manifest);
  repository.tagged.set(manifest.descriptor.digest, manifest);
}

const oldHeader = { kind: 'imageset-mirror.state', formatVersion: '1.0' };

describe('an entry of a state', () => {
  it('is an ordinary image of one layer, with a configuration that names it', async () => {
    const { repository, store } = open();
    await store.update(() => state, 'final');
    const manifest = repository.tagged.get('default');
    if (manifest?.kind !== 'image') throw new Error('no image');
    const [config, layer] = successors(manifest).blobs.map(({ digest }) =>
      repository.stored.get(digest),
    );
    expect(JSON.parse(new TextDecoder().decode(manifest.raw))).toEqual({
      schemaVersion: 2,
      mediaType: mediaTypes.ociManifest,
      config: { ...manifest.config, mediaType: mediaTypes.ociConfig },
      layers: [{ ...manifest.layers[0], mediaType: mediaTypes.ociLayerGzip }],
      annotations: { 'io.imageset-mirror.kind': 'imageset-mirror.state' },
    });
    expect(JSON.parse(new TextDecoder().decode(config))).toMatchObject({
      architecture: 'amd64',
      os: 'linux',
      created: '1970-01-01T00:00:00Z',
      rootfs: { type: 'layers', diff_ids: [digestOf(gunzipSync(layer ?? ''))] },
    });
    const lines = gunzipSync(layer ?? '')
      .toString()
      .split('\n');
    expect(JSON.parse(lines[1] ?? '')).toEqual({ placement: state.placements[0] });
  });

  it('is pushed after its blobs, and the fixed name follows', async () => {
    const { repository, store } = open();
    await store.update(() => state, 'final');
    const [entry] = entriesIn(repository);
    const [, , ...written] = repository.done;
    expect(written.slice(0, 5)).toEqual([
      'push blob',
      'push blob',
      `push manifest ${entry}`,
      'list',
      'resolve list-probe',
    ]);
    expect(repository.done.at(-1)).toBe('push manifest default');
    expect(repository.tagged.get('default')).toBe(repository.tagged.get(entry ?? ''));
  });

  it('is read by a list and the fixed name, once it is known that lists are whole', async () => {
    const { repository, store, another } = open();
    await store.update(() => state, 'final');
    repository.done.length = 0;
    expect(await another().read()).toMatchObject({ state, tagLists: 'honest' });
    expect(repository.done.toSorted()).toEqual(['fetch default', 'list']);
  });

  it('leaves all tags alone when a push breaks before the manifest', async () => {
    const { repository, store, another } = open();
    await store.update(() => state, 'final');
    const tags = [...repository.tagged.keys()];
    const broken = {
      ...repository,
      blobs: { ...repository.blobs, push: () => Promise.reject(new Error('cut')) },
    };
    const other = createRegistryStateStore({ repository: broken, token: nextToken() });
    await expect(other.update(adding('two'), 'final')).rejects.toThrow('cut');
    expect([...repository.tagged.keys()]).toEqual(tags);
    expect(tagsOf(await another().read())).toEqual(['one']);
  });

  it('that is gone when its turn comes was replaced: the list is read again', async () => {
    const { repository, store, another } = open();
    await store.update(() => state, 'interim');
    const [old = ''] = entriesIn(repository);
    const { fetch } = repository.manifests;
    let isReplaced = false;
    const racing = {
      ...repository,
      manifests: {
        ...repository.manifests,
        async fetch(reference: string) {
          if (reference === old && !isReplaced) {
            isReplaced = true;
            await another().update(adding('two'), 'final');
          }
          return await fetch(reference);
        },
      },
    };
    const reader = createRegistryStateStore({ repository: racing, token: nextToken() });
    expect(tagsOf(await reader.read())).toEqual(['one', 'two']);
    expect(repository.tagged.has(old)).toBe(false);
  });

  it('that cannot be read is named, with what to do', async () => {
    const { repository, store, another } = open();
    await store.update(() => state, 'final');
    putOld(repository, 'entry-0000000009-00000000000000ff', [{ kind: 'else' }]);
    await expect(another().read()).rejects.toMatchObject({
      code: 'STATE_FORMAT',
      message: expect.stringContaining('entry-0000000009-00000000000000ff'),
      hint: expect.stringContaining('Remove'),
    });
  });
});

describe('entries that another one has seen', () => {
  it.each(['tags', 'manifests'] as const)('go where %s can be deleted', async (deletes) => {
    const { repository, another } = open();
    repository.rules.deletes = deletes;
    for (const tag of ['one', 'two', 'three']) {
      const store = another();
      await store.update(adding(tag), 'interim');
      await store.update((now) => ({ ...now, imageSets: [{ name: tag, text: '' }] }), 'final');
    }
    expect(entriesIn(repository)).toHaveLength(1);
    expect(tagsOf(await another().read())).toEqual(['one', 'three', 'two']);
  });

  it('stay where nothing can be deleted, and each way is asked once a run', async () => {
    const { repository, another } = open();
    repository.rules.deletes = 'nothing';
    for (const tag of ['one', 'two', 'three', 'four']) await another().update(adding(tag), 'final');
    expect(entriesIn(repository)).toHaveLength(4);
    repository.done.length = 0;
    await another().update(adding('five'), 'final');
    expect(repository.done.filter((one) => one.startsWith('delete'))).toHaveLength(2);
    expect(tagsOf(await another().read())).toEqual(['five', 'four', 'one', 'three', 'two']);
  });

  it('go only when they were read: what nobody has seen yet stays', async () => {
    const { repository, another } = open();
    const [a, b] = [another(), another()];
    await Promise.all([a.read(), b.read()]);
    await a.update(adding('one'), 'interim');
    repository.rules.omits = (tag) => tag.endsWith(a.token);
    await b.update(adding('two'), 'final');
    repository.rules.omits = () => false;
    expect(tagsOf(await another().read())).toEqual(['one', 'two']);
  });
});

describe('a registry whose tags cannot be moved', () => {
  it('keeps a state all the same', async () => {
    const { repository, another } = open();
    repository.rules.immutable = true;
    repository.rules.deletes = 'nothing';
    for (const tag of ['one', 'two', 'three']) {
      await another().update(adding(tag), 'final');
    }
    expect(tagsOf(await another().read())).toEqual(['one', 'three', 'two']);
    await another().update(() => state, 'final');
    expect(tagsOf(await another().read())).toEqual(['one']);
  });

  it('and that takes no new tag either gets an error that names the setting', async () => {
    const { repository, store } = open();
    repository.rules.closed = true;
    await expect(store.update(() => state, 'final')).rejects.toMatchObject({
      message: expect.stringContaining('mirror/imageset-mirror/state'),
      hint: expect.stringMatching(/--state DIRECTORY.*"state: DIRECTORY"/),
    });
  });

  it('and that took a push whose answer was lost has the entry', async () => {
    const { repository, another } = open();
    const { push } = repository.manifests;
    const lossy = {
      ...repository,
      manifests: {
        ...repository.manifests,
        async push(...[manifest, tag]: Parameters<typeof push>) {
          await push(manifest, tag);
          if (tag?.startsWith('entry-'))
            throw new RegistryError('UNEXPECTED_STATUS', '', { status: 412 });
        },
      },
    };
    const store = createRegistryStateStore({ repository: lossy, token: nextToken() });
    await store.update(() => state, 'final');
    expect(tagsOf(await another().read())).toEqual(['one']);
  });

  it('and does not list what it took is refused: nobody would find the state', async () => {
    const { repository, store, another } = open();
    await store.update(() => state, 'final');
    repository.rules.immutable = true;
    repository.rules.omits = (tag) => tag.startsWith('entry-');
    await expect(another().update(adding('two'), 'final')).rejects.toMatchObject({
      hint: expect.stringContaining('--state DIRECTORY'),
    });
  });
});

describe('lists of tags', () => {
  it('that omit a tag which begins with another one are told by a probe', async () => {
    const { repository, store, another } = open();
    repository.rules.omits = (tag) => tag === 'list-probe-longer';
    await store.update(() => state, 'final');
    expect(await another().read()).toMatchObject({ state, tagLists: 'incomplete' });
    repository.rules.omits = () => false;
    expect(await another().read()).toMatchObject({ tagLists: 'honest' });
  });

  it('without the probes say nothing, and the next write places them', async () => {
    const { repository, store, another } = open();
    putOld(repository, 'default', [oldHeader, { placement: state.placements[0] }]);
    expect(await store.read()).toMatchObject({ state, tagLists: 'unknown' });
    await store.update(adding('two'), 'final');
    expect(await another().read()).toMatchObject({ tagLists: 'honest' });
  });

  it('that know nothing of a state which its name proves are incomplete', async () => {
    const { repository, store, another } = open();
    await store.update(() => state, 'final');
    repository.rules.omits = () => true;
    expect(await another().read()).toMatchObject({ state, tagLists: 'incomplete' });
  });

  it('that are denied are incomplete where the name proves a state', async () => {
    const { repository, store } = open();
    await store.update(() => state, 'final');
    const denied = { ...repository, tags: { ...repository.tags, list: async () => undefined } };
    const other = createRegistryStateStore({ repository: denied, token: nextToken() });
    expect(await other.read()).toMatchObject({ state, tagLists: 'incomplete' });
  });
});

describe('what an earlier version wrote', () => {
  it('is read, joined with what is written now, and nothing of it is lost', async () => {
    const { repository, another } = open();
    putOld(repository, 'default', [oldHeader, { placement: state.placements[0] }]);
    const [a, b] = [another(), another()];
    await Promise.all([a.read(), b.read()]);
    await a.update(adding('two'), 'final');
    await b.update(adding('three'), 'final');
    expect(tagsOf(await another().read())).toEqual(['one', 'three', 'two']);
    await another().update(() => emptyState(), 'final');
    expect(tagsOf(await another().read())).toEqual([]);
  });

  it('stays where its name cannot be moved, and is not joined again', async () => {
    const { repository, another } = open();
    putOld(repository, 'default', [oldHeader, { placement: state.placements[0] }]);
    repository.rules.immutable = true;
    await another().update(() => stateOf(placementOf('two', 'b.yaml')), 'final');
    expect(tagsOf(await another().read())).toEqual(['two']);
  });

  it('can be undone by its number', async () => {
    const { repository, store } = open();
    const { placement, manifests } = undoOf('one');
    const record = {
      placement,
      manifests: manifests.map(({ raw, ...of }) => ({
        ...of,
        raw: Buffer.from(raw).toString('base64'),
      })),
    };
    putOld(
      repository,
      'undo-default-3',
      [{ ...oldHeader, kind: 'imageset-mirror.undo' }, record],
      'undo',
    );
    expect(await store.listUndo()).toEqual([{ id: 3 }]);
    expect((await store.readUndo({ id: 3 }))?.records).toEqual([undoOf('one')]);
  });
});

describe('a fixed name', () => {
  it('that names something else is refused', async () => {
    const { repository, store } = open();
    const image = {
      schemaVersion: 2,
      mediaType: mediaTypes.ociManifest,
      config: { mediaType: mediaTypes.ociConfig, digest: placementOf('x').digest, size: 1 },
      layers: [],
    };
    const raw = new TextEncoder().encode(JSON.stringify(image));
    repository.tagged.set('default', parseManifest(raw));
    await expect(store.read()).rejects.toMatchObject({ code: 'STATE_FORMAT' });
  });

  it('whose layer is gone or damaged is refused, with the cause', async () => {
    const { repository, store } = open();
    await store.update(() => state, 'final');
    repository.stored.clear();
    await expect(store.read()).rejects.toMatchObject({
      code: 'STATE_FORMAT',
      cause: expect.objectContaining({ code: 'NOT_FOUND' }),
    });
  });

  it('that cannot be asked for is not called corrupt', async () => {
    const { repository } = open();
    const down = { ...repository.manifests, fetch: () => Promise.reject(new Error('down')) };
    const store = createRegistryStateStore({
      repository: { ...repository, manifests: down },
      token: nextToken(),
    });
    await expect(store.read()).rejects.toThrow('down');
  });
});
