import { RegistryError } from '../errors.ts';
import { deleteReference } from './manifests.ts';
import { type Place, type Places, readFrom } from './place.ts';
import type { TagStore } from './repository.ts';
import { expectStatus, nextPage, readJson } from './response.ts';

/** A page of some hundred thousand tags; a longer one is no list. */
const maxPageBytes = 32 * 1024 * 1024;
/** A registry that names ever new pages would keep us for ever. */
const maxPages = 10_000;

interface Page {
  readonly tags: readonly string[];
  readonly next: URL | undefined;
}

/** Gives the tags of a repository. @see distribution-spec v1.1, end-8, end-9 */
export function createTagStore(places: Places): TagStore {
  return {
    // The last place is the registry itself, or what stands for it where it is blocked.
    list: async () => readFrom(places.toRead('tag').at(-1) ?? places.origin, listTags),
    delete: (tag) => deleteReference(places.origin, tag),
  };
}

async function listTags(place: Place): Promise<readonly string[] | undefined> {
  const tags: string[] = [];
  const seen = new Set<string>();
  let at: string | URL | undefined = `/v2/${place.name}/tags/list`;
  while (at !== undefined) {
    const page: Page | undefined = await readPage(place, at);
    if (!page) return undefined;
    tags.push(...page.tags);
    at = page.next;
    if (at && (seen.has(at.href) || seen.size === maxPages)) throw endless(place);
    if (at) seen.add(at.href);
  }
  return tags;
}

function readPage({ host, name }: Place, at: string | URL): Promise<Page | undefined> {
  const access = { repository: name, verb: 'pull' } as const;
  return host.call({ method: 'GET', at, access }, async (answer) => {
    if (answer.status === 404) {
      await answer.drop();
      return undefined;
    }
    await expectStatus(answer, 200);
    const { tags } = await readJson(answer, maxPageBytes);
    const named = Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : [];
    return { tags: named, next: nextPage(answer) };
  });
}

function endless({ host, name }: Place): RegistryError {
  return new RegistryError(
    'UNEXPECTED_STATUS',
    `${host.registry} lists the tags of ${name} without end.`,
    { hint: `Check the version of ${host.registry}: its pages never come to a last one.` },
  );
}
