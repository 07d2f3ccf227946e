import { type FileSink, wrongBytes } from '../content/index.ts';
import { algorithmOf, type Digest, Digester } from '../oci/index.ts';
import type { Unfinished, Writing } from './disk-files.ts';

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
  let writing: Writing | undefined;
  const started = async (): Promise<Writing> => {
    writing ??= await unfinished.begin(path);
    return writing;
  };
  return {
    async write(chunk) {
      digester.update(chunk);
      await (await started()).write(chunk);
    },
    async end() {
      const file = await started();
      const digest = digester.end();
      if (expected !== undefined && digest !== expected) throw wrongBytes(expected, digest);
      await file.place();
      placed(digest);
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
