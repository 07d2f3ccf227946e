import { describe, expect, it } from 'vitest';
import {
  createFakeRegistry,
  ensureRepository,
  type FakeRegistry,
  type FakeSettings,
} from '../../src/fake-registry/index.ts';
import { mediaTypes } from '../../src/oci/index.ts';
import { collectGarbage } from '../support/collect-garbage.ts';
import { makeImage, makeIndex, pushTo } from '../support/images.ts';

const image = makeImage({ seed: 'fake' });
const { digest } = image.manifest.descriptor;
const accept = Object.values(mediaTypes).join(', ');

function start(settings: Partial<FakeSettings> = {}): FakeRegistry {
  const fake = createFakeRegistry(settings);
  pushTo(fake.store, 'app', 'v1', image);
  return fake;
}

function ask(fake: FakeRegistry, line: string, body: Uint8Array = new Uint8Array(), headers = {}) {
  const [method = '', url = ''] = line.split(' ');
  const given = fake.handle({ method, url, headers: { accept, ...headers }, body });
  const text = Buffer.from(given.body).toString();
  const { errors = [] } = text.startsWith('{"errors"') ? JSON.parse(text) : {};
  return { ...given, text, codes: errors.map(({ code }: { code: string }) => code) };
}

const putManifest = (fake: FakeRegistry, url: string, { manifest } = image) =>
  ask(fake, `PUT ${url}`, manifest.raw, { 'content-type': manifest.descriptor.mediaType });

describe('the registry in memory is strict', () => {
  it('shows a blob in its own repository alone', () => {
    const fake = start();
    const [blob] = image.blobs;
    expect(ask(fake, `GET /v2/app/blobs/${blob?.descriptor.digest}`).status).toBe(200);
    expect(ask(fake, `GET /v2/other/blobs/${blob?.descriptor.digest}`).codes).toEqual([
      'BLOB_UNKNOWN',
    ]);
  });

  it('refuses a manifest with one error for each digest it lacks', () => {
    const fake = start();
    const refused = putManifest(fake, '/v2/other/manifests/v1');
    expect(refused.codes).toEqual(image.blobs.map(() => 'MANIFEST_BLOB_UNKNOWN'));
    expect(refused.text).toContain(image.blobs[0]?.descriptor.digest);
  });

  it('refuses an index with a missing child, unless it is told to take sparse ones', () => {
    const index = makeIndex([image, makeImage({ seed: 'child' })]);
    expect(putManifest(start(), '/v2/app/manifests/multi', index).codes).toEqual([
      'MANIFEST_BLOB_UNKNOWN',
    ]);
    const sparse = start({ sparseIndexes: 'accepted' });
    expect(putManifest(sparse, '/v2/app/manifests/multi', index).status).toBe(201);
  });

  it('refuses a manifest whose type, digest, tag or repository is not right', () => {
    const fake = start();
    const headers = { 'content-type': mediaTypes.dockerManifest };
    const put = (url: string) => ask(fake, `PUT ${url}`, image.manifest.raw, headers);
    expect(put('/v2/app/manifests/v2').codes).toEqual(['MANIFEST_INVALID']);
    expect(putManifest(fake, `/v2/app/manifests/sha256:${'0'.repeat(64)}`).codes).toEqual([
      'DIGEST_INVALID',
    ]);
    expect(putManifest(fake, '/v2/app/manifests/.v').codes).toEqual(['TAG_INVALID']);
    expect(putManifest(fake, '/v2/App/manifests/v1').codes).toEqual(['NAME_INVALID']);
  });

  it('gives a manifest only to who accepts its type', () => {
    const refused = ask(start(), 'GET /v2/app/manifests/v1', undefined, { accept: 'text/html' });
    expect(refused.codes).toEqual(['MANIFEST_UNKNOWN']);
  });

  it('removes every tag of a digest that is deleted, and no other', () => {
    const fake = start();
    pushTo(fake.store, 'app', 'same', image);
    pushTo(fake.store, 'app', 'other', makeImage({ seed: 'other' }));
    expect(ask(fake, `DELETE /v2/app/manifests/${digest}`).status).toBe(202);
    expect([...ensureRepository(fake.store, 'app').tags.keys()]).toEqual(['other']);
  });

  it.each([
    ['on', 202],
    ['off', 405],
    ['unsupported', 400],
  ] as const)('answers the delete of a tag, when that is %s, by %i', (tagDelete, status) => {
    const fake = start({ tagDelete });
    expect(ask(fake, 'DELETE /v2/app/manifests/v1').status).toBe(status);
    expect(ask(fake, `HEAD /v2/app/manifests/${digest}`).status).toBe(200);
  });

  it('gives tags in pages, in order', () => {
    const fake = start({ pageSize: 2 });
    for (const tag of ['a', 'b', 'c']) pushTo(fake.store, 'app', tag, image);
    const first = ask(fake, 'GET /v2/app/tags/list');
    expect(JSON.parse(first.text).tags).toEqual(['a', 'b']);
    const next = /<(.*)>/.exec(first.headers['link'] ?? '')?.[1];
    const last = ask(fake, `GET ${next}`);
    expect(JSON.parse(last.text).tags).toEqual(['c', 'v1']);
    expect(last.headers['link']).toBeUndefined();
  });

  it('takes the location of an upload once', () => {
    const fake = start();
    const location = ask(fake, 'POST /v2/app/blobs/uploads/').headers['location'];
    const bytes = new Uint8Array([1, 2, 3]);
    expect(ask(fake, `PATCH ${location}`, bytes).status).toBe(202);
    expect(ask(fake, `PATCH ${location}`, bytes).codes).toEqual(['BLOB_UPLOAD_INVALID']);
  });

  it('refuses a chunk that does not follow, and one that is too short', () => {
    const fake = start({ chunkMinLength: 4 });
    const begin = () => ask(fake, 'POST /v2/app/blobs/uploads/').headers['location'];
    const gap = { 'content-range': '5-8' };
    expect(ask(fake, `PATCH ${begin()}`, new Uint8Array(4), gap).status).toBe(416);
    const after = ask(fake, `PATCH ${begin()}`, new Uint8Array(3)).headers['location'];
    expect(ask(fake, `PATCH ${after}`, new Uint8Array(4)).status).toBe(416);
  });

  it('forgets blobs that no manifest names when garbage is collected', () => {
    const fake = start();
    const { blobs } = ensureRepository(fake.store, 'app');
    collectGarbage(fake.store);
    expect(blobs.size).toBe(image.blobs.length);
    ask(fake, `DELETE /v2/app/manifests/${digest}`);
    collectGarbage(fake.store);
    expect(blobs.size).toBe(0);
  });
});

describe('the access log', () => {
  it('knows reads from writes and keeps the kind of authorization, never its secret', () => {
    const fake = start();
    ask(fake, 'GET /v2/app/tags/list?n=1', undefined, { authorization: 'Basic c2VjcmV0' });
    ask(fake, 'DELETE /v2/app/manifests/v1');
    expect(fake.log.writes()).toMatchObject([{ method: 'DELETE', status: 202 }]);
    expect(fake.log.entries[0]).toEqual({
      method: 'GET',
      path: '/v2/app/tags/list',
      query: 'n=1',
      status: 200,
      authorization: 'basic',
    });
  });
});

describe('a fault', () => {
  it('meets the requests it names, as often as it says, and not those between', () => {
    const fake = start();
    fake.faults.add({ method: 'HEAD', path: /v1$/, every: 3, times: 2, status: 503 });
    const status = () => ask(fake, 'HEAD /v2/app/manifests/v1').status;
    ask(fake, 'GET /v2/app/manifests/v1');
    expect(Array.from({ length: 9 }, status)).toEqual([
      200, 200, 503, 200, 200, 503, 200, 200, 200,
    ]);
  });

  it('without a status lets the deed happen and spoils the answer', () => {
    const fake = start();
    fake.faults.add({ method: 'DELETE', reset: true });
    expect(ask(fake, 'DELETE /v2/app/manifests/v1').delivery).toEqual({ reset: true });
    expect(ensureRepository(fake.store, 'app').tags.size).toBe(0);
    expect(fake.log.entries.at(-1)?.status).toBe(0);
  });
});
