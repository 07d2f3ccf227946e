import { isRecord, type JsonObject } from '../base/index.ts';
import { ContentError } from '../errors.ts';
import { type Digest, isDigest } from '../oci/index.ts';
import { type DockerName, formatDockerName } from './docker-name.ts';
import { acceptsIdentity, type IdentityRule } from './identity.ts';
import { unusable } from './pem.ts';
import { checkKeys, parseStrictObject, readObjectField, readTextField } from './strict-json.ts';

/** An image as it was asked for, and the manifest that it is. */
export interface SignedImage {
  readonly name: DockerName;
  readonly digest: Digest;
}

/** The kinds of text that name an image and are signed. */
export const signedTextTypes = {
  openPgp: 'atomic container signature',
  cosign: 'cosign container image signature',
} as const;

function fault(why: string): ContentError {
  return unusable(`the signed text does not count: ${why}`);
}

/** Refuses optional fields of a wrong type, as containers do, although they tell nothing of the image. */
function checkOptional(optional: JsonObject): void {
  readTextField(optional, 'creator', fault);
  const timestamp = optional['timestamp'] ?? 0;
  if (!Number.isSafeInteger(timestamp)) throw fault('"timestamp" is not an integer');
}

/**
 * Refuses a signed text that does not name an image by its digest and by a name that the rule accepts.
 * @throws ContentError `SIGNATURE_INVALID`
 * @see containers/image, containers-signature(5)
 */
export function checkSignedText(
  bytes: Uint8Array,
  type: (typeof signedTextTypes)[keyof typeof signedTextTypes],
  { image, identity }: { readonly image: SignedImage; readonly identity: IdentityRule },
): void {
  const text = new TextDecoder().decode(bytes);
  const whole = parseStrictObject(text, 'The signed text', fault);
  checkKeys(whole, { needed: ['critical', 'optional'] }, fault);
  const { optional } = whole;
  if (isRecord(optional)) checkOptional(optional);
  else if (optional !== null || type !== signedTextTypes.cosign)
    throw fault('"optional" is not an object');
  const critical = readObjectField(whole, 'critical', fault);
  checkKeys(critical, { needed: ['type', 'image', 'identity'] }, fault);
  if (critical['type'] !== type) throw fault(`its type is not "${type}"`);
  const signedImage = readObjectField(critical, 'image', fault);
  checkKeys(signedImage, { needed: ['docker-manifest-digest'] }, fault);
  const signedName = readObjectField(critical, 'identity', fault);
  checkKeys(signedName, { needed: ['docker-reference'] }, fault);
  const digest = readTextField(signedImage, 'docker-manifest-digest', fault);
  const name = readTextField(signedName, 'docker-reference', fault);
  if (!isDigest(digest)) throw fault('"docker-manifest-digest" is not a digest');
  checkMatch({ digest, name }, image, identity);
}

function checkMatch(
  signed: { readonly digest: string; readonly name: string },
  image: SignedImage,
  identity: IdentityRule,
): void {
  if (signed.digest !== image.digest) {
    throw new ContentError('SIGNATURE_INVALID', 'the signature is of another image', {
      expected: image.digest,
      actual: signed.digest,
    });
  }
  if (acceptsIdentity(identity, image.name, signed.name)) return;
  const short = signed.name.slice(0, 300);
  throw unusable(
    `the signature is for "${short}", which ${identity.type} does not accept for ${formatDockerName(image.name)}`,
  );
}
