import { makeSigningKey, signedStatement, strayDigest } from '../../src/fake-upstream/index.ts';
import type { Digest } from '../../src/oci/index.ts';

/** A digest with signatures of OpenPGP beside it, a requirement, and whether containers accept it. */
export interface GpgCase {
  readonly title: string;
  readonly rule: readonly unknown[];
  readonly signatures: (digest: Digest, name: string) => Promise<readonly Uint8Array[]>;
  readonly verdict: 'accepted' | RegExp;
}

const [one, two] = [await makeSigningKey('One'), await makeSigningKey('Two')];

/** Makes a key that signs each text twice in one message. */
async function makeTwofoldKey() {
  const openpgp = await import('openpgp');
  const { privateKey, publicKey } = await openpgp.generateKey({
    type: 'ecc',
    curve: 'nistP256',
    userIDs: [{ name: 'Twice' }],
    format: 'object',
  });
  return {
    publicKey: publicKey.armor(),
    async sign(text: string) {
      const message = await openpgp.createMessage({ binary: Buffer.from(text) });
      const signingKeys = [privateKey, privateKey];
      return await openpgp.sign({ message, signingKeys, format: 'binary' });
    },
  };
}

/** Makes a key that signed while it was valid, and has expired since. */
async function makeExpiredKey() {
  const openpgp = await import('openpgp');
  const { privateKey, publicKey } = await openpgp.generateKey({
    type: 'ecc',
    curve: 'nistP256',
    userIDs: [{ name: 'Old' }],
    date: new Date('2020-01-01'),
    keyExpirationTime: 1000,
    format: 'object',
  });
  return {
    publicKey: publicKey.armor(),
    async sign(text: string) {
      const message = await openpgp.createMessage({ binary: Buffer.from(text) });
      const date = new Date('2020-01-01T00:01:00Z');
      return await openpgp.sign({ message, signingKeys: privateKey, format: 'binary', date });
    },
  };
}

const [old, twofold] = [await makeExpiredKey(), await makeTwofoldKey()];
const base64 = (text: string) => Buffer.from(text).toString('base64');
const rule = (
  key: { readonly publicKey: string },
  more: Readonly<Record<string, unknown>> = {},
) => [{ type: 'signedBy', keyType: 'GPGKeys', keyData: base64(key.publicKey), ...more }];
const ofKey =
  (key: { sign(text: string): Promise<Uint8Array> }) => async (digest: Digest, name: string) => [
    await key.sign(signedStatement(digest, `${name}:v1`)),
  ];

/** Cases of the requirement `signedBy`. */
export const gpgCases: readonly GpgCase[] = [
  { title: 'the key of the policy', rule: rule(one), verdict: 'accepted', signatures: ofKey(one) },
  {
    title: 'another key',
    rule: rule(one),
    verdict: /none of the policy's/,
    signatures: ofKey(two),
  },
  {
    title: 'nobody',
    rule: rule(one),
    verdict: /there is no signature/,
    signatures: async () => [],
  },
  { title: 'an expired key', rule: rule(old), verdict: /may not sign/, signatures: ofKey(old) },
  {
    title: 'the key after a stranger',
    rule: rule(one),
    verdict: 'accepted',
    signatures: async (digest, name) => [
      ...(await ofKey(two)(digest, name)),
      ...(await ofKey(one)(digest, name)),
    ],
  },
  {
    title: 'the key twice in one message',
    rule: rule(twofold),
    verdict: /more than one signature/,
    signatures: ofKey(twofold),
  },
  {
    title: 'the key, of another image',
    rule: rule(one),
    verdict: /another image/,
    signatures: (_, name) => ofKey(one)(strayDigest('another image'), name),
  },
  {
    title: 'the key, under another name',
    rule: rule(one),
    verdict: /does not accept/,
    signatures: (digest, name) => ofKey(one)(digest, `${name}x`),
  },
  {
    title: 'the key, under a name that the policy remaps',
    rule: rule(one, {
      signedIdentity: { type: 'remapIdentity', prefix: '127.0.0.1', signedPrefix: 'quay.io/team' },
    }),
    verdict: /does not accept/,
    signatures: (digest, name) => ofKey(one)(digest, name.replace(/^[^/]*/, 'quay.io/team')),
  },
  {
    title: 'the key, with a keyType that containers do not use',
    rule: rule(one, { keyType: 'signedByGPGKeys' }),
    verdict: /keyType/,
    signatures: ofKey(one),
  },
  {
    title: 'the key, with a broken signature',
    rule: rule(one),
    verdict: /POLICY|rejects/,
    signatures: async (digest, name) => {
      const [good = new Uint8Array()] = await ofKey(one)(digest, name);
      const bad = Buffer.from(good);
      bad[bad.byteLength - 5] = (bad[bad.byteLength - 5] ?? 0) ^ 1;
      return [bad];
    },
  },
];
