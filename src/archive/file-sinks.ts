import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { checkLimit, type Limit, temporaryName } from '../base/index.ts';
import type { FileSink } from '../content/index.ts';
import { ContentError } from '../errors.ts';
import { algorithmOf, type Digest, Digester } from '../oci/index.ts';
import { cannotStore } from './blob-files.ts';

/** Bytes that are written at once: an archive comes in small pieces. */
const batchBytes = 1024 * 1024;

/** Collects small pieces, so that each write is worth its call. */
class Batch {
  #parts: Uint8Array[] = [];
  #bytes = 0;
  readonly #write: (bytes: Uint8Array) => Promise<void>;

  constructor(write: (bytes: Uint8Array) => Promise<void>) {
    this.#write = write;
  }

  async add(chunk: Uint8Array): Promise<void> {
    // The reader may use the memory of a chunk again.
    this.#parts.push(chunk);
    this.#bytes += chunk.byteLength;
    if (this.#bytes >= batchBytes) await this.flush();
  }

  async flush(): Promise<void> {
    if (this.#bytes === 0) return;
    const [first = new Uint8Array(), ...rest] = this.#parts;
    const bytes = rest.length === 0 ? first : Buffer.concat(this.#parts);
    this.#parts = [];
    this.#bytes = 0;
    await this.#write(bytes);
  }
}

/** A file that is being written, and how it is ended. */
interface Writing {
  readonly file: FileHandle;
  readonly temporary: string;
}

async function begin(path: string): Promise<Writing> {
  const temporary = temporaryName(path);
  try {
    await mkdir(dirname(path), { recursive: true });
    return { temporary, file: await open(temporary, 'wx', 0o644) };
  } catch (cause) {
    throw cannotStore(path, cause);
  }
}

/** Files that are under way, so that an archive that breaks leaves none of them behind. */
export class Unfinished {
  readonly #open = new Set<Writing>();

  async begin(path: string): Promise<Writing> {
    const writing = await begin(path);
    this.#open.add(writing);
    return writing;
  }

  async finish(writing: Writing): Promise<void> {
    this.#open.delete(writing);
    await writing.file.close();
  }

  /** Removes what was not finished. */
  async drop(): Promise<void> {
    for (const { file, temporary } of this.#open) {
      await file.close().catch(() => {});
      await rm(temporary, { force: true }).catch(() => {});
    }
    this.#open.clear();
  }
}

/** A file that is written: its place, and the digest that it must have. */
export interface FileTarget {
  readonly path: string;
  /** The digest that the bytes must have; absent: any. */
  readonly expected?: Digest;
  /** Told of the digest, in `sha256` where none is expected, once the file is at its place. */
  placed(digest: Digest): void;
}

/** Writes a file beside its place, and moves it there when it is what it should be. */
export function fileSink(target: FileTarget, unfinished: Unfinished): FileSink {
  const { path, expected, placed } = target;
  const digester = new Digester(expected === undefined ? 'sha256' : algorithmOf(expected));
  let writing: Promise<Writing> | undefined;
  const started = (): Promise<Writing> => {
    writing ??= unfinished.begin(path);
    return writing;
  };
  const batch = new Batch(async (bytes) => {
    const { file } = await started();
    await file.writeFile(bytes).catch((cause: unknown) => {
      throw cannotStore(path, cause);
    });
  });
  return {
    async write(chunk) {
      digester.update(chunk);
      await batch.add(chunk);
    },
    async end() {
      await batch.flush();
      const open = await started();
      const digest = digester.end();
      if (expected !== undefined && digest !== expected) throw wrongDigest(expected, digest);
      await unfinished.finish(open);
      await rename(open.temporary, path).catch((cause: unknown) => {
        throw cannotStore(path, cause);
      });
      placed(digest);
    },
  };
}

function wrongDigest(expected: Digest, actual: Digest): ContentError {
  return new ContentError('DIGEST_MISMATCH', `The blob ${expected} is not what its digest names.`, {
    expected,
    actual,
  });
}

/** Collects the bytes of a small file. */
export function memorySink(most: Limit, done: (bytes: Uint8Array) => void): FileSink {
  const parts: Uint8Array[] = [];
  let size = 0;
  return {
    async write(chunk) {
      size += chunk.byteLength;
      checkLimit('A small file of the archive', size, most);
      parts.push(chunk);
    },
    async end() {
      done(new Uint8Array(Buffer.concat(parts)));
    },
  };
}

/** Passes over a file, and tells its digest. */
export function digestSink(done: (digest: Digest) => void): FileSink {
  const digester = new Digester();
  return {
    write: async (chunk) => digester.update(chunk),
    end: async () => done(digester.end()),
  };
}
