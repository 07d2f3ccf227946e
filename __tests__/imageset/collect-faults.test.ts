import { describe, expect, test } from 'vitest';
import { formatCollectionError } from '../../src/cli/words.ts';
import {
  makeSigningKey,
  signaturePath,
  signedStatement,
  strayDigest,
} from '../../src/fake-upstream/index.ts';
import { collectImageSet, createReleaseCollector } from '../../src/imageset/index.ts';
import { channel, imageSet, makeWorld, type World } from '../support/upstream.ts';

const story = { channels: { 'stable-4.16': ['4.16.5', '4.16.6'] }, components: 2 };

function collect(world: World, wanted: ReturnType<typeof imageSet>) {
  const collectors = [createReleaseCollector(world.options)];
  return collectImageSet(wanted, collectors, { registry: 'mirror.test', prefix: '' });
}

describe('what is wrong with channels', () => {
  test('is told all in one run, each at its own line', async () => {
    const world = await makeWorld(story);
    const wanted = imageSet({
      platform: {
        channels: [
          channel('stabel-4.16'),
          channel('stable-4.16', { minVersion: '4.16.6', maxVersion: '4.16.5' }),
          channel('fast-4.16', { minVersion: 'v4.16.5', maxVersion: '4.16.6' }),
        ],
      },
    });
    const found = await collect(world, wanted);
    expect(
      found.failures.map(({ diagnostic }) => [diagnostic.code, wanted.pathAt(diagnostic.at?.line)]),
    ).toEqual([
      ['unknown-channel', 'mirror.platform.channels.0.name'],
      ['impossible-range', 'mirror.platform.channels.1.minVersion'],
      ['invalid-version', 'mirror.platform.channels.2.minVersion'],
    ]);
    expect(found.failures[0]?.diagnostic.fix).toBe('name: stable-4.16');
    expect(found.failures[0]?.diagnostic.detail).toContain(
      'list releases --channels --version 4.16',
    );
    expect(found.failures[0]?.message).toContain('no release images found');
    expect(formatCollectionError(found.failures)).toMatch(
      /^collection error: \[GetReleaseReferenceImages\] no release images found/,
    );
  });

  test('next to a good channel is an error list, and the good channel is still collected', async () => {
    const world = await makeWorld(story);
    const wanted = imageSet({
      platform: { channels: [channel('stable-4.16'), channel('stable-9.99')] },
    });
    const found = await collect(world, wanted);
    expect(found.placements).toHaveLength(3);
    expect(found.failures.map(({ message }) => message)).toEqual([
      'error list [NoVersionsFound: no cluster versions found for "amd64" in the "stable-9.99" channel]',
    ]);
  });

  test('that leaves a range empty is only a warning when other channels give releases', async () => {
    const world = await makeWorld({
      ...story,
      channels: { ...story.channels, 'fast-4.16': ['4.16.5'] },
    });
    const empty = channel('fast-4.16', { minVersion: '4.16.1', maxVersion: '4.16.2' });
    const wanted = imageSet({ platform: { channels: [channel('stable-4.16'), empty] } });
    const found = await collect(world, wanted);
    expect(found.diagnostics.map(({ code, severity }) => [code, severity])).toContainEqual([
      'empty-range',
      'warning',
    ]);
    expect(found.diagnostics.map(({ detail }) => detail)).toContainEqual(
      expect.stringContaining('imageset-mirror list releases --channel fast-4.16'),
    );
  });
});

describe('an update service that', () => {
  const wanted = imageSet({ platform: { channels: [channel('stable-4.16')] } });

  test.each([
    [
      'answers an error',
      { status: 503 },
      /APIRequestError: channel "stable-4\.16": GetGraphDataFailed: unexpected HTTP status 503/,
    ],
    [
      'answers a page',
      { body: Buffer.from('<html>') },
      /ResponseInvalid: failed to load graph data/,
    ],
    ['answers nothing', { body: new Uint8Array() }, /ResponseInvalid: failed to load graph data/],
    ['names no edge', { body: Buffer.from('{"nodes":[],"edges":[[0,1]]}') }, /edges\[0\]/],
  ])('%s is the failure of its channel', async (_, answer, message) => {
    const world = await makeWorld(story, (url) => (url.pathname === '/graph' ? answer : undefined));
    const found = await collect(world, wanted);
    expect(found.placements).toEqual([]);
    expect(found.failures.map((failure) => failure.message)).toEqual([
      expect.stringMatching(message),
    ]);
    expect([...world.workspace.files.keys()]).toEqual([]);
  });
});

describe('a signature that', () => {
  const wanted = imageSet({
    platform: { channels: [channel('stable-4.16', { minVersion: '4.16.5' })] },
  });

  async function withSignature(make: (world: World) => Promise<Uint8Array | undefined>) {
    const bodies = new Map<string, Uint8Array | undefined>();
    const world = await makeWorld(story, (url) => {
      const path = url.pathname.replace('/signatures/', '');
      if (!bodies.has(path)) return undefined;
      const body = bodies.get(path);
      return body ? { status: 200, body } : { status: 404, body: new Uint8Array() };
    });
    const first = world.upstream.releases[0]?.image.manifest.descriptor.digest;
    if (first) bodies.set(signaturePath(first), await make(world));
    const found = await collect(world, wanted);
    expect(found.releases.map(({ version }) => version)).toEqual(['4.16.6']);
    const [failure] = found.failures;
    expect(found.failures).toHaveLength(1);
    expect(failure?.diagnostic.code).toBe('release-unverified');
    return failure?.message;
  }

  const digestOfFirst = (world: World) =>
    world.upstream.releases[0]?.image.manifest.descriptor.digest ?? strayDigest('none');
  const reference = 'upstream.test/openshift-release-dev/ocp-release:4.16.5-x86_64';

  test('is not there fails its release alone', async () => {
    expect(await withSignature(async () => undefined)).toMatch(
      /no signature found for [0-9a-f]{64} image/,
    );
  });

  test('was made with another key is refused', async () => {
    const other = await makeSigningKey('Somebody else');
    const message = await withSignature((world) =>
      other.sign(signedStatement(digestOfFirst(world), reference)),
    );
    expect(message).toMatch(/invalid signature \(no known key/);
  });

  test('speaks of another image is refused though its key is known', async () => {
    const message = await withSignature((world) =>
      world.upstream.key.sign(signedStatement(strayDigest('other'), reference)),
    );
    expect(message).toMatch(/the signature is of another image/);
  });

  test('was altered after signing is refused', async () => {
    const message = await withSignature(async (world) => {
      const good = await world.upstream.key.sign(signedStatement(digestOfFirst(world), reference));
      const text = Buffer.from(good).toString('latin1').replace('4.16.5-x86_64', '4.16.9-x86_64');
      return Buffer.from(text, 'latin1');
    });
    expect(message).toMatch(/signature error for/);
  });

  test('is no message at all is refused', async () => {
    const message = await withSignature(async () => Buffer.from('<html>not found</html>'));
    expect(message).toMatch(/unable to read signature message/);
  });
});

test('an unsigned statement is no signature', async () => {
  const openpgp = await import('openpgp');
  const world = await makeWorld(story);
  const digest =
    world.upstream.releases[0]?.image.manifest.descriptor.digest ?? strayDigest('none');
  const text = signedStatement(digest, 'upstream.test/ocp-release:4.16.5-x86_64');
  const message = await openpgp.createMessage({ binary: Buffer.from(text) });
  const { verifySignature } = await import('../../src/release/index.ts');
  await expect(
    verifySignature(digest, message.write(), { armored: [world.upstream.key.publicKey] }),
  ).rejects.toThrow(/message was not signed/);
});

test('a saved signature is verified like any other', async () => {
  const world = await makeWorld(story);
  const { digest } = world.upstream.releases[1]?.image.manifest.descriptor ?? {
    digest: strayDigest('none'),
  };
  const name = `signatures/4.16.6-x86_64-${digest.replace(':', '-')}`;
  const forged = await (await makeSigningKey('Forger')).sign(
    signedStatement(digest, 'upstream.test/evil/release:4.16.6-x86_64'),
  );
  world.workspace.files.set(name, forged);
  const found = await collect(
    world,
    imageSet({ platform: { channels: [channel('stable-4.16')] } }),
  );
  expect(found.failures).toEqual([]);
  expect(found.signatures[0]?.fingerprint).toBe(world.upstream.key.fingerprint);
  expect(found.placements.every(({ source }) => !source.repository.includes('evil'))).toBe(true);
});

test("a payload's own key does not count unless its fingerprint is pinned", async () => {
  const key = await makeSigningKey();
  const world = await makeWorld({ ...story, key, payloadKey: key.publicKey });
  const options = { ...world.options, signatureKeys: undefined };
  const wanted = imageSet({ platform: { channels: [channel('stable-4.16')] } });
  const found = await collect({ ...world, options }, wanted);
  expect(found.placements).toEqual([]);
  expect(found.failures.map(({ message }) => message)).toEqual([
    expect.stringMatching(/invalid signature \(no known key/),
  ]);
});
