import { isRecord, type JsonObject } from '../base/index.ts';
import { type IdentityRule, readSignedIdentity, usualIdentity } from './identity.ts';
import {
  checkKeys,
  decodeBytes,
  type FaultMaker,
  readBytesField,
  readObjectField,
  readTextField,
  readTextList,
} from './strict-json.ts';

/** The place of keys or certificates: in files, or in the policy itself. */
export type KeySource =
  | { readonly paths: readonly string[] }
  | { readonly data: readonly Uint8Array[] };

/** Wants a signature with OpenPGP by one of some keys. */
export interface SignedBy {
  readonly type: 'signedBy';
  /** `GPGKeys`. Containers also read the other types, and accept no signature by them. */
  readonly keyType: string;
  readonly keys: KeySource;
  readonly identity: IdentityRule;
}

/** Certificates of a sigstore authority, and the identity that it has to certify. */
export interface FulcioRoot {
  readonly kind: 'fulcio';
  readonly ca: KeySource;
  readonly oidcIssuer: string;
  readonly subjectEmail: string;
}

/** Certificates of any authority, and the identity that it has to certify. */
export interface PkiRoot {
  readonly kind: 'pki';
  readonly roots: KeySource;
  readonly intermediates?: KeySource;
  readonly subjectEmail: string;
  readonly subjectHostname: string;
}

/** Wants a signature by cosign. */
export interface SigstoreSigned {
  readonly type: 'sigstoreSigned';
  readonly root: { readonly kind: 'keys'; readonly keys: KeySource } | FulcioRoot | PkiRoot;
  /** Keys of transparency logs: one of the logs must have recorded the signature. */
  readonly rekor?: KeySource;
  readonly identity: IdentityRule;
}

/** A condition that an image has to satisfy. @see containers-policy.json(5), "POLICY REQUIREMENTS" */
export type Requirement =
  | { readonly type: 'insecureAcceptAnything' | 'reject' | 'signedBaseLayer' }
  | SignedBy
  | SigstoreSigned;

/** Names of the fields that give one kind of key. */
interface SourceKeys {
  readonly path: string;
  readonly paths?: string;
  readonly data: string;
  readonly datas?: string;
  /** Whether an empty list is an error of the policy; else it only has no keys. */
  readonly isListNeeded: boolean;
}

/** Gives the sources of one kind of key. An empty text is no source, as in Go. */
function sourcesOf(object: JsonObject, keys: SourceKeys, fault: FaultMaker): readonly KeySource[] {
  const path = readTextField(object, keys.path, fault);
  const data = readBytesField(object, keys.data, fault);
  const listOf = (key?: string) =>
    key === undefined ? undefined : readTextList(object, key, fault);
  const [paths, datas] = [listOf(keys.paths), listOf(keys.datas)];
  const isEmpty = paths?.length === 0 || datas?.length === 0;
  if (keys.isListNeeded && isEmpty) throw fault(`"${keys.path}s" has no entries`);
  const decoded = datas?.map((text) => decodeBytes(text, keys.datas ?? '', fault));
  return [
    ...(path === '' ? [] : [{ paths: [path] }]),
    ...(data ? [{ data: [data] }] : []),
    ...(paths ? [{ paths }] : []),
    ...(decoded ? [{ data: decoded }] : []),
  ];
}

function namesOf({ path, paths, data, datas }: SourceKeys): readonly string[] {
  return [path, paths, data, datas].filter((name) => name !== undefined);
}

function onlySource(sources: readonly KeySource[], keys: SourceKeys, fault: FaultMaker): KeySource {
  const [only, ...others] = sources;
  if (only && others.length === 0) return only;
  throw fault(`exactly one of ${namesOf(keys).join(', ')} has to be given`);
}

function identityOf(object: JsonObject, fault: FaultMaker): IdentityRule {
  if (!('signedIdentity' in object)) return usualIdentity;
  return readSignedIdentity(readObjectField(object, 'signedIdentity', fault), fault);
}

const gpgKeys = {
  path: 'keyPath',
  paths: 'keyPaths',
  data: 'keyData',
  isListNeeded: false,
} as const;

const gpgKeyTypes = ['GPGKeys', 'signedByGPGKeys', 'X509Certificates', 'signedByX509CAs'];

function readSignedBy(object: JsonObject, fault: FaultMaker): SignedBy {
  checkKeys(
    object,
    { needed: ['type', 'keyType'], known: [...namesOf(gpgKeys), 'signedIdentity'] },
    fault,
  );
  const keyType = readTextField(object, 'keyType', fault);
  if (!gpgKeyTypes.includes(keyType)) throw fault(`"${keyType}" is no keyType`);
  const given = namesOf(gpgKeys).filter((name) => name in object);
  if (given.length > 1) throw fault(`only one of ${given.join(', ')} may be given`);
  const keys = onlySource(sourcesOf(object, gpgKeys, fault), gpgKeys, fault);
  return { type: 'signedBy', keyType, keys, identity: identityOf(object, fault) };
}

const sigstoreKeys = {
  path: 'keyPath',
  paths: 'keyPaths',
  data: 'keyData',
  datas: 'keyDatas',
  isListNeeded: true,
} as const;
const rekorKeys = {
  path: 'rekorPublicKeyPath',
  paths: 'rekorPublicKeyPaths',
  data: 'rekorPublicKeyData',
  datas: 'rekorPublicKeyDatas',
  isListNeeded: true,
} as const;
const fulcioKeys = { path: 'caPath', data: 'caData', isListNeeded: false } as const;
const rootKeys = { path: 'caRootsPath', data: 'caRootsData', isListNeeded: false } as const;
const intermediateKeys = {
  path: 'caIntermediatesPath',
  data: 'caIntermediatesData',
  isListNeeded: false,
} as const;

function readFulcio(object: JsonObject, fault: FaultMaker): FulcioRoot {
  const known = [...namesOf(fulcioKeys), 'oidcIssuer', 'subjectEmail'];
  checkKeys(object, { needed: [], known }, fault);
  const oidcIssuer = readTextField(object, 'oidcIssuer', fault);
  const subjectEmail = readTextField(object, 'subjectEmail', fault);
  if (oidcIssuer === '' || subjectEmail === '')
    throw fault('"fulcio" needs both oidcIssuer and subjectEmail');
  const ca = onlySource(sourcesOf(object, fulcioKeys, fault), fulcioKeys, fault);
  return { kind: 'fulcio', ca, oidcIssuer, subjectEmail };
}

function readPki(object: JsonObject, fault: FaultMaker): PkiRoot {
  const known = [
    ...namesOf(rootKeys),
    ...namesOf(intermediateKeys),
    'subjectEmail',
    'subjectHostname',
  ];
  checkKeys(object, { needed: [], known }, fault);
  const subjectEmail = readTextField(object, 'subjectEmail', fault);
  const subjectHostname = readTextField(object, 'subjectHostname', fault);
  if (subjectEmail === '' && subjectHostname === '')
    throw fault('"pki" needs subjectEmail or subjectHostname');
  const roots = onlySource(sourcesOf(object, rootKeys, fault), rootKeys, fault);
  const found = sourcesOf(object, intermediateKeys, fault);
  if (found.length === 0) return { kind: 'pki', roots, subjectEmail, subjectHostname };
  const intermediates = onlySource(found, intermediateKeys, fault);
  return { kind: 'pki', roots, intermediates, subjectEmail, subjectHostname };
}

function readSigstoreRoot(object: JsonObject, fault: FaultMaker): SigstoreSigned['root'] {
  const roots: SigstoreSigned['root'][] = [
    ...sourcesOf(object, sigstoreKeys, fault).map((keys) => ({ kind: 'keys', keys }) as const),
    ...('fulcio' in object ? [readFulcio(readObjectField(object, 'fulcio', fault), fault)] : []),
    ...('pki' in object ? [readPki(readObjectField(object, 'pki', fault), fault)] : []),
  ];
  const [root, ...others] = roots;
  if (root && others.length === 0) return root;
  const names = [...namesOf(sigstoreKeys), 'fulcio', 'pki'].join(', ');
  throw fault(`exactly one of ${names} has to be given`);
}

function readSigstoreSigned(object: JsonObject, fault: FaultMaker): SigstoreSigned {
  const sources = [...namesOf(sigstoreKeys), ...namesOf(rekorKeys), 'fulcio', 'pki'];
  checkKeys(object, { needed: ['type'], known: [...sources, 'signedIdentity'] }, fault);
  const root = readSigstoreRoot(object, fault);
  const [rekor, ...more] = sourcesOf(object, rekorKeys, fault);
  const names = namesOf(rekorKeys).join(', ');
  if (more.length > 0) throw fault(`only one of ${names} may be given`);
  if (root.kind === 'fulcio' && !rekor) throw fault(`"fulcio" needs one of ${names}`);
  if (root.kind === 'pki' && rekor) throw fault(`"pki" excludes ${names}`);
  const identity = identityOf(object, fault);
  return { type: 'sigstoreSigned', root, identity, ...(rekor && { rekor }) };
}

/** Reads one requirement of a trust policy. @throws the error that `fault` makes */
export function readRequirement(value: unknown, fault: FaultMaker): Requirement {
  if (!isRecord(value)) throw fault('it is not an object');
  const { type } = value;
  switch (type) {
    case 'insecureAcceptAnything':
    case 'reject':
      checkKeys(value, { needed: ['type'] }, fault);
      return { type };
    case 'signedBaseLayer':
      checkKeys(value, { needed: ['type', 'baseLayerIdentity'] }, fault);
      readSignedIdentity(readObjectField(value, 'baseLayerIdentity', fault), fault);
      return { type };
    case 'signedBy':
      return readSignedBy(value, fault);
    case 'sigstoreSigned':
      return readSigstoreSigned(value, fault);
    default:
      throw fault(`"${String(type)}" is no kind of requirement`);
  }
}
