import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { canonicalJson } from '../../src/base/index.ts';
import { content, type ImageSink, makeImage } from '../../src/fake-upstream/index.ts';
import { type Digest, mediaTypes, parseManifest } from '../../src/oci/index.ts';
import { der, type MadeCertificate, makeCertificate } from './certificate-maker.ts';
import { gpgCases } from './gpg-cases.ts';
import { makeBlob, type TestImage } from './images.ts';

/** One image, its signatures, a requirement, and whether containers accept it. */
export interface TrustCase {
  readonly title: string;
  /** The requirements of the policy, as JSON. */
  readonly rule: readonly unknown[];
  /** The image is asked for by this tag; absent: by its digest. */
  readonly tag?: string;
  readonly layers: readonly CosignLayer[];
  /** `accepted`, or a part of the reason for which it is rejected. */
  readonly verdict: 'accepted' | RegExp;
  /** Containers of 2022 do not know this kind of requirement. */
  readonly isNew?: boolean;
}

/** A signature as a layer. */
export interface CosignLayer {
  readonly payload: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly mediaType?: string;
}

interface Place {
  readonly repository: string;
  readonly digest: Digest;
}

type Key = { readonly publicKey: KeyObject; readonly privateKey: KeyObject };

const cosignLayer = 'application/vnd.dev.cosign.simplesigning.v1+json';
const issuer = 'https://accounts.example.com';
const email = 'builder@example.com';
const base64 = (text: string | Uint8Array) => Buffer.from(text).toString('base64');
const pemOf = ({ publicKey }: Key) => publicKey.export({ type: 'spki', format: 'pem' }).toString();

/** The keys and authorities of all cases. */
function makeKeys() {
  const ec = (namedCurve = 'P-256') => generateKeyPairSync('ec', { namedCurve });
  const root = makeCertificate({ subject: 'Root', authority: {} });
  const intermediate = makeCertificate({
    subject: 'Intermediate',
    issuer: root,
    authority: { maxPath: 0 },
  });
  return {
    one: ec(),
    two: ec(),
    wide: ec('P-384'),
    rsa: generateKeyPairSync('rsa', { modulusLength: 2048 }),
    ed: generateKeyPairSync('ed25519'),
    log: ec(),
    root,
    intermediate,
    stranger: makeCertificate({ subject: 'Root', authority: {} }),
  };
}

export const keys = makeKeys();

/** Writes what cosign signs. */
export function statement(
  digest: string,
  reference: string,
  more: Readonly<Record<string, unknown>> = {},
): string {
  return JSON.stringify({
    critical: {
      identity: { 'docker-reference': reference },
      image: { 'docker-manifest-digest': digest },
      type: 'cosign container image signature',
    },
    optional: null,
    ...more,
  });
}

export function signedLayer(
  payload: string,
  key: Key,
  annotations: Readonly<Record<string, string>> = {},
): CosignLayer {
  const value = sign(
    key.privateKey.asymmetricKeyType === 'ed25519' ? null : 'sha256',
    Buffer.from(payload),
    key.privateKey,
  );
  return {
    payload,
    annotations: { 'dev.cosignproject.cosign/signature': base64(value), ...annotations },
  };
}

interface LogFacts {
  readonly signer: string;
  readonly signature?: string;
  readonly hashed?: string;
  readonly year?: number;
  readonly log?: Key;
  readonly body?: Readonly<Record<string, unknown>>;
}

/** Adds the promise of a transparency log to a signature. */
function logged(layer: CosignLayer, facts: LogFacts): CosignLayer {
  const content = facts.signature ?? layer.annotations['dev.cosignproject.cosign/signature'];
  const value = createHash('sha256')
    .update(facts.hashed ?? layer.payload)
    .digest('hex');
  const body = {
    apiVersion: '0.0.1',
    kind: 'hashedrekord',
    spec: {
      data: { hash: { algorithm: 'sha256', value } },
      signature: { content, publicKey: { content: base64(facts.signer) } },
    },
    ...facts.body,
  };
  const Payload = {
    logID: 'c0d23d6a',
    body: base64(JSON.stringify(body)),
    logIndex: 7,
    integratedTime: Date.UTC(facts.year ?? 2025) / 1000,
  };
  const promise = sign(
    'sha256',
    Buffer.from(canonicalJson(Payload)),
    (facts.log ?? keys.log).privateKey,
  );
  const bundle = JSON.stringify({ SignedEntryTimestamp: base64(promise), Payload });
  return { ...layer, annotations: { ...layer.annotations, 'dev.sigstore.cosign/bundle': bundle } };
}

const sigstore = (more: Readonly<Record<string, unknown>>, type = 'matchRepository') => [
  { type: 'sigstoreSigned', ...more, signedIdentity: { type } },
];
export const byKey = (key: Key, identity: unknown = { type: 'matchRepository' }) => [
  { type: 'sigstoreSigned', keyData: base64(pemOf(key)), signedIdentity: identity },
];
const rekorPublicKeyData = base64(pemOf(keys.log));
const fulcio = sigstore({
  fulcio: { caData: base64(keys.root.pem), oidcIssuer: issuer, subjectEmail: email },
  rekorPublicKeyData,
});

const oldIssuer = (value = issuer) => ['1.3.6.1.4.1.57264.1.1', false, Buffer.from(value)] as const;
const newIssuer = (value = issuer) =>
  ['1.3.6.1.4.1.57264.1.8', false, der(0x0c, Buffer.from(value))] as const;

type LeafFacts = Partial<Parameters<typeof makeCertificate>[0]>;

function leaf(facts: LeafFacts = {}): MadeCertificate {
  return makeCertificate({
    subject: '',
    issuer: keys.root,
    years: [2025, 2026],
    emails: [email],
    more: [oldIssuer()],
    ...facts,
  });
}

function certified(
  payload: string,
  certificate: MadeCertificate,
  chain: readonly MadeCertificate[] = [keys.root],
): CosignLayer {
  return signedLayer(payload, certificate, {
    'dev.sigstore.cosign/certificate': certificate.pem,
    'dev.sigstore.cosign/chain': chain.map((one) => one.pem).join(''),
  });
}

const without = (layer: CosignLayer, name: string): CosignLayer => ({
  ...layer,
  annotations: Object.fromEntries(
    Object.entries(layer.annotations).filter(([key]) => key !== name),
  ),
});

type Making = Omit<TrustCase, 'layers'> & {
  readonly stored?: (digest: Digest, name: string) => Promise<readonly Uint8Array[]>;
  readonly layers: (
    payload: string,
    place: { readonly digest: Digest; readonly name: string },
  ) => readonly CosignLayer[];
};

const keyCases: readonly Making[] = [
  {
    title: 'the key of the policy',
    rule: byKey(keys.one),
    verdict: 'accepted',
    layers: (text) => [signedLayer(text, keys.one)],
  },
  {
    title: 'a key of P-384',
    rule: byKey(keys.wide),
    verdict: 'accepted',
    layers: (text) => [signedLayer(text, keys.wide)],
  },
  {
    title: 'an RSA key',
    rule: byKey(keys.rsa),
    verdict: 'accepted',
    layers: (text) => [signedLayer(text, keys.rsa)],
  },
  {
    title: 'an Ed25519 key',
    rule: byKey(keys.ed),
    verdict: 'accepted',
    layers: (text) => [signedLayer(text, keys.ed)],
  },
  {
    title: 'another key',
    rule: byKey(keys.one),
    verdict: /no key of the policy/,
    layers: (text) => [signedLayer(text, keys.two)],
  },
  { title: 'nobody', rule: byKey(keys.one), verdict: /there is no signature/, layers: () => [] },
  {
    title: 'one of two keys',
    rule: sigstore({ keyDatas: [base64(pemOf(keys.two)), base64(pemOf(keys.one))] }),
    isNew: true,
    verdict: 'accepted',
    layers: (text) => [signedLayer(text, keys.one)],
  },
  {
    title: 'two keys, each of a requirement',
    rule: [...byKey(keys.one), ...byKey(keys.two)],
    verdict: 'accepted',
    layers: (text) => [signedLayer(text, keys.one), signedLayer(text, keys.two)],
  },
  {
    title: 'one key where two are required',
    rule: [...byKey(keys.one), ...byKey(keys.two)],
    verdict: /\[1\] \(sigstoreSigned\): no key/,
    layers: (text) => [signedLayer(text, keys.one)],
  },
  {
    title: 'the key after a stranger',
    rule: byKey(keys.one),
    verdict: 'accepted',
    layers: (text) => [signedLayer(text, keys.two), signedLayer(text, keys.one)],
  },
  {
    title: 'the key, but an attestation',
    rule: byKey(keys.one),
    verdict: /there is no signature/,
    layers: (text) => [
      { ...signedLayer(text, keys.one), mediaType: 'application/vnd.dsse.envelope.v1+json' },
    ],
  },
  {
    title: 'the key, of other bytes',
    rule: byKey(keys.one),
    verdict: /no key of the policy/,
    layers: (text) => [{ ...signedLayer(text, keys.one), payload: `${text} ` }],
  },
  {
    title: 'nothing in base64',
    rule: byKey(keys.one),
    verdict: /not base64/,
    layers: (text) => [
      { payload: text, annotations: { 'dev.cosignproject.cosign/signature': 'a*b=' } },
    ],
  },
  {
    title: 'the key, without the annotation',
    rule: byKey(keys.one),
    verdict: /no annotation/,
    layers: (text) => [without(signedLayer(text, keys.one), 'dev.cosignproject.cosign/signature')],
  },
];

const ofText = (
  title: string,
  verdict: TrustCase['verdict'],
  text: (name: string, digest: Digest) => string,
): Making => ({
  title,
  rule: byKey(keys.one),
  verdict,
  layers: (_, { name, digest }) => [signedLayer(text(name, digest), keys.one)],
});

const textCases: readonly Making[] = [
  ofText('a text about another image', /another image/, (name) =>
    statement(`sha256:${'0'.repeat(64)}`, name),
  ),
  ofText('a text about no digest', /not a digest/, (name) => statement('latest', name)),
  ofText('a text with a stranger key', /no known key/, (name, digest) =>
    statement(digest, name, { more: 1 }),
  ),
  ofText('a text with the digest twice', /twice/, (name, digest) =>
    statement(digest, name).replace(
      '{"docker-manifest',
      `{"docker-manifest-digest":"${digest}","docker-manifest`,
    ),
  ),
  ofText('a text with notes', 'accepted', (name, digest) =>
    statement(digest, name, { optional: { creator: 'me', timestamp: 1700000000, team: ['x'] } }),
  ),
  ofText('a text whose time is no integer', /timestamp/, (name, digest) =>
    statement(digest, name, { optional: { timestamp: 1.5 } }),
  ),
  ofText('a text of OpenPGP', /its type/, (name, digest) =>
    statement(digest, name).replace('cosign container image', 'atomic container'),
  ),
  ofText('no JSON', /not JSON/, () => 'hello'),
  ofText('a text without notes', /"optional" is missing/, (name, digest) =>
    statement(digest, name).replace(',"optional":null', ''),
  ),
];

const named = (
  title: string,
  [identity, signed]: readonly [unknown, (name: string) => string],
  verdict: TrustCase['verdict'],
  tag?: string,
): Making => ({
  title,
  rule: byKey(keys.one, identity),
  verdict,
  ...(tag !== undefined && { tag }),
  layers: (_, { name, digest }) => [signedLayer(statement(digest, signed(name)), keys.one)],
});

const refused = /does not accept/;
const usual = { type: 'matchRepoDigestOrExact' };
const exactly = { type: 'matchExact' };
const exactReference = { type: 'exactReference', dockerReference: 'quay.io/team/app:v1' };
const exactRepository = { type: 'exactRepository', dockerRepository: 'quay.io/team/app' };

const nameCases: readonly Making[] = [
  named('the tag, asked by digest', [usual, (name) => `${name}:v1`], 'accepted'),
  named('no tag, asked by digest', [usual, (name) => name], refused),
  named('the tag, asked by it', [usual, (name) => `${name}:v1`], 'accepted', 'v1'),
  named('another tag, asked by tag', [usual, (name) => `${name}:v2`], refused, 'v1'),
  named('another repository, asked by digest', [usual, (name) => `${name}x:v1`], refused),
  named('the tag exactly', [exactly, (name) => `${name}:v1`], 'accepted', 'v1'),
  named('the tag exactly, asked by digest', [exactly, (name) => `${name}:v1`], refused),
  named(
    'another repository, the repository counts',
    [{ type: 'matchRepository' }, (name) => `${name}/x`],
    refused,
  ),
  named('the reference of the policy', [exactReference, () => 'quay.io/team/app:v1'], 'accepted'),
  named(
    'another tag than that of the policy',
    [exactReference, () => 'quay.io/team/app:v2'],
    refused,
  ),
  named('the repository of the policy', [exactRepository, () => 'quay.io/team/app:v2'], 'accepted'),
  named(
    'another repository than that of the policy',
    [exactRepository, () => 'quay.io/team/other:v2'],
    refused,
  ),
  named('no name at all', [exactRepository, () => 'Not A Name'], refused),
];

const promised = (text: string, more: Partial<LogFacts> = {}, key: Key = keys.one) =>
  logged(signedLayer(text, key), { signer: pemOf(key), ...more });
const loggedKey = sigstore({ keyData: base64(pemOf(keys.one)), rekorPublicKeyData });
const inLog = (
  title: string,
  verdict: TrustCase['verdict'],
  layer: (text: string) => CosignLayer,
): Making => ({
  title,
  rule: loggedKey,
  isNew: true,
  verdict,
  layers: (text) => [layer(text)],
});

const logCases: readonly Making[] = [
  inLog('a key whose use was logged', 'accepted', (text) => promised(text)),
  inLog('a key whose use was not logged', /dev\.sigstore\.cosign\/bundle/, (text) =>
    signedLayer(text, keys.one),
  ),
  inLog('a key, logged by a strange log', /no key of the policy signed it/, (text) =>
    promised(text, { log: keys.two }),
  ),
  inLog('a key, but another was logged', /another key/, (text) =>
    promised(text, { signer: pemOf(keys.two) }),
  ),
  inLog('a key, another signature was logged', /another signature/, (text) =>
    promised(text, { signature: base64('x') }),
  ),
  inLog('a key, another text was logged', /another text/, (text) =>
    promised(text, { hashed: 'x' }),
  ),
  inLog('a key, logged in a strange way', /no hashedrekord/, (text) =>
    promised(text, { body: { kind: 'intoto' } }),
  ),
  inLog('a key with something behind it in the log', /no key or certificate/, (text) =>
    promised(text, { signer: `${pemOf(keys.one)}\n\n` }),
  ),
];

const byFulcio = (
  title: string,
  verdict: TrustCase['verdict'],
  facts: LeafFacts & { readonly year?: number; readonly chain?: readonly MadeCertificate[] } = {},
): Making => ({
  title,
  rule: fulcio,
  isNew: true,
  verdict,
  layers: (text) => {
    const { year, chain, ...rest } = facts;
    const certificate = leaf(rest);
    return [
      logged(certified(text, certificate, chain), {
        signer: certificate.pem,
        ...(year && { year }),
      }),
    ];
  },
});

const notIssued = /not issued for code/;
const deep = makeCertificate({ subject: 'Deep', issuer: keys.intermediate, authority: {} });
const noAuthority = makeCertificate({ subject: 'No authority', issuer: keys.root });
const foreign = makeCertificate({ subject: 'Foreign', issuer: keys.stranger, authority: {} });
const noCode = makeCertificate({
  subject: 'No code',
  issuer: keys.root,
  authority: {},
  usages: ['1.3.6.1.5.5.7.3.1'],
});

const noSigner = makeCertificate({
  subject: 'No signer',
  issuer: keys.root,
  authority: {},
  keyUsage: [7, 0x80],
});

const fulcioCases: readonly Making[] = [
  byFulcio('an identity of the authority', 'accepted'),
  byFulcio('an identity in the current form', 'accepted', { more: [newIssuer()] }),
  byFulcio('an identity in both forms', 'accepted', { more: [oldIssuer(), newIssuer()] }),
  byFulcio('an identity in two forms that differ', /issued by an unknown issuer/, {
    more: [oldIssuer(), newIssuer('https://x')],
  }),
  byFulcio('an identity of another issuer', /issued by https:\/\/x/, {
    more: [oldIssuer('https://x')],
  }),
  byFulcio('an identity without an issuer', /issued by an unknown issuer/, { more: [] }),
  byFulcio('somebody else', /not of builder@example\.com/, { emails: ['other@example.com'] }),
  byFulcio('an identity after its time', /was valid until/, { year: 2027 }),
  byFulcio('an identity before its time', /valid only from/, { year: 2024 }),
  byFulcio('an identity that may not sign code', notIssued, { usages: ['1.3.6.1.5.5.7.3.1'] }),
  byFulcio('an identity of a strange authority of the same name', notIssued, {
    issuer: keys.stranger,
    chain: [keys.stranger, keys.stranger],
  }),
  byFulcio('an identity below an intermediate', 'accepted', {
    issuer: keys.intermediate,
    chain: [keys.intermediate, keys.root],
  }),
  byFulcio('an identity whose intermediate is missing', notIssued, {
    issuer: keys.intermediate,
    chain: [keys.intermediate],
  }),
  byFulcio('an identity below too many intermediates', notIssued, {
    issuer: deep,
    chain: [deep, keys.intermediate, keys.root],
  }),
  byFulcio('an identity below one that is no authority', notIssued, {
    issuer: noAuthority,
    chain: [noAuthority, keys.root],
  }),
  byFulcio('an identity below a foreign intermediate', notIssued, {
    issuer: foreign,
    chain: [foreign, keys.stranger, keys.stranger],
  }),
  byFulcio('an identity below an intermediate that is not for code', notIssued, {
    issuer: noCode,
    chain: [noCode, keys.root],
  }),
  byFulcio('an identity below an authority that may not sign certificates', notIssued, {
    issuer: noSigner,
    chain: [noSigner, keys.root],
  }),
  byFulcio('an identity that was certified with SHA-1', notIssued, { hash: 'sha1' }),
  byFulcio('an identity with constraints of names', /2\.5\.29\.30, which is not understood/, {
    more: [oldIssuer(), ['2.5.29.30', false, der(0x30)]],
  }),
  byFulcio('an identity with an unknown critical extension', /not understood/, {
    more: [oldIssuer(), ['1.2.3.4', true, Buffer.from([5, 0])]],
  }),
];

const byPki = (
  title: string,
  [asked, facts, chain]: readonly [
    Readonly<Record<string, unknown>>,
    LeafFacts,
    (readonly MadeCertificate[])?,
  ],
  verdict: TrustCase['verdict'],
): Making => ({
  title,
  rule: sigstore({ pki: { caRootsData: base64(keys.root.pem), ...asked } }),
  isNew: true,
  verdict,
  layers: (text) => [
    certified(text, leaf({ years: [2020, 2120], hosts: ['build.example.com'], ...facts }), chain),
  ],
});

const below = { issuer: keys.intermediate };
const caIntermediatesData = base64(keys.intermediate.pem);
const byHost = { subjectHostname: 'build.example.com' };
const byEmail = { subjectEmail: email };

const pkiCases: readonly Making[] = [
  byPki('an address', [byEmail, {}], 'accepted'),
  byPki('a host', [byHost, {}], 'accepted'),
  byPki('a host of a domain', [byHost, { hosts: ['*.example.com'] }], 'accepted'),
  byPki('another host', [byHost, { hosts: ['other.example.com'] }], /not of build\.example\.com/),
  byPki('another address', [byEmail, { emails: ['x@example.com'] }], /not of builder/),
  byPki('an address that has expired', [byEmail, { years: [2020, 2021] }], /was valid until/),
  byPki(
    'an address below an intermediate of the policy',
    [{ ...byEmail, caIntermediatesData }, below],
    'accepted',
  ),
  byPki(
    'an address below an intermediate that it brings',
    [byEmail, below, [keys.intermediate, keys.root]],
    'accepted',
  ),
  byPki('an address below nothing known', [byEmail, below], notIssued),
  byPki(
    'an address that may not sign code',
    [byEmail, { usages: ['1.3.6.1.5.5.7.3.2'] }],
    notIssued,
  ),
  byPki('an address with a leaf for anything', [byEmail, { usages: ['2.5.29.37.0'] }], 'accepted'),
];

const simpleCases: readonly Making[] = [
  {
    title: 'anybody',
    rule: [{ type: 'insecureAcceptAnything' }],
    verdict: 'accepted',
    layers: () => [],
  },
  {
    title: 'anybody, rejected',
    rule: [{ type: 'reject' }],
    verdict: /rejects every image/,
    layers: () => [],
  },
];

const openPgpCases = gpgCases.map(
  ({ title, rule, verdict, signatures }): Making => ({
    title: `OpenPGP: ${title}`,
    rule,
    verdict,
    layers: () => [],
    stored: signatures,
  }),
);

const all = [
  ...openPgpCases,
  ...simpleCases,
  ...keyCases,
  ...textCases,
  ...nameCases,
  ...logCases,
  ...fulcioCases,
  ...pkiCases,
];

/** Makes the manifest that holds signatures, with its blobs. */
export function signatureImage(layers: readonly CosignLayer[]): TestImage {
  const blobs = layers.map((layer) => ({
    ...makeBlob(Buffer.from(layer.payload), layer.mediaType ?? cosignLayer),
    annotations: layer.annotations,
  }));
  const config = makeBlob(Buffer.from('{}'), mediaTypes.ociConfig);
  const text = JSON.stringify({
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    config: config.descriptor,
    layers: blobs.map(({ descriptor, annotations }) => ({ ...descriptor, annotations })),
  });
  return { manifest: parseManifest(Buffer.from(text)), blobs: [config, ...blobs], children: [] };
}

async function pushLayers(
  sink: ImageSink,
  { repository, digest }: Place,
  layers: readonly CosignLayer[],
): Promise<void> {
  const { manifest, blobs } = signatureImage(layers);
  for (const { descriptor, bytes } of blobs) {
    await sink.putBlob(repository, { descriptor, bytes: () => bytes });
  }
  await sink.putManifest(repository, manifest, `${digest.replace(':', '-')}.sig`);
}

/** A case whose image lies in a registry. */
export interface PushedCase extends TrustCase, Place {
  readonly host: string;
  /** Signatures of OpenPGP. */
  readonly stored: readonly Uint8Array[];
}

/** Puts the images of all cases and their signatures into a registry. */
export async function pushTrustCases(sink: ImageSink, host: string): Promise<PushedCase[]> {
  const pushed: PushedCase[] = [];
  for (const [index, making] of all.entries()) {
    const repository = `trust/case-${index}`;
    const layer = content(mediaTypes.ociLayerGzip, () => Buffer.from(`layer ${index}`));
    const image = makeImage([layer], { os: 'linux', architecture: 'amd64' });
    const { digest } = image.manifest.descriptor;
    const name = `${host}/${repository}`;
    for (const blob of image.blobs) await sink.putBlob(repository, blob);
    await sink.putManifest(repository, image.manifest, 'v1');
    const layers = making.layers(statement(digest, `${name}:v1`), { digest, name });
    if (layers.length > 0) await pushLayers(sink, { repository, digest }, layers);
    const stored = (await making.stored?.(digest, name)) ?? [];
    pushed.push({ ...making, layers, stored, repository, digest, host });
  }
  return pushed;
}

/** Writes the policy of a case. */
export function policyOf({ rule }: Pick<TrustCase, 'rule'>): string {
  return JSON.stringify({ default: [{ type: 'reject' }], transports: { docker: { '': rule } } });
}

/** Gives the files of a lookaside by their names below it. */
export function lookasideFiles(cases: readonly PushedCase[]): ReadonlyMap<string, Uint8Array> {
  const files = cases.flatMap(({ repository, digest, stored }) =>
    stored.map(
      (bytes, index) =>
        [`${repository}@${digest.replace(':', '=')}/signature-${index + 1}`, bytes] as const,
    ),
  );
  return new Map(files);
}

/** Gives a public key as policies hold it. */
export function publicKeyOf(key: Key): string {
  return base64(pemOf(key));
}
