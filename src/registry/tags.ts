import { RegistryError } from '../errors.ts';
import { tagPattern } from '../oci/index.ts';
import { deleteReference } from './manifests.ts';
import { type Place, type Places, readFrom } from './place.ts';
import type { TagStore, TagSurvey } from './repository.ts';
import { expectStatus, nextPage, readJson } from './response.ts';

/** A page of some hundred thousand tags; a longer one is no list. */
const maxPageBytes = 32 * 1024 * 1024;
/** Bounds a registry that names new pages without end. */
const maxPages = 10_000;
/** Pages in a row that bring no new tag. */
const maxIdlePages = 10;
/** Tags behind which a survey looks for others, in one repository. */
const maxDoubts = 16;

interface Page {
  readonly tags: readonly string[];
  readonly next: URL | undefined;
  /** The page was read, and something in it is wrong. */
  readonly fault: RegistryError | undefined;
}

/** All pages of a list, as far as they could be read. */
interface Pages {
  readonly tags: Set<string>;
  /** Tags of the first page. */
  readonly pageSize: number;
  fault: RegistryError | undefined;
}

/** Gives the tags of a repository. @see distribution-spec v1.1, end-8, end-9 */
export function createTagStore(places: Places): TagStore {
  // The last place is the registry itself, or what stands for it where it is blocked.
  const place = () => places.toRead('tag').at(-1) ?? places.origin;
  return {
    list: async () => {
      const pages = await readFrom(place(), readPages);
      if (pages?.fault) throw pages.fault;
      return pages && [...pages.tags];
    },
    survey: async (doubts) => await readFrom(place(), (at) => survey(at, doubts)),
    delete: (tag) => deleteReference(places.origin, tag),
  };
}

const listOf = ({ name }: Place): string => `/v2/${name}/tags/list`;

async function readPages(place: Place): Promise<Pages | undefined> {
  const first = await readPage(place, listOf(place));
  if (!first) return undefined;
  const pages: Pages = { tags: new Set(), pageSize: first.tags.length, fault: undefined };
  const seen = new Set<string>();
  let page: Page = first;
  for (let idle = 0; ; ) {
    idle = addTags(pages.tags, page.tags) > 0 ? 0 : idle + 1;
    pages.fault ??= page.fault;
    const at = page.next;
    if (!at) return pages;
    if (seen.has(at.href) || seen.size === maxPages || idle === maxIdlePages) {
      pages.fault ??= endless(place);
      return pages;
    }
    seen.add(at.href);
    const next = await readNext(place, at);
    if (next instanceof RegistryError) {
      if (isUnanswered(next)) throw next;
      pages.fault ??= next;
      return pages;
    }
    page = next;
  }
}

/** Adds tags; gives how many of them are new. */
function addTags(known: Set<string>, tags: readonly string[]): number {
  const before = known.size;
  for (const tag of tags) known.add(tag);
  return known.size - before;
}

/** A page that the registry itself named and does not have is no end of the list. */
async function readNext(place: Place, at: string | URL): Promise<Page | RegistryError> {
  try {
    return (await readPage(place, at)) ?? lostPage(place, at);
  } catch (thrown) {
    if (thrown instanceof RegistryError) return thrown;
    throw thrown;
  }
}

/** Tells whether an answer is neither a result nor a refusal: another attempt may give one. */
function isUnanswered({ status, code }: RegistryError): boolean {
  if (status === undefined) return code !== 'UNEXPECTED_STATUS';
  return status >= 500 || status === 429 || status === 408;
}

function readPage({ host, name }: Place, at: string | URL): Promise<Page | undefined> {
  const access = { repository: name, verb: 'pull' } as const;
  return host.call({ method: 'GET', at, access }, async (answer) => {
    if (answer.status === 404) {
      await answer.drop();
      return undefined;
    }
    await expectStatus(answer, 200);
    const { name: said, tags = said === undefined ? undefined : null } = await readJson(
      answer,
      maxPageBytes,
    );
    const all: readonly unknown[] = Array.isArray(tags) ? tags : [];
    const named = all.filter((tag) => typeof tag === 'string' && tagPattern.test(tag)) as string[];
    const isList = (Array.isArray(tags) || tags === null) && named.length === all.length;
    const page = { tags: named, next: undefined, fault: isList ? undefined : noList(host, name) };
    try {
      return { ...page, next: nextPage(answer) };
    } catch (thrown) {
      if (!(thrown instanceof RegistryError)) throw thrown;
      return { ...page, fault: thrown };
    }
  });
}

/**
 * Asks for the tags after a tag.
 *
 * A registry that does not support the question gives none; one that fails leaves it open, which is `undefined`.
 */
async function askAfter(
  place: Place,
  last: string,
  size: number,
): Promise<readonly string[] | undefined> {
  const query = new URLSearchParams({ last, n: String(Math.max(1, size)) });
  const page = await readNext(place, `${listOf(place)}?${query}`);
  if (page instanceof RegistryError) return isUnanswered(page) ? undefined : [];
  return page.tags;
}

/**
 * Tells whether an answer goes on where the list ended, or is the whole list from a registry that ignores the question; no tag
 * of it may hide behind one that was listed.
 */
function isFitting(page: readonly string[], last: string, known: ReadonlySet<string>): boolean {
  const news = page.filter((tag) => !known.has(tag));
  if (news.some((tag) => prefixesOf(tag).some((prefix) => known.has(prefix)))) return false;
  return news.length === page.length
    ? news.every((tag) => tag > last)
    : new Set(page).size === news.length + known.size;
}

function prefixesOf(tag: string): string[] {
  return Array.from(tag.slice(1), (_, index) => tag.slice(0, index + 1));
}

async function survey(place: Place, doubts?: readonly string[]): Promise<TagSurvey | undefined> {
  const pages = await readPages(place);
  if (!pages) return undefined;
  const { tags, pageSize, fault } = pages;
  const end = doubts || fault ? await readEnd(place, tags, pageSize) : 'nothing';
  let isComplete = end === 'continued' || (end === 'nothing' && fault === undefined);
  const listed = (doubts ?? []).filter((tag) => tags.has(tag)).slice(0, maxDoubts);
  for (const last of listed) {
    const page = await askAfter(place, last, 1);
    if (!page || addTags(tags, page) > 0) isComplete = false;
  }
  return { tags: [...tags], list: isComplete ? 'complete' : 'incomplete' };
}

/** Reads on after the last tag until nothing comes; adds what comes. `unlike`: it does not fit what the list had. */
async function readEnd(
  place: Place,
  tags: Set<string>,
  pageSize: number,
): Promise<'nothing' | 'continued' | 'unlike'> {
  let found: 'nothing' | 'continued' = 'nothing';
  let last = [...tags].at(-1);
  for (let turn = 0; last !== undefined && turn < maxPages; turn += 1) {
    const page = await askAfter(place, last, pageSize);
    if (!page) return 'unlike';
    const fits = isFitting(page, last, tags);
    if (addTags(tags, page) === 0) return found;
    if (!fits) return 'unlike';
    found = 'continued';
    last = page.at(-1);
  }
  return found;
}

function endless({ host, name }: Place): RegistryError {
  return new RegistryError(
    'UNEXPECTED_STATUS',
    `${host.registry} lists the tags of ${name} without end.`,
    { hint: `Check the version of ${host.registry}: its pages never come to a last one.` },
  );
}

function lostPage({ host, name }: Place, at: string | URL): RegistryError {
  const page = typeof at === 'string' ? at : `${at.pathname}${at.search}`;
  return new RegistryError(
    'UNEXPECTED_STATUS',
    `${host.registry} names a next page of the tags of ${name} and answers 404 to it (${page}).`,
    {
      status: 404,
      hint: `Check the address that ${host.registry}, or a proxy before it, writes into its Link headers.`,
    },
  );
}

function noList({ registry }: Place['host'], name: string): RegistryError {
  return new RegistryError(
    'UNEXPECTED_STATUS',
    `${registry} answers with something else than a list of the tags of ${name}.`,
    { hint: `Check that ${registry} is a registry, and its version.` },
  );
}
