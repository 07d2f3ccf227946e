import { RegistryError } from '../../src/errors.ts';
import { digestOf, type Manifest, successors } from '../../src/oci/index.ts';
import type { Repository } from '../../src/registry/index.ts';

/** The deeds that a repository in memory does not do. */
export interface MemoryRules {
  /** A tag may be made once and never moved. */
  immutable?: boolean;
  /** No tag may be made at all. */
  closed?: boolean;
  /** The things that it deletes. */
  deletes?: 'tags' | 'manifests' | 'nothing';
  /** Tags that it has and does not list. */
  omits?(tag: string): boolean;
}

/** A repository in memory that can be written; `done` tells what was asked of it, in order. */
export interface MemoryRepository extends Repository {
  readonly done: string[];
  readonly rules: MemoryRules;
  readonly tagged: Map<string, Manifest>;
  readonly stored: Map<string, Uint8Array>;
}

/** Makes an empty repository that takes a manifest only when it has all its blobs. */
export function memoryRepository(name = 'mirror/imageset-mirror/state'): MemoryRepository {
  const done: string[] = [];
  const tagged = new Map<string, Manifest>();
  const stored = new Map<string, Uint8Array>();
  const rules: MemoryRules = {};
  const refuse = (): never => {
    throw new Error('not asked for by a state store');
  };
  const status = (code: number) =>
    new RegistryError(code === 405 ? 'UNSUPPORTED' : 'UNEXPECTED_STATUS', `answered ${code}`, {
      status: code,
    });
  return {
    registry: 'memory',
    name,
    done,
    rules,
    tagged,
    stored,
    manifests: {
      async resolve(reference) {
        done.push(`resolve ${reference}`);
        return tagged.get(reference)?.descriptor;
      },
      async fetch(reference) {
        done.push(`fetch ${reference}`);
        return tagged.get(reference);
      },
      async push(manifest, tag) {
        done.push(`push manifest ${tag}`);
        for (const { digest } of successors(manifest).blobs) {
          if (!stored.has(digest)) throw new RegistryError('UNEXPECTED_STATUS', 'blob unknown');
        }
        const isMoved = tag !== undefined && tagged.has(tag);
        if (rules.closed || (rules.immutable && isMoved)) throw status(412);
        tagged.set(manifest.descriptor.digest, manifest);
        if (tag !== undefined) tagged.set(tag, manifest);
      },
      async delete(digest) {
        done.push('delete manifest');
        if (rules.deletes === 'nothing' || rules.deletes === 'tags') throw status(405);
        for (const [name, { descriptor }] of tagged) {
          if (descriptor.digest === digest) tagged.delete(name);
        }
        return 'deleted';
      },
    },
    blobs: {
      async exists(digest) {
        done.push('exists');
        return stored.has(digest);
      },
      async fetch({ digest }) {
        const bytes = stored.get(digest);
        if (!bytes) throw new RegistryError('NOT_FOUND', 'no such blob');
        return (async function* () {
          yield bytes.subarray(0, 10);
          yield bytes.subarray(10);
        })();
      },
      async push({ digest }, open) {
        const parts: Uint8Array[] = [];
        for await (const part of await open()) parts.push(part);
        const bytes = Buffer.concat(parts);
        if (digestOf(bytes) !== digest) throw new RegistryError('UNEXPECTED_STATUS', 'digest');
        done.push('push blob');
        stored.set(digest, bytes);
      },
      mount: refuse,
    },
    tags: {
      async list() {
        done.push('list');
        const tags = [...tagged.keys()].filter((tag) => !tag.includes(':'));
        return tags.length > 0 ? tags.filter((tag) => !rules.omits?.(tag)) : undefined;
      },
      survey: refuse,
      async delete(tag) {
        done.push(`delete ${tag}`);
        if (rules.deletes === 'nothing' || rules.deletes === 'manifests') throw status(405);
        return tagged.delete(tag) ? 'deleted' : 'absent';
      },
    },
    referrers: { list: refuse },
  };
}
