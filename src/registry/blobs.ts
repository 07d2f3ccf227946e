import { ContentError } from '../errors.ts';
import type { Descriptor, Digest } from '../oci/index.ts';
import { type BlobBody, verifiedStream } from './blob-stream.ts';
import { mountBlob } from './mount.ts';
import { watchSource } from './outgoing.ts';
import { type Place, type Places, readFirst } from './place.ts';
import type { BlobStore } from './repository.ts';
import { errorFrom, expectStatus } from './response.ts';
import type { Answer } from './transport.ts';
import { pushBlob } from './upload.ts';
import type { Wire } from './wire.ts';

/** Gives the blobs of a repository. @see distribution-spec v1.1, end-2, end-4 to end-6, end-11 */
export function createBlobStore(places: Places, wire: Wire): BlobStore {
  return {
    async exists(digest) {
      const found = await readFirst(places.toRead('digest'), (place) => hasBlob(place, digest));
      return found ?? false;
    },
    fetch: (descriptor) => fetchBlob(places, descriptor, wire),
    push: (descriptor, open) => pushBlob(places.origin, watchSource(descriptor, open), wire),
    mount: (digest, from) => mountBlob(places.origin, digest, from),
  };
}

function hasBlob({ host, name }: Place, digest: Digest): Promise<true | undefined> {
  const access = { repository: name, verb: 'pull' } as const;
  return host.call(
    { method: 'HEAD', at: `/v2/${name}/blobs/${digest}`, access },
    async (answer) => {
      await answer.drop();
      if (answer.status === 404) return undefined;
      await expectStatus(answer, 200);
      return true;
    },
  );
}

interface Opened extends BlobBody {
  readonly place: Place;
}

async function fetchBlob(
  places: Places,
  descriptor: Descriptor,
  wire: Wire,
): Promise<AsyncIterable<Uint8Array>> {
  const candidates = places.toRead('digest');
  const last = candidates.at(-1);
  const first = await readFirst<Opened>(candidates, (place) =>
    place.host.call(request(place, descriptor.digest, 0), async (answer) => {
      // The last place's 404 is an error and not an absence: a manifest promised this blob.
      if (answer.status !== 404 || place === last) await expectStatus(answer, 200);
      else await answer.drop();
      return answer.status === 404 ? undefined : { answer, skip: 0, place };
    }),
  );
  const { place, ...body } = first as Opened;
  return verifiedStream(descriptor, {
    first: body,
    patience: wire,
    async reopen(offset) {
      const { digest } = descriptor;
      return resumed(await place.host.once(request(place, digest, offset)), { digest, offset });
    },
  });
}

function request({ name }: Place, digest: Digest, offset: number) {
  return {
    method: 'GET',
    at: `/v2/${name}/blobs/${digest}`,
    access: { repository: name, verb: 'pull' },
    headers: offset === 0 ? {} : { range: `bytes=${offset}-` },
  } as const;
}

/** A registry that ignores the range starts again, and what was given before is skipped. */
async function resumed(
  answer: Answer,
  { digest, offset }: { readonly digest: Digest; readonly offset: number },
): Promise<BlobBody> {
  if (answer.status === 200) return { answer, skip: offset };
  const range = answer.header('content-range');
  if (answer.status === 206 && range?.startsWith(`bytes ${offset}-`)) return { answer, skip: 0 };
  const error = await errorFrom(answer);
  if (answer.status !== 416 && answer.status !== 206) throw error;
  throw new ContentError('SIZE_MISMATCH', `The blob ${digest} is shorter than its manifest says.`, {
    actual: `${offset} bytes`,
    cause: error,
    hint: 'The content in the registry is damaged: its publisher has to push it again.',
  });
}
