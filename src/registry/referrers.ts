import {
  type Descriptor,
  type Digest,
  maxManifestBytes,
  parseManifest,
  referrersTag,
  successors,
} from '../oci/index.ts';
import { type Place, type Places, readTied } from './place.ts';
import type { ManifestStore, ReferrerStore } from './repository.ts';
import { errorFrom, nextPage, readBytes } from './response.ts';

const maxPages = 1_000;
/** Statuses by which a registry says that it does not know the endpoint, for good. */
const unknownEndpoint: readonly number[] = [400, 404, 405, 406];

interface Page {
  readonly referrers: readonly Descriptor[];
  readonly next: URL | undefined;
}

/**
 * Gives what refers to the manifests of a repository.
 *
 * Effects: a registry without the API is asked for it once, later only for the tag that stands in for it.
 * @see distribution-spec v1.1, end-12 and "Referrers Tag Schema"
 */
export function createReferrerStore(places: Places, manifests: ManifestStore): ReferrerStore {
  return {
    async list(subject) {
      const listed = await readTied(places.toRead('digest'), (place) => listByApi(place, subject));
      if (listed) return listed;
      const index = await manifests.fetch(referrersTag(subject));
      // Mirrors use such tags for images too: an index there may be the subject itself, and its children are no referrers.
      const isOther = index !== undefined && index.descriptor.digest !== subject;
      return isOther ? successors(index).children : [];
    },
  };
}

async function listByApi(place: Place, subject: Digest): Promise<Descriptor[] | undefined> {
  if (place.host.quirks.lacksReferrersApi) return undefined;
  const referrers: Descriptor[] = [];
  let at: string | URL | undefined = `/v2/${place.name}/referrers/${subject}`;
  for (let pages = 0; at !== undefined && pages < maxPages; pages += 1) {
    const page: Page | undefined = await readPage(place, at);
    if (!page) return undefined;
    for (const one of page.referrers) referrers.push(one);
    at = page.next;
  }
  return referrers;
}

function readPage({ host, name }: Place, at: string | URL): Promise<Page | undefined> {
  const access = { repository: name, verb: 'pull' } as const;
  return host.call({ method: 'GET', at, access }, async (answer) => {
    // Any refusal leads to the tag, which is read like every other manifest.
    if (answer.status !== 200) {
      const { specCodes } = await errorFrom(answer);
      // A registry with the API may say 404 of a repository that it does not have.
      const isUnknown = unknownEndpoint.includes(answer.status);
      if (isUnknown && !specCodes.includes('NAME_UNKNOWN')) host.quirks.lacksReferrersApi = true;
      return undefined;
    }
    const index = parseManifest(
      await readBytes(answer, maxManifestBytes),
      answer.header('content-type'),
    );
    return { referrers: successors(index).children, next: nextPage(answer) };
  });
}
