import { createHash, type KeyObject, verify } from 'node:crypto';
import { asObject, canonicalJson, type JsonObject, parseJson, textOrEmpty } from '../base/index.ts';
import { ContentError } from '../errors.ts';
import { firstPemBlock, unusable } from './pem.ts';
import {
  checkKeys,
  decodeBase64,
  parseStrictObject,
  readBytesField,
  readObjectField,
} from './strict-json.ts';

/** The parts of a signature that a transparency log must have recorded. */
export interface LoggedSignature {
  /** DER encoding of the key, or of the certificate. */
  readonly signer: Buffer;
  readonly signature: Buffer;
  readonly payload: Uint8Array;
}

function fault(why: string): ContentError {
  return unusable(`the entry of the transparency log does not count: ${why}`);
}

/** Gives the payload of a promise that a key of the log has signed. */
function readPromise(promise: string, keys: readonly KeyObject[]): JsonObject {
  const object = parseStrictObject(promise, 'The entry of a transparency log', fault);
  checkKeys(object, { needed: ['SignedEntryTimestamp', 'Payload'] }, fault);
  const signature = readBytesField(object, 'SignedEntryTimestamp', fault) ?? Buffer.alloc(0);
  const payload = readObjectField(object, 'Payload', fault);
  const signed = Buffer.from(canonicalJson(payload));
  const isSigned = keys.some((key) => verify('sha256', signed, key, signature));
  if (!isSigned) throw fault('no key of the policy signed it');
  checkKeys(payload, { needed: ['body', 'integratedTime', 'logIndex', 'logID'] }, fault);
  return payload;
}

function readBody(payload: JsonObject): JsonObject {
  const bytes = readBytesField(payload, 'body', fault) ?? Buffer.alloc(0);
  let body: JsonObject;
  try {
    body = asObject(parseJson(bytes.toString(), 'The body of an entry of a transparency log'));
  } catch (cause) {
    throw cause instanceof ContentError ? cause : fault('its body is not JSON');
  }
  if (body['kind'] !== 'hashedrekord' || body['apiVersion'] !== '0.0.1') {
    throw fault('its body is no hashedrekord 0.0.1');
  }
  return asObject(body['spec']);
}

function checkBody(spec: JsonObject, logged: LoggedSignature): void {
  const signature = asObject(spec['signature']);
  const written = readBytesField(asObject(signature['publicKey']), 'content', fault);
  const signer = firstPemBlock(written?.toString() ?? '');
  if (signer?.rest !== '') throw fault('it has no key or certificate');
  if (!signer.bytes.equals(logged.signer)) throw fault('it is of another key or certificate');
  const content = decodeBase64(textOrEmpty(signature['content']));
  if (!content?.equals(logged.signature)) throw fault('it is of another signature');
  const hash = asObject(asObject(spec['data'])['hash']);
  if (hash['algorithm'] !== 'sha256') throw fault('its hash is not sha256');
  const hex = createHash('sha256').update(logged.payload).digest('hex');
  if (textOrEmpty(hash['value']).toLowerCase() !== hex) throw fault('it is of another text');
}

/**
 * Verifies offline that a transparency log recorded a signature, and gives the time at which it did.
 *
 * Shape: cosign's annotation `dev.sigstore.cosign/bundle`, a signed entry timestamp over the canonical JSON of its payload.
 * @throws ContentError `SIGNATURE_INVALID`, `TOO_LARGE`
 */
export function verifyLogPromise(
  promise: string,
  keys: readonly KeyObject[],
  logged: LoggedSignature,
): Date {
  const payload = readPromise(promise, keys);
  const time = payload['integratedTime'];
  if (typeof time !== 'number' || !Number.isSafeInteger(time)) throw fault('it has no time');
  checkBody(readBody(payload), logged);
  return new Date(time * 1000);
}
