import { RegistryError } from '../errors.ts';
import { pushInChunks } from './chunked-upload.ts';
import type { Call, Quirks } from './host.ts';
import { type Outgoing, SourceFailure } from './outgoing.ts';
import type { Place } from './place.ts';
import type { RequestContext } from './request-context.ts';
import { expectStatus } from './response.ts';
import { backOff, isLostUpload, isTransient, retrying } from './retry.ts';
import {
  cancelUpload,
  closingUrl,
  pushAccess,
  readSession,
  type UploadSession,
} from './upload-session.ts';

type UploadWay = NonNullable<Quirks['uploadWay']>;

/** Uploads that a registry may lose, for one blob, before that counts as an answer to the way it was sent. */
const maxLost = 2;

/** The attempts to upload one blob so far. */
interface Attempts {
  /** The way of the last attempt. */
  way: UploadWay;
  /** Failures in a row that may pass. */
  failures: number;
  lost: number;
  /** Why a way is not tried again. */
  readonly refused: Map<UploadWay, unknown>;
}

/**
 * Uploads a blob: POST, then one PUT of its bytes as they come, or chunks.
 *
 * Effects: a registry that announces chunks gets chunks. A way that the registry refuses, or fails at for good, is followed
 * by the other; the way that worked is remembered for the host. An upload that the registry lost is started over. Opening
 * and sending are counted apart: a registry that fails now and then ends neither. An error of the source comes out unchanged
 * and is not retried here: the source has retries of its own.
 * @see distribution-spec v1.1, "Pushing a blob monolithically" and "Pushing a blob in chunks"
 */
export async function pushBlob(
  place: Place,
  blob: Outgoing,
  context: RequestContext,
): Promise<void> {
  const attempts: Attempts = { way: 'whole', failures: 0, lost: 0, refused: new Map() };
  for (;;) {
    const session = await retrying(context, () => openUpload(place));
    attempts.way = wayFor(session, place.host.quirks, attempts.refused);
    try {
      if (attempts.way === 'chunks') await pushInChunks(place, { blob, session }, context);
      else await putWhole(place, blob, session);
      break;
    } catch (error) {
      const failure = blob.failure() ?? error;
      // After a lost connection the registry cannot be asked to tidy up; it purges by itself.
      if (!isTransient(failure)) await cancelUpload(place, session);
      if (failure instanceof SourceFailure) throw failure.cause;
      await prepareNext(attempts, failure, context);
    }
  }
  if (attempts.refused.size > 0) place.host.quirks.uploadWay = attempts.way;
  context.counters.bytesSent += blob.descriptor.size;
}

function wayFor(
  { chunkMinLength }: UploadSession,
  { uploadWay = 'whole' }: Quirks,
  refused: ReadonlyMap<UploadWay, unknown>,
): UploadWay {
  const wish = chunkMinLength === undefined ? uploadWay : 'chunks';
  if (!refused.has(wish)) return wish;
  return wish === 'chunks' ? 'whole' : 'chunks';
}

/** Waits for the next attempt, by the same way or the other; throws the first failure when none is left. */
async function prepareNext(
  attempts: Attempts,
  failure: unknown,
  context: RequestContext,
): Promise<void> {
  if (isLostUpload(failure) && attempts.lost < maxLost) {
    attempts.lost += 1;
    return;
  }
  attempts.failures += 1;
  let last = failure;
  if (!isRefusal(failure)) {
    try {
      await backOff(context, attempts.failures, failure);
      return;
    } catch (error) {
      if (!(error instanceof RegistryError) || error.status === undefined || error.status < 500) {
        throw error;
      }
      last = error;
    }
  }
  attempts.refused.set(attempts.way, last);
  attempts.failures = 0;
  const [first] = attempts.refused.values();
  if (attempts.refused.size === 2) throw first;
}

/** Statuses about the client or the rate of its requests, not about the way a blob is sent. */
const ofTheCaller: readonly number[] = [401, 403, 407, 429];

/** Tells whether a registry answered that it does not take a blob this way. */
function isRefusal(failure: unknown): boolean {
  if (!(failure instanceof RegistryError) || failure.status === undefined) return false;
  const { status } = failure;
  return (status >= 400 && status < 500 && !ofTheCaller.includes(status)) || status === 501;
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
    isCommit: true,
  });
  await expectStatus(answer, 200, 201, 204);
  await answer.drop();
}
