import { RegistryError } from '../errors.ts';
import type { Digest } from '../oci/index.ts';
import { namedAddress } from './named-address.ts';
import type { Place } from './place.ts';
import { redactUrl } from './redact.ts';
import type { Access } from './scope.ts';
import type { Answer } from './transport.ts';

/** An upload that a registry has opened. */
export interface UploadSession {
  /** Where the next request of this upload goes; good for one request. */
  readonly at: URL;
  /** Bytes; the registry announced that it takes chunks of at least this length. */
  readonly chunkMinLength: number | undefined;
}

/** Gives the access that uploads to a place need. */
export function pushAccess({ name }: Place): Access {
  return { repository: name, verb: 'push' };
}

/**
 * Reads where an upload goes on.
 *
 * Shape: `Location` may be relative, absolute or at another origin, with a query of its own.
 * @throws RegistryError without a `Location`, and for one that is not followed ({@link namedAddress}).
 * @see distribution-spec v1.1, "Pushing blobs"
 */
export function readSession(answer: Answer): UploadSession {
  const location = answer.header('location');
  if (!location) throw withoutLocation(answer);
  const at = namedAddress(answer, location);
  const length = Number(answer.header('oci-chunk-min-length') ?? Number.NaN);
  return { at, chunkMinLength: Number.isSafeInteger(length) && length > 0 ? length : undefined };
}

function withoutLocation({ asked: { method, url }, status }: Answer): RegistryError {
  const message = `${url.host} opened an upload and does not say where.`;
  return new RegistryError('UNEXPECTED_STATUS', message, {
    method,
    url: redactUrl(url),
    status,
    hint: `Check whether a proxy before ${url.host} removes the Location header.`,
  });
}

/** Gives the address that closes an upload; the registry's own query stays as it is, byte for byte. */
export function closingUrl({ at }: UploadSession, digest: Digest): URL {
  const query = `${at.search ? `${at.search}&` : '?'}digest=${encodeURIComponent(digest)}`;
  return new URL(`${at.origin}${at.pathname}${query}`);
}

/** Cancels an upload by one request whose outcome does not matter: registries purge what is left. */
export async function cancelUpload(place: Place, { at }: UploadSession): Promise<void> {
  try {
    const access = pushAccess(place);
    await (await place.host.once({ method: 'DELETE', at, access })).drop();
  } catch {
    // The outcome does not matter.
  }
}
