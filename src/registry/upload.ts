import { RegistryError } from '../errors.ts';
import { pushInChunks } from './chunked-upload.ts';
import type { Call } from './host.ts';
import { type Outgoing, SourceFailure } from './outgoing.ts';
import type { Place } from './place.ts';
import { expectStatus } from './response.ts';
import { backOff, isTransient, retrying } from './retry.ts';
import {
  cancelUpload,
  closingUrl,
  pushAccess,
  readSession,
  type UploadSession,
} from './upload-session.ts';
import type { Wire } from './wire.ts';

/**
 * Uploads a blob: POST, then one PUT of its bytes as they come.
 *
 * Effects: a registry that announces chunks gets chunks, and so does one that answers 413, from then on. Opening and
 * sending have their attempts each: a registry that fails now and then fails neither for good. What the source throws comes
 * out unchanged and is not retried here: the source has its own patience.
 * @see distribution-spec v1.1, "Pushing a blob monolithically" and "Pushing a blob in chunks"
 */
export async function pushBlob(place: Place, blob: Outgoing, wire: Wire): Promise<void> {
  for (let failures = 1; ; failures += 1) {
    const session = await retrying(wire, () => openUpload(place));
    const isChunked = session.chunkMinLength !== undefined || place.host.quirks.wantsChunks;
    try {
      if (isChunked) await pushInChunks(place, { blob, session }, wire);
      else await putWhole(place, blob, session);
      break;
    } catch (error) {
      const failure = blob.failure() ?? error;
      // After a lost connection the registry cannot be asked to tidy up; it purges by itself.
      if (!isTransient(failure)) await cancelUpload(place, session);
      if (failure instanceof SourceFailure) throw failure.cause;
      if (isTooLong(failure) && !isChunked) place.host.quirks.wantsChunks = true;
      else await backOff(wire, failures, failure);
    }
  }
  wire.counters.bytesSent += blob.descriptor.size;
}

function isTooLong(failure: unknown): boolean {
  return failure instanceof RegistryError && failure.status === 413;
}

async function openUpload(place: Place): Promise<UploadSession> {
  const answer = await place.host.once({
    method: 'POST',
    at: `/v2/${place.name}/blobs/uploads/`,
    access: pushAccess(place),
    headers: { 'content-length': '0' },
  });
  await expectStatus(answer, 202);
  await answer.drop();
  return readSession(answer);
}

async function putWhole(
  place: Place,
  { descriptor, open }: Outgoing,
  session: UploadSession,
): Promise<void> {
  const body: Call['body'] = descriptor.size === 0 ? () => new Uint8Array() : open;
  const answer = await place.host.once({
    method: 'PUT',
    at: closingUrl(session, descriptor.digest),
    access: pushAccess(place),
    headers: {
      'content-type': 'application/octet-stream',
      'content-length': String(descriptor.size),
    },
    body,
  });
  await expectStatus(answer, 200, 201, 204);
  await answer.drop();
}
