import { fileURLToPath } from 'node:url';
import { checkLimit, decodeObject, readWithin } from '../base/index.ts';
import { type ByteCache, readBlob } from '../content/index.ts';
import { RegistryError } from '../errors.ts';
import { type Digest, isImageType, stringRecord } from '../oci/index.ts';
import type { Registries, Repository } from '../registry/index.ts';
import type { DockerName } from './docker-name.ts';
import { trustLimits } from './limits.ts';
import { unusable } from './pem.ts';
import { lookasideOf, type SignaturePlaces, usesAttachments } from './registries-d.ts';
import type { CosignSignature } from './sigstore-rule.ts';
import { decodeBase64 } from './strict-json.ts';

/** The signatures of one manifest, as they were found; nothing of them is verified. */
export interface FoundSignatures {
  readonly openPgp: readonly Uint8Array[];
  readonly cosign: readonly CosignSignature[];
}

/** One manifest whose signatures are wanted, and the name under which it was asked for. */
export interface Signed {
  readonly name: DockerName;
  readonly digest: Digest;
  readonly repository: Repository;
  /** Set for an image layout on disk, which has no signatures; absolute. */
  readonly layout?: string | undefined;
}

/** The places where signatures are looked for. */
export interface SignatureSearch {
  readonly places: SignaturePlaces;
  readonly cache: ByteCache;
  readonly get: Registries['get'];
  /** The directory of signatures on this machine, where `places` names none; absent: there is none. */
  readonly usualLookaside?: string | undefined;
}

async function readSignatureFile(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readWithin(path, trustLimits.signature);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw cause;
  }
}

async function readLookaside(url: URL, { get }: SignatureSearch): Promise<Uint8Array | undefined> {
  if (url.protocol === 'file:') return await readSignatureFile(fileURLToPath(url));
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw unusable(`signatures cannot be read from ${url.protocol}`);
  }
  const { status, body } = await get(url.href, { maxBytes: trustLimits.signature.most });
  if (status === 200) return body;
  if (status === 404) return undefined;
  const message = `GET ${url.origin}${url.pathname}: ${status}`;
  throw new RegistryError('UNEXPECTED_STATUS', message, { status });
}

/** The first bytes of OpenPGP messages: compressed, one-pass and signature packets, of both formats. */
const openPgpStarts = new Set([
  0xa0, 0xa1, 0xa2, 0xa3, 0xc8, 0x90, 0x91, 0x92, 0xc4, 0x88, 0x89, 0x8a, 0x8b, 0xc2,
]);

/** The first bytes of the forms in which containers store signatures of both kinds. */
const forms = { openPgp: '\0simple-signing\n', cosign: '\0sigstore-json\n' } as const;

function readStored(bytes: Uint8Array): CosignSignature {
  const invalid = (why: string) => unusable(`a stored signature ${why}`);
  const object = decodeObject(bytes, { what: 'A stored signature', invalid });
  const { mimeType, payload } = object;
  const decoded = typeof payload === 'string' ? decodeBase64(payload) : undefined;
  if (typeof mimeType !== 'string' || !decoded) throw invalid('has no payload');
  return {
    mediaType: mimeType,
    payload: decoded,
    annotations: stringRecord(object['annotations']) ?? {},
  };
}

/** Sorts the signatures of a lookaside by their kind. @throws ContentError `SIGNATURE_INVALID` for one of no known kind */
function sortStored(stored: readonly Uint8Array[]): FoundSignatures {
  const openPgp: Uint8Array[] = [];
  const cosign: CosignSignature[] = [];
  for (const bytes of stored) {
    const start = Buffer.from(bytes.subarray(0, 20)).toString('latin1');
    if (openPgpStarts.has(bytes[0] ?? 0)) openPgp.push(bytes);
    else if (start.startsWith(forms.openPgp)) openPgp.push(bytes.subarray(forms.openPgp.length));
    else if (start.startsWith(forms.cosign))
      cosign.push(readStored(bytes.subarray(forms.cosign.length)));
    else throw unusable('a stored signature is of no known form');
  }
  return { openPgp, cosign };
}

async function findStored(
  { name, digest }: Signed,
  search: SignatureSearch,
): Promise<FoundSignatures> {
  const base = lookasideOf(search.places, name) ?? search.usualLookaside;
  if (base === undefined) return sortStored([]);
  const path = name.name.slice(name.name.indexOf('/') + 1);
  const stored: Uint8Array[] = [];
  for (let number = 1; ; number += 1) {
    checkLimit(`${base}/${path}`, number, trustLimits.signatures);
    const url = new URL(base);
    url.pathname = `${url.pathname}/${path}@${digest.replace(':', '=')}/signature-${number}`;
    const bytes = await readLookaside(url, search);
    if (!bytes) return sortStored(stored);
    stored.push(bytes);
  }
}

async function findAttached({ name, digest, repository }: Signed, search: SignatureSearch) {
  if (!usesAttachments(search.places, name)) return [];
  const tag = `${digest.replace(':', '-')}.sig`;
  const manifest = await repository.manifests.fetch(tag);
  if (!manifest) return [];
  if (manifest.kind !== 'image' || !isImageType(manifest.descriptor.mediaType)) {
    throw unusable(`${repository.name}:${tag} is not a signature`);
  }
  checkLimit(`${repository.name}:${tag}`, manifest.layers.length, trustLimits.signatures);
  const found = manifest.layers.map(async (layer): Promise<CosignSignature> => {
    const limit = trustLimits.signature;
    const source = { repository, cache: search.cache };
    const payload = await readBlob(layer, source, { what: `Blob ${layer.digest}`, limit });
    return { mediaType: layer.mediaType, payload, annotations: layer.annotations ?? {} };
  });
  return await Promise.all(found);
}

/**
 * Finds the signatures of one manifest: OpenPGP's in the lookaside that is set for its scope, cosign's under the tag
 * `sha256-<hex>.sig` of its repository. An image may have none.
 *
 * Effects: reads only; two requests for a manifest without signatures.
 * @throws RegistryError when a registry or lookaside does not answer, ContentError for a signature of a wrong form or past a limit
 * @see containers/image, docs/signature-protocols.md
 */
export async function findSignatures(
  signed: Signed,
  search: SignatureSearch,
): Promise<FoundSignatures> {
  const [stored, attached] = await Promise.all([
    findStored(signed, search),
    findAttached(signed, search),
  ]);
  return { openPgp: stored.openPgp, cosign: [...stored.cosign, ...attached] };
}
