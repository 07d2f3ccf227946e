import { RegistryError } from '../errors.ts';
import type { Digest } from '../oci/index.ts';
import type { Deletion, Repository } from '../registry/index.ts';
import { createPlaceholder, emptyBlob } from './placeholder.ts';

/** A tag, and what it names. */
export interface TaggedDigest {
  readonly tag: string;
  readonly digest: Digest;
}

/** How a tag was removed; `replaced`: by way of a placeholder. `unsupported`: it is still there. */
export type Untagging = 'untagged' | 'replaced' | 'absent' | 'unsupported';

/** Removes manifests and tags from the repositories of one registry, and remembers what it cannot do. */
export interface Remover {
  /** Deletes a manifest, and with it every tag of it. */
  delete(repository: Repository, digest: Digest): Promise<Deletion | 'unsupported'>;
  /**
   * Removes a tag and leaves the manifest that it names in place.
   *
   * Order: the registry's own removal of tags; where it answers that it has none, a placeholder takes over the tag and is
   * deleted; where the registry deletes nothing, the tag is put back.
   */
  untag(repository: Repository, tagged: TaggedDigest): Promise<Untagging>;
}

type Ability = 'unknown' | 'yes' | 'no';

/** Gives `undefined` where the registry answers by name that it cannot. */
async function attempt<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await work();
  } catch (thrown) {
    if (thrown instanceof RegistryError && thrown.code === 'UNSUPPORTED') return undefined;
    throw thrown;
  }
}

/** Lets the first ask alone, so that a registry that cannot is not asked by all at once. */
class Skill {
  #ability: Ability = 'unknown';
  #first: Promise<unknown> | undefined;

  get ability(): Ability {
    return this.#ability;
  }

  async use<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
    while (this.#ability === 'unknown' && this.#first) await this.#first.catch(() => undefined);
    if (this.#ability === 'no') return undefined;
    const outcome = attempt(work);
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

/** Creates a remover for the repositories of one registry. */
export function createRemover(): Remover {
  const deletes = new Skill();
  const untags = new Skill();

  /** The tag names the placeholder now; when that cannot be deleted, the tag has to name its image again. */
  async function replace(repository: Repository, { tag, digest }: TaggedDigest) {
    if (deletes.ability === 'no') return 'unsupported' as const;
    const placeholder = createPlaceholder(`${repository.name}:${tag}`, digest);
    const isSafe = deletes.ability === 'yes';
    const original = isSafe ? undefined : await repository.manifests.fetch(digest);
    const { bytes, descriptor } = emptyBlob;
    if (!(await repository.blobs.exists(descriptor.digest))) {
      await repository.blobs.push(descriptor, async () => oneChunk(bytes));
    }
    await repository.manifests.push(placeholder, tag);
    const gone = await deletes.use(() =>
      repository.manifests.delete(placeholder.descriptor.digest),
    );
    if (gone !== undefined) return 'replaced' as const;
    if (original) await repository.manifests.push(original, tag);
    return 'unsupported' as const;
  }

  return {
    async delete(repository, digest) {
      return (await deletes.use(() => repository.manifests.delete(digest))) ?? 'unsupported';
    },
    async untag(repository, tagged) {
      const deletion = await untags.use(() => repository.tags.delete(tagged.tag));
      if (deletion === 'deleted') return 'untagged';
      // Some say 404 to whatever they do not know, this kind of request included.
      const isGone =
        deletion === 'absent' && (await repository.manifests.resolve(tagged.tag)) === undefined;
      return isGone ? 'absent' : await replace(repository, tagged);
    },
  };
}

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
