import { describe, expect, it } from 'vitest';
import { mediaTypes, parseManifest } from '../../src/oci/index.ts';
import { createRegistryStateStore, previousAnnotation } from '../../src/state/index.ts';
import { memoryRepository } from '../support/memory-repository.ts';
import { placementOf, stateOf, undoOf } from '../support/state-facts.ts';

const state = stateOf(placementOf('one', 'a.yaml'));

function open(name = 'default') {
  const repository = memoryRepository();
  return { repository, store: createRegistryStateStore({ repository, name }) };
}

describe('the artifact of a state', () => {
  it('is an OCI artifact with the empty config and one layer', async () => {
    const { repository, store } = open();
    await store.write(state, undefined);
    const manifest = repository.tagged.get('default');
    expect(JSON.parse(new TextDecoder().decode(manifest?.raw))).toEqual({
      schemaVersion: 2,
      mediaType: mediaTypes.ociManifest,
      artifactType: 'application/vnd.imageset-mirror.state.v1',
      config: {
        mediaType: 'application/vnd.oci.empty.v1+json',
        digest: 'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
        size: 2,
        data: 'e30=',
      },
      layers: [
        {
          mediaType: 'application/vnd.imageset-mirror.state.v1.jsonl+gzip',
          digest: expect.stringMatching(/^sha256:/),
          size: expect.any(Number),
        },
      ],
    });
  });

  it('is pushed after its blobs, and the empty config only when it is missing', async () => {
    const { repository, store } = open();
    const version = await store.write(state, undefined);
    expect(repository.done).toEqual([
      'resolve default',
      'exists',
      'push blob of 2 bytes',
      'push blob of some bytes',
      'push manifest default',
    ]);
    repository.done.length = 0;
    await store.write(stateOf(), version);
    expect(repository.done).not.toContain('push blob of 2 bytes');
  });

  it('names its predecessor, so that the history can be walked back', async () => {
    const { repository, store } = open();
    const version = await store.write(state, undefined);
    await store.write(stateOf(), version);
    const annotations = repository.tagged.get('default')?.annotations;
    expect(annotations?.[previousAnnotation]).toBe(version);
    expect(repository.tagged.has(version)).toBe(true);
  });

  it('leaves the tag alone when a push breaks before the manifest', async () => {
    const { repository, store } = open();
    const version = await store.write(state, undefined);
    const broken = {
      ...repository,
      blobs: { ...repository.blobs, push: () => Promise.reject(new Error('cut')) },
    };
    const other = createRegistryStateStore({ repository: broken, name: 'default' });
    await expect(other.write(stateOf(), version)).rejects.toThrow('cut');
    expect(await store.read()).toEqual({ state, version });
  });
});

describe('a tag of a state', () => {
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
    await store.write(state, undefined);
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
      name: 'default',
    });
    await expect(store.read()).rejects.toThrow('down');
  });

  it('shares its repository with other states, and their undo records stay apart', async () => {
    const repository = memoryRepository();
    const [a, b] = ['a', 'b'].map((name) => createRegistryStateStore({ repository, name }));
    await a?.writeUndo(1, [undoOf('one')]);
    await b?.writeUndo(1, [undoOf('two')]);
    expect(await a?.readUndo(1)).toEqual([undoOf('one')]);
  });

  it.each(['', 'a/b', 'undo-1', 'x'.repeat(129)])('cannot be "%s"', (name) => {
    expect(() => open(name)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  });
});
