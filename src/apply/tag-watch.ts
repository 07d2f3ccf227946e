import { MirrorError, messageOf } from '../errors.ts';
import { walk } from '../mirror/index.ts';
import type { Digest } from '../oci/index.ts';
import { findManifest, type Repository } from '../registry/index.ts';
import type { UndoRecord } from '../state/index.ts';
import type { Endpoints } from './endpoints.ts';
import { putManifests } from './repair.ts';

/** The facts that a watch works with. */
export interface WatchOptions {
  readonly repository: Repository;
  readonly manifests: Endpoints['manifests'];
  /** Tags that were seen when all was decided. */
  readonly seen: Iterable<string>;
  /** Manifests as they were stored before the first delete. */
  readonly records: readonly UndoRecord[];
}

/** Stored manifests of what was deleted: a whole image with all below it, or a child by itself. */
function storedOf(digest: Digest, records: readonly UndoRecord[]): UndoRecord['manifests'] {
  const whole = records.find(({ placement }) => placement.digest === digest);
  if (whole) return whole.manifests;
  const all = records.flatMap(({ manifests }) => manifests);
  return all.filter((stored) => stored.digest === digest).slice(0, 1);
}

function isOfContent(thrown: unknown): thrown is MirrorError {
  return thrown instanceof MirrorError && thrown.code !== 'CANCELLED';
}

/** Watches the tags of one repository while manifests of it are deleted. */
export class TagWatch {
  /** Notes for the result. */
  readonly notes: string[] = [];
  readonly #options: WatchOptions;
  readonly #known: Set<string>;
  /** The new tag that names a manifest, or something above it. */
  readonly #holders = new Map<Digest, string>();
  readonly #deleted = new Set<Digest>();
  /** The digest that was deleted since the last look. */
  #last: Digest | undefined;
  #hasLooked = false;
  /** A new tag of which nobody can read what it names: it may name anything. */
  #unreadable: string | undefined;

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#known = new Set(options.seen);
  }

  /**
   * Reads the tags again and looks at those that nobody had seen.
   *
   * Gives `incomplete` when the list leaves tags out, so that nobody knows what they name.
   * Effects: what a new tag names and what was deleted since is put back.
   */
  async look(): Promise<'complete' | 'incomplete'> {
    const isFirst = !this.#hasLooked;
    this.#hasLooked = true;
    const found = await this.#options.repository.tags.survey(isFirst ? [] : undefined);
    // A repository that lost its last tag is unknown to some registries.
    if (!found) return isFirst ? 'incomplete' : 'complete';
    for (const tag of found.tags) {
      if (this.#known.has(tag)) continue;
      this.#known.add(tag);
      await this.#examine(tag);
    }
    this.#last = undefined;
    return found.list;
  }

  /** Gives the new tag that names a manifest, or something above it. */
  holderOf(digest: Digest): string | undefined {
    return this.#holders.get(digest) ?? this.#unreadable;
  }

  /** Remembers what was deleted last. */
  noteDeleted(digest: Digest): void {
    this.#last = digest;
    this.#deleted.add(digest);
  }

  async #examine(tag: string): Promise<void> {
    const named = await findManifest(this.#options.repository, tag);
    if (named) {
      await this.#keep(tag, named.digest).catch((thrown) => {
        if (!isOfContent(thrown)) throw thrown;
        this.#unreadable = tag;
      });
    } else if (this.#last !== undefined && this.#deleted.has(this.#last)) {
      // It is listed and names nothing: what it named is what went since the last look.
      await this.#restore(this.#last, tag, { tag });
    }
  }

  /** Remembers what a new tag needs; what of that was deleted is put back. */
  async #keep(tag: string, named: Digest): Promise<void> {
    const { repository, manifests } = this.#options;
    const read = (digest: Digest) => manifests.read(repository, digest);
    for (const { digest, manifest } of await walk(named, { read })) {
      this.#holders.set(digest, tag);
      if (manifest?.subject) this.#holders.set(manifest.subject.digest, tag);
      if (this.#deleted.has(digest)) await this.#restore(digest, tag, {});
    }
  }

  async #restore(digest: Digest, tag: string, under: { readonly tag?: string }): Promise<void> {
    const { repository, records } = this.#options;
    const place = `${repository.name}:${tag}`;
    try {
      await putManifests(repository, storedOf(digest, records), { ...under, digest });
      this.#deleted.delete(digest);
      this.#holders.set(digest, tag);
      this.notes.push(`Somebody set ${place} on an image while that was deleted; it was put back.`);
    } catch (thrown) {
      if (!isOfContent(thrown)) throw thrown;
      this.notes.push(
        `Somebody set ${place} on ${digest} while that was deleted; it could not be put back: ${messageOf(thrown)}`,
      );
    }
  }
}
