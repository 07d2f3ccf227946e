import { ContentError, RegistryError } from '../errors.ts';
import type { Descriptor, Digest } from '../oci/index.ts';
import { type BlobBody, verifiedStream } from './blob-stream.ts';
import type { Call } from './host.ts';
import { mountBlob } from './mount.ts';
import { watchSource } from './outgoing.ts';
import { type Place, type Places, readFirst } from './place.ts';
import type { BlobStore } from './repository.ts';
import type { RequestContext } from './request-context.ts';
import { errorFrom, expectStatus } from './response.ts';
import type { Answer } from './transport.ts';
import { pushBlob } from './upload.ts';

/** Gives the blobs of a repository. @see distribution-spec v1.1, end-2, end-4 to end-6, end-11 */
export function createBlobStore(places: Places, context: RequestContext): BlobStore {
  return {
    async exists(digest, size) {
      const found = await readFirst(places.toRead('digest'), (place) =>
        hasBlob(place, digest, size),
      );
      return found ?? false;
    },
    fetch: (descriptor) => fetchBlob(places, descriptor, context),
    push: (descriptor, open) => pushBlob(places.origin, watchSource(descriptor, open), context),
    mount: (digest, from) => mountBlob(places.origin, digest, from),
  };
}

/** Reads the size of a whole blob from an answer; `undefined`: the answer does not tell it. */
function wholeSize(answer: Answer): number | undefined {
  const [, total] = /\/(\d+)$/.exec(answer.header('content-range') ?? '') ?? [];
  if (answer.status !== 200) return total === undefined ? undefined : Number(total);
  const length = answer.header('content-length');
  const isCoded = answer.header('content-encoding') !== undefined;
  return length === undefined || isCoded ? undefined : Number(length);
}

/** A HEAD that is refused in any way, or tells another size, is followed by a GET of one byte. */
async function hasBlob(place: Place, digest: Digest, size?: number): Promise<true | undefined> {
  const isWhole = (answer: Answer) =>
    size === undefined || (wholeSize(answer) ?? size) === size ? true : undefined;
  const said = await place.host.once(request(place, digest, { method: 'HEAD' })).catch(ofRegistry);
  await said?.drop();
  if (said?.status === 404) return undefined;
  if (said?.status === 200 && isWhole(said)) return true;
  const first = request(place, digest, { range: 'bytes=0-0' });
  return place.host.call(first, async (answer) => {
    await answer.drop();
    if (answer.status === 404) return undefined;
    // An empty blob has no first byte.
    await expectStatus(answer, 200, 206, 416);
    return isWhole(answer);
  });
}

function ofRegistry(error: unknown): undefined {
  if (!(error instanceof RegistryError)) throw error;
}

interface Opened extends BlobBody {
  readonly place: Place;
}

async function fetchBlob(
  places: Places,
  descriptor: Descriptor,
  context: RequestContext,
): Promise<AsyncIterable<Uint8Array>> {
  const candidates = places.toRead('digest');
  const last = candidates.at(-1);
  const first = await readFirst<Opened>(candidates, (place) =>
    place.host.call(request(place, descriptor.digest), async (answer) => {
      // The last place's 404 is an error and not an absence: a manifest promised this blob.
      if (answer.status !== 404 || place === last) await expectStatus(answer, 200);
      else await answer.drop();
      return answer.status === 404 ? undefined : { answer, skip: 0, place };
    }),
  );
  const { place, ...body } = first as Opened;
  return verifiedStream(descriptor, {
    first: body,
    context: context,
    reopen: (offset) => reopenBlob(place, descriptor, offset),
  });
}

interface RequestOptions {
  readonly method?: 'GET' | 'HEAD';
  readonly range?: string;
}

function request({ name }: Place, digest: Digest, options: RequestOptions = {}): Call {
  const { method = 'GET', range } = options;
  return {
    method,
    at: `/v2/${name}/blobs/${digest}`,
    access: { repository: name, verb: 'pull' },
    headers: range === undefined ? {} : { range },
  };
}

/** Opens a blob again from a byte on; where the range is refused or ignored, what was given before is skipped. */
async function reopenBlob(
  place: Place,
  { digest, size }: Descriptor,
  offset: number,
): Promise<BlobBody> {
  const range = offset === 0 ? {} : { range: `bytes=${offset}-` };
  const answer = await place.host.once(request(place, digest, range));
  if (answer.status === 200) return { answer, skip: offset };
  const given = answer.header('content-range') ?? '';
  if (answer.status === 206 && given.startsWith(`bytes ${offset}-`)) return { answer, skip: 0 };
  const error = await errorFrom(answer);
  const stored = Number(/^bytes \*\/(\d+)$/.exec(given)?.[1] ?? Number.NaN);
  if (answer.status === 416 && stored < size) throw tooShort(digest, stored, error);
  if (offset === 0) throw error;
  const whole = await place.host.once(request(place, digest));
  await expectStatus(whole, 200);
  return { answer: whole, skip: offset };
}

function tooShort(digest: Digest, stored: number, cause: unknown): ContentError {
  return new ContentError(
    'SIZE_MISMATCH',
    `The blob ${digest} is shorter than its manifest says.`,
    {
      actual: `${stored} bytes`,
      cause,
      hint: 'The content in the registry is damaged: its publisher has to push it again.',
    },
  );
}
