import {
  type FakeRegistry,
  missingContent,
  type Store,
  type StoredRepository,
  storedManifest,
} from '../../src/fake-registry/index.ts';

/** Gives the digests that a tag or digest of a repository promises and that are not there. */
function missingBelow(repository: StoredRepository, reference: string): readonly string[] {
  const manifest = storedManifest(repository, reference);
  if (!manifest) return [reference];
  const missing = missingContent(repository, manifest);
  const children = manifest.kind === 'index' ? manifest.manifests : [];
  return [...missing, ...children.flatMap(({ digest }) => missingBelow(repository, digest))];
}

/** Gives every tag of a registry that does not pull whole: `repository:tag lacks <digest>`. */
export function brokenTags(store: Store): string[] {
  return [...store].flatMap(([name, repository]) =>
    [...repository.tags.keys()].flatMap((tag) =>
      missingBelow(repository, tag).map((digest) => `${name}:${tag} lacks ${digest}`),
    ),
  );
}

/** The repository of the state: what it holds says what happened, and is no part of the mirror. */
const isState = (name: string) => name.endsWith('imageset-mirror/state');

/** Gives what a registry's users see: every tag with its digest, `repository:tag` each, sorted. */
export function tagsOf({ store }: Pick<FakeRegistry, 'store'>): Record<string, string> {
  const tags = [...store]
    .filter(([name]) => !isState(name))
    .flatMap(([name, repository]) =>
      [...repository.tags].map(([tag, digest]) => [`${name}:${tag}`, digest] as const),
    );
  return Object.fromEntries(tags.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Gives the tags, and the manifests that lie there whether or not a tag leads to them. */
export function contentOf(fake: Pick<FakeRegistry, 'store'>) {
  const manifests = [...fake.store]
    .filter(([name]) => !isState(name))
    .flatMap(([name, repository]) => [...repository.manifests.keys()].map((d) => `${name}@${d}`));
  return { tags: tagsOf(fake), manifests: manifests.sort() };
}

/** Takes a copy of everything, so that it can be put back by {@link restoreStore}. */
export function copyStore(store: Store): Store {
  return new Map(
    [...store].map(([name, { blobs, manifests, tags }]) => [
      name,
      {
        blobs: new Map(blobs),
        manifests: new Map(manifests),
        tags: new Map(tags),
        uploads: new Map(),
      },
    ]),
  );
}

/** Makes a registry hold what a copy holds, and nothing else. */
export function restoreStore(store: Store, copy: Store): void {
  store.clear();
  for (const [name, repository] of copyStore(copy)) store.set(name, repository);
}
