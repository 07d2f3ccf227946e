import { createPrivateKey, sign } from 'node:crypto';
import { deflateRawSync, deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { ContentError, MirrorError } from '../../src/errors.ts';
import { makeSigningKey, signedStatement, strayDigest } from '../../src/fake-upstream/index.ts';
import { verifySignature } from '../../src/release/index.ts';

const digest = strayDigest('a release');
const reference = 'quay.io/openshift-release-dev/ocp-release:4.10.18-x86_64';

test('a good signature names the release, its place and the key', async () => {
  const key = await makeSigningKey();
  const signature = await key.sign(signedStatement(digest, reference));
  expect(await verifySignature(digest, signature, { armored: [key.publicKey] })).toEqual({
    digest,
    reference: {
      registry: 'quay.io',
      repository: 'openshift-release-dev/ocp-release',
      tag: '4.10.18-x86_64',
    },
    fingerprint: key.fingerprint,
  });
});

test('a key counts without the blank line that some publishers drop', async () => {
  const key = await makeSigningKey();
  const signature = await key.sign(signedStatement(digest, reference));
  const armored = key.publicKey.replace(/\r?\n\r?\n/, '\n');
  expect(armored).not.toBe(key.publicKey);
  await expect(verifySignature(digest, signature, { armored: [armored] })).resolves.toBeDefined();
});

test('among keys that must be pinned, others do not count', async () => {
  const key = await makeSigningKey();
  const signature = await key.sign(signedStatement(digest, reference));
  const ring = { armored: [key.publicKey], fingerprints: new Set(['0'.repeat(40)]) };
  await expect(verifySignature(digest, signature, ring)).rejects.toMatchObject({
    code: 'SIGNATURE_INVALID',
  });
  const pinned = { ...ring, fingerprints: new Set([key.fingerprint]) };
  await expect(verifySignature(digest, signature, pinned)).resolves.toBeDefined();
});

test.each([
  ['another kind of signature', signedStatement(digest, reference).replace('atomic', 'molecular')],
  ['a reference without a tag', signedStatement(digest, 'quay.io/ocp/release')],
  ['no reference', '{"critical":{}}'],
  ['no JSON', 'hello'],
])('a known key that signs %s does not vouch for a release', async (_, statement) => {
  const key = await makeSigningKey();
  const signature = await key.sign(statement);
  await expect(verifySignature(digest, signature, { armored: [key.publicKey] })).rejects.toThrow();
});

describe('a signature of the third version, as releases had until 4.11', () => {
  function packet(tag: number, body: Uint8Array): Uint8Array {
    const head = Buffer.alloc(5);
    head.writeUInt8(0x80 | (tag << 2) | 2);
    head.writeUInt32BE(body.byteLength, 1);
    return Buffer.concat([head, body]);
  }

  async function oldKey() {
    const openpgp = await import('openpgp');
    const { privateKey, publicKey } = await openpgp.generateKey({
      type: 'rsa',
      rsaBits: 2048,
      userIDs: [{ name: 'Old' }],
      format: 'object',
    });
    const encode = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
    const { n, e } = Object(privateKey.keyPacket.publicParams);
    const { d, p, q, u } = Object(Reflect.get(privateKey.keyPacket, 'privateParams'));
    const number = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
    const part = (value: bigint): string => {
      const hex = value.toString(16);
      return Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex').toString(
        'base64url',
      );
    };
    // OpenPGP keeps the inverse of p, JWK that of q: the primes change places.
    const jwk = {
      kty: 'RSA',
      n: encode(n),
      e: encode(e),
      d: encode(d),
      p: encode(q),
      q: encode(p),
      dp: part(number(d) % (number(q) - 1n)),
      dq: part(number(d) % (number(p) - 1n)),
      qi: encode(u),
    };
    const key = createPrivateKey({ key: jwk, format: 'jwk' });
    return { key, keyId: privateKey.getKeyID().toHex(), publicKey: publicKey.armor() };
  }

  function signOld(
    { key, keyId }: Awaited<ReturnType<typeof oldKey>>,
    text: string,
    shown = text,
  ): Uint8Array {
    const kindAndTime = Buffer.from([0, 0x62, 0xa1, 0x39, 0xe3]);
    const value = sign('sha256', Buffer.concat([Buffer.from(text), kindAndTime]), key);
    const head = Buffer.from([3, 5, ...kindAndTime, ...Buffer.from(keyId, 'hex'), 1, 8, 0, 0]);
    const bits = Buffer.alloc(2);
    bits.writeUInt16BE(value.byteLength * 8);
    const literal = Buffer.concat([Buffer.from('b\0\0\0\0\0'), Buffer.from(shown)]);
    const inner = Buffer.concat([
      packet(11, literal),
      packet(2, Buffer.concat([head, bits, value])),
    ]);
    return Buffer.concat([Buffer.from([0xa3, 1]), deflateRawSync(inner)]);
  }

  test('is verified, and refused when the text was altered or the key is another', async () => {
    const key = await oldKey();
    const ring = { armored: [key.publicKey] };
    const text = signedStatement(digest, reference);
    const good = await verifySignature(digest, signOld(key, text), ring);
    expect(good.reference.tag).toBe('4.10.18-x86_64');
    const altered = signOld(key, text, text.replace('4.10.18', '4.10.19'));
    await expect(verifySignature(digest, altered, ring)).rejects.toThrow(/signature error/);
    const other = await makeSigningKey();
    await expect(
      verifySignature(digest, signOld(key, text), { armored: [other.publicKey] }),
    ).rejects.toThrow(/no known key/);
  });
});

describe('a message that is no signature', () => {
  const packet = (tag: number, body: Uint8Array): Buffer => {
    const head = Buffer.alloc(6);
    head.writeUInt8(0xc0 | tag);
    head.writeUInt8(255, 1);
    head.writeUInt32BE(body.byteLength, 2);
    return Buffer.concat([head, body]);
  };
  const compressed = (algorithm: number, body: Uint8Array) =>
    packet(8, Buffer.concat([Buffer.from([algorithm]), body]));
  const literal = packet(11, Buffer.from('b\0\0\0\0\0{}'));
  const huge = packet(11, Buffer.alloc(64 * 1024 * 1024));

  test.each([
    ['that unpacks to 64 MB', compressed(1, deflateRawSync(huge)), /more than 1 MiB after decomp/],
    [
      'that does so with a header',
      compressed(2, deflateSync(huge)),
      /more than 1 MiB after decomp/,
    ],
    [
      'compressed twice',
      compressed(1, deflateRawSync(compressed(1, deflateRawSync(literal)))),
      /kind 8/,
    ],
    ['compressed by bzip2', compressed(3, Buffer.from('BZh9')), /in a way \(3\)/],
    ['that is encrypted', packet(18, Buffer.alloc(20)), /kind 18/],
    ['of nine megabytes', Buffer.alloc(9 * 1024 * 1024), /more than 1 MiB/],
    ['of many packets', Buffer.concat(Array(1000).fill(packet(10, Buffer.alloc(3)))), /64 packets/],
    [
      'of a signature of version 9',
      Buffer.concat([packet(2, Buffer.alloc(80, 9)), literal]),
      /signed/,
    ],
    ['that ends within a packet', literal.subarray(0, 8), /cut off/],
    ['of nothing', Buffer.alloc(0), /signature message|not signed/],
    ['of text', Buffer.from('<html>'), /no OpenPGP message/],
  ])('%s is refused', async (_, message, why) => {
    const key = await makeSigningKey();
    const reading = verifySignature(digest, message, { armored: [key.publicKey] });
    await expect(reading).rejects.toThrow(why);
    await expect(reading).rejects.toThrow(ContentError);
  });

  test('in parts is read as a whole', async () => {
    const key = await makeSigningKey();
    const signature = Buffer.from(await key.sign(signedStatement(digest, reference)));
    const packed = deflateRawSync(signature);
    const body = Buffer.concat([Buffer.from([1]), packed]);
    const first = 2 ** Math.floor(Math.log2(body.byteLength - 1));
    const parts = Buffer.concat([
      Buffer.from([0xc8, 0xe0 | Math.log2(first)]),
      body.subarray(0, first),
      Buffer.from([255, 0, 0, 0, 0]),
      body.subarray(first),
    ]);
    parts.writeUInt32BE(body.byteLength - first, 2 + first + 1);
    const ring = { armored: [key.publicKey] };
    expect((await verifySignature(digest, parts, ring)).fingerprint).toBe(key.fingerprint);
  });

  test.each([
    ['an object for the reference', { identity: { 'docker-reference': { toString: 1 } } }],
    ['an object for the digest', { image: { 'docker-manifest-digest': { toString: 1 } } }],
  ])('that says %s is refused', async (_, change) => {
    const key = await makeSigningKey();
    const { critical } = JSON.parse(signedStatement(digest, reference));
    const statement = JSON.stringify({ critical: { ...critical, ...change } });
    const reading = verifySignature(digest, await key.sign(statement), {
      armored: [key.publicKey],
    });
    await expect(reading).rejects.toThrow(MirrorError);
  });
});

test('every armored block of a key file counts, with text before and between', async () => {
  const keys = [await makeSigningKey(), await makeSigningKey()];
  const armored = [`# keys\n${keys.map(({ publicKey }) => publicKey).join('\n# and\n')}`];
  for (const key of keys) {
    const signature = await key.sign(signedStatement(digest, reference));
    const { fingerprint } = await verifySignature(digest, signature, { armored });
    expect(fingerprint).toBe(key.fingerprint);
  }
});
