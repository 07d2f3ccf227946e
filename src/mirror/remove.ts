import { mapParallel, oneChunk } from '../base/index.ts';
import { RegistryError } from '../errors.ts';
import type { Digest } from '../oci/index.ts';
import { type Deletion, findManifest, type Repository } from '../registry/index.ts';
import { createPlaceholder, placeholderBlobs } from './placeholder.ts';

/** Something a registry may or may not be able to do. */
type Ability = 'unknown' | 'yes' | 'no';

/** Finds out once whether a registry can do something: the first asks alone, so that it is not asked by all at once. */
class Capability {
  #ability: Ability = 'unknown';
  #first: Promise<unknown> | undefined;

  get ability(): Ability {
    return this.#ability;
  }

  /** Does work that gives `undefined` where the registry cannot; then it is never tried again. */
  async use<Result>(work: () => Promise<Result | undefined>): Promise<Result | undefined> {
    while (this.#ability === 'unknown' && this.#first) await this.#first.catch(() => undefined);
    if (this.#ability === 'no') return undefined;
    const outcome = work();
    if (this.#ability === 'unknown') this.#first = outcome;
    try {
      const result = await outcome;
      this.#ability = result === undefined ? 'no' : 'yes';
      return result;
    } finally {
      this.#first = undefined;
    }
  }
}

/** A tag, and what it names. */
export interface TaggedDigest {
  readonly tag: string;
  readonly digest: Digest;
}

/**
 * How a tag was removed; `replaced`: by way of a placeholder. `unsupported` and `immovable`: it is still there, and the
 * registry deletes nothing, or neither removes nor moves a tag.
 */
export type Untagging =
  | { readonly is: 'untagged' | 'replaced' | 'absent' | 'unsupported' }
  | { readonly is: 'failed' | 'immovable'; readonly error: unknown };

/** Removes manifests and tags from the repositories of one registry, and remembers what it cannot do. */
export interface Remover {
  /** Deletes a manifest, and with it every tag of it. */
  delete(repository: Repository, digest: Digest): Promise<Deletion | 'unsupported'>;
  /**
   * Removes tags and leaves the manifests that they name in place.
   *
   * Shape: what became of each, by tag. Order: the registry's own removal of tags; where it answers that it has none, one
   * placeholder takes over all the tags and is deleted once; where the registry deletes nothing, the tags are put back. Never
   * to be called while manifests of the repository are being deleted: registries read all tags for that, and stumble over
   * one that is just being written.
   */
  untag(
    repository: Repository,
    tagged: readonly TaggedDigest[],
  ): Promise<ReadonlyMap<string, Untagging>>;
}

/** The abilities of a registry, as far as a remover knows them. */
interface Abilities {
  readonly deletes: Capability;
  readonly untags: Capability;
  /** Requests in flight. */
  readonly parallel: number;
}

type Results = Map<string, Untagging>;

/** Gives `undefined` where the registry answers by name that it cannot. */
async function ifSupported<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await work();
  } catch (thrown) {
    if (thrown instanceof RegistryError && thrown.code === 'UNSUPPORTED') return undefined;
    throw thrown;
  }
}

/** Statuses by which registries say that a tag which is set cannot be moved. */
const immovable: readonly number[] = [400, 405, 409, 412];

/** Gives the answer by which a registry says that a tag which is set cannot be moved. */
async function refusalToMove(work: () => Promise<void>): Promise<RegistryError | undefined> {
  try {
    await work();
    return undefined;
  } catch (thrown) {
    if (thrown instanceof RegistryError && immovable.includes(thrown.status ?? 0)) return thrown;
    throw thrown;
  }
}

/** Does something for each tag; what fails belongs to its tag alone. Gives the tags for which it did not fail. */
async function forEachTag(
  tagged: readonly TaggedDigest[],
  { parallel, results }: { readonly parallel: number; readonly results: Results },
  work: (one: TaggedDigest) => Promise<void>,
): Promise<TaggedDigest[]> {
  const attempt = async (one: TaggedDigest): Promise<void> => {
    try {
      await work(one);
    } catch (error) {
      results.set(one.tag, { is: 'failed', error });
    }
  };
  await mapParallel(tagged, parallel, attempt);
  return tagged.filter(({ tag }) => results.get(tag)?.is !== 'failed');
}

async function bringBlobs({ blobs }: Repository): Promise<void> {
  for (const { bytes, descriptor } of placeholderBlobs) {
    if (await blobs.exists(descriptor.digest)) continue;
    await blobs.push(descriptor, async () => oneChunk(bytes));
  }
}

/** Every tag names the placeholder before it is deleted; when that cannot be, they have to name their images again. */
async function replaceAll(
  repository: Repository,
  tagged: readonly TaggedDigest[],
  { abilities, results }: { readonly abilities: Abilities; readonly results: Results },
): Promise<void> {
  const { deletes, parallel } = abilities;
  const { manifests } = repository;
  const each = { parallel, results };
  if (deletes.ability === 'no') {
    for (const { tag } of tagged) results.set(tag, { is: 'unsupported' });
    return;
  }
  const placeholder = createPlaceholder(repository.name);
  await bringBlobs(repository);
  const moved = await forEachTag(tagged, each, async ({ tag }) => {
    const error = await refusalToMove(() => manifests.push(placeholder, tag));
    if (error) results.set(tag, { is: 'immovable', error });
  });
  const replaced = moved.filter(({ tag }) => !results.has(tag));
  if (replaced.length === 0) return;
  const gone = await deletes.use(() =>
    ifSupported(() => manifests.delete(placeholder.descriptor.digest)),
  );
  if (gone !== undefined) {
    for (const { tag } of replaced) results.set(tag, { is: 'replaced' });
    return;
  }
  await forEachTag(replaced, each, async ({ tag, digest }) => {
    const original = await manifests.fetch(digest);
    if (original) await manifests.push(original, tag);
    results.set(tag, { is: 'unsupported' });
  });
}

/** Removes tags by the registry's own means; gives those that it leaves. */
async function untagEach(
  repository: Repository,
  tagged: readonly TaggedDigest[],
  { abilities, results }: { readonly abilities: Abilities; readonly results: Results },
): Promise<TaggedDigest[]> {
  const each = { parallel: abilities.parallel, results };
  const left = await forEachTag(tagged, each, async ({ tag }) => {
    const deletion = await abilities.untags.use(() =>
      ifSupported(() => repository.tags.delete(tag)),
    );
    if (deletion === 'deleted') results.set(tag, { is: 'untagged' });
    if (deletion !== 'absent') return;
    // Some say 404 to whatever they do not know, this kind of request included.
    if (!(await findManifest(repository, tag))) results.set(tag, { is: 'absent' });
  });
  return left.filter(({ tag }) => !results.has(tag));
}

/** Creates a remover for the repositories of one registry; `parallel` bounds its requests in flight. */
export function createRemover(parallel: number): Remover {
  const abilities: Abilities = { deletes: new Capability(), untags: new Capability(), parallel };
  return {
    async delete({ manifests }, digest) {
      const deletion = await abilities.deletes.use(() =>
        ifSupported(() => manifests.delete(digest)),
      );
      return deletion ?? 'unsupported';
    },
    async untag(repository, tagged) {
      const results: Results = new Map();
      const context = { abilities, results };
      const left = await untagEach(repository, tagged, context);
      if (left.length === 0) return results;
      try {
        await replaceAll(repository, left, context);
      } catch (error) {
        for (const { tag } of left) {
          if (!results.has(tag)) results.set(tag, { is: 'failed', error });
        }
      }
      return results;
    },
  };
}
