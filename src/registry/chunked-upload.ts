import { ByteQueue } from '../base/index.ts';
import { ContentError, RegistryError } from '../errors.ts';
import type { Descriptor } from '../oci/index.ts';
import type { Outgoing } from './outgoing.ts';
import type { Place } from './place.ts';
import { maxRedirects, nextHop } from './redirect.ts';
import type { RequestContext } from './request-context.ts';
import { expectStatus } from './response.ts';
import { backOff } from './retry.ts';
import type { Answer } from './transport.ts';
import { closingUrl, pushAccess, readSession, type UploadSession } from './upload-session.ts';

/** Bytes; large enough to be fast and below what proxies commonly let pass. */
const defaultChunkLength = 16 * 1024 * 1024;
/** Bytes; proxies that let less pass carry no registry. */
const leastChunkLength = 512 * 1024;

/** How far an upload is. */
interface Progress {
  readonly session: UploadSession;
  readonly offset: number;
  /** The last chunk was not taken, but led elsewhere. */
  readonly isMoved?: true;
}

/**
 * Uploads a blob in chunks, one PATCH each, and closes the upload by an empty PUT.
 *
 * Effects: after a lost connection the registry is asked how far it came, and the source is opened again and skipped up to
 * there; where it cannot say, the caller starts over. Chunks that are too long for the host are made shorter, for good.
 * @see distribution-spec v1.1, "Pushing a blob in chunks"
 */
export async function pushInChunks(
  place: Place,
  upload: { readonly blob: Outgoing; readonly session: UploadSession },
  context: RequestContext,
): Promise<void> {
  const { blob } = upload;
  let progress: Progress = { session: upload.session, offset: 0 };
  let failures = 0;
  while (progress.offset < blob.descriptor.size) {
    const before = progress;
    const sent = await sendFrom(place, blob, before);
    progress = sent.progress;
    failures = progress.offset > before.offset ? 1 : failures + 1;
    if (sent.failure === undefined) refuseEndless(place, failures);
    else progress = await recover(place, { ...sent, blob, failures }, context);
  }
  await close(place, blob, progress.session);
}

/** A chunk that failed, after how many that failed in a row. */
interface Failed {
  readonly progress: Progress;
  readonly failure?: unknown;
  readonly blob: Outgoing;
  readonly failures: number;
}

/** Waits for the next attempt at a chunk; gives where it begins. */
async function recover(place: Place, failed: Failed, context: RequestContext): Promise<Progress> {
  const { progress, failure, blob, failures } = failed;
  if (blob.failure()) throw failure;
  if (isTooLong(failure) && shortenChunks(place, progress.session)) return progress;
  // A token that ended has been forgotten by now: the chunk passes with a new one, or never.
  if (!isUnauthorized(failure) || failures > 1) await backOff(context, failures, failure);
  // A registry that cannot say how far it is has failed with the chunk: the upload starts over.
  return askProgress(place, progress).catch(() => {
    throw failure;
  });
}

async function sendFrom(
  place: Place,
  { descriptor, open }: Outgoing,
  start: Progress,
): Promise<{ readonly progress: Progress; readonly failure?: unknown }> {
  const length = chunkLength(place, start.session);
  const bytes = new ByteQueue(await open());
  let progress = start;
  try {
    await bytes.skip(start.offset);
    while (progress.offset < descriptor.size) {
      const size = Math.min(length, descriptor.size - progress.offset);
      const end = progress.offset + size;
      progress = await sendChunk(place, progress, { bytes, size });
      // The bytes of this chunk are gone: the source has to be opened anew.
      if (progress.isMoved) return { progress };
      if (progress.offset !== end) throw notStored(descriptor, progress.offset, end);
    }
    return { progress };
  } catch (failure) {
    return { progress, failure };
  } finally {
    await bytes.close();
  }
}

async function sendChunk(
  place: Place,
  { session, offset }: Progress,
  { bytes, size }: { readonly bytes: ByteQueue; readonly size: number },
): Promise<Progress> {
  const answer = await place.host.once({
    method: 'PATCH',
    at: session.at,
    access: pushAccess(place),
    headers: {
      'content-type': 'application/octet-stream',
      'content-length': String(size),
      'content-range': `${offset}-${offset + size - 1}`,
    },
    body: async () => bytes.pieces(size),
    isOnceOnly: true,
  });
  const url = await nextHop(answer, 0);
  if (url) return { session: { ...session, at: url }, offset, isMoved: true };
  // ECR answers 201 to each chunk.
  await expectStatus(answer, 202, 201, 204);
  await answer.drop();
  return readProgress(answer, { session, offset: offset + size });
}

/** Reads how many bytes the registry has; without a statement the expected number counts. */
function readProgress(answer: Answer, believed: Progress): Progress {
  const end = /^(?:bytes=)?0-(\d+)$/.exec(answer.header('range') ?? '')?.[1];
  const hasLocation = answer.header('location') !== undefined;
  const session = hasLocation ? readSession(answer) : believed.session;
  const { chunkMinLength } = believed.session;
  return {
    session: { at: session.at, chunkMinLength },
    offset: end === undefined ? believed.offset : lengthOf(Number(end), believed.offset),
  };
}

/** Registries answer "0-0" for an upload of one byte, and for one without any. */
function lengthOf(end: number, believed: number): number {
  return end === 0 && believed !== 1 ? 0 : end + 1;
}

async function askProgress(place: Place, last: Progress): Promise<Progress> {
  const access = pushAccess(place);
  const answer = await place.host.once({ method: 'GET', at: last.session.at, access });
  await expectStatus(answer, 204, 200, 202);
  await answer.drop();
  return readProgress(answer, last);
}

async function close(
  place: Place,
  { descriptor }: Outgoing,
  session: UploadSession,
): Promise<void> {
  const answer = await place.host.once({
    method: 'PUT',
    at: closingUrl(session, descriptor.digest),
    access: pushAccess(place),
    headers: { 'content-length': '0' },
    isCommit: true,
  });
  await expectStatus(answer, 201, 200, 204);
  await answer.drop();
}

function notStored({ digest }: Descriptor, actual: number, expected: number): ContentError {
  return new ContentError('TRUNCATED', `The registry did not store a chunk of ${digest} whole.`, {
    expected: `${expected} bytes`,
    actual: `${actual} bytes`,
  });
}

function chunkLength({ host }: Place, { chunkMinLength = 0 }: UploadSession): number {
  return Math.max(host.quirks.chunkLength ?? defaultChunkLength, chunkMinLength);
}

/** Tells whether shorter chunks are left to try. */
function shortenChunks(place: Place, session: UploadSession): boolean {
  const length = chunkLength(place, session);
  const shorter = Math.max(length / 2, leastChunkLength);
  place.host.quirks.chunkLength = shorter;
  return chunkLength(place, session) < length;
}

function isTooLong(failure: unknown): boolean {
  return failure instanceof RegistryError && failure.status === 413;
}

function refuseEndless({ host, name }: Place, moves: number): void {
  if (moves <= maxRedirects) return;
  throw new RegistryError(
    'UNEXPECTED_STATUS',
    `${host.registry} redirects an upload to ${name} too often.`,
    { hint: `Check the external URL in the configuration of ${host.registry}.` },
  );
}

function isUnauthorized(failure: unknown): boolean {
  return failure instanceof RegistryError && failure.status === 401;
}
