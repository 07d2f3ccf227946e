import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * The files of oc-mirror's working directory: graphs, payload manifests, signatures.
 *
 * They are kept for people and for oc-mirror. A file that cannot be read counts as absent; a failed write is reported once.
 * Nothing here is needed for correctness.
 */
export interface Workspace {
  /** Reads a file by its path below the directory, slashes between the parts. */
  read(path: string): Promise<Uint8Array | undefined>;
  /** Writes a file and the directories above it. Never throws. */
  write(path: string, bytes: Uint8Array): Promise<void>;
  /** Lists the names in a directory, sorted; a missing one is empty. */
  list(path: string): Promise<readonly string[]>;
}

/** Opens a directory as a workspace; `warn` gets the first failed write. */
export function openWorkspace(directory: string, warn: (message: string) => void): Workspace {
  let warned = false;
  const complain = (path: string, cause: unknown): void => {
    if (!warned) warn(`Cannot write ${join(directory, path)}: ${String(cause)}`);
    warned = true;
  };
  return {
    async read(path) {
      return await readFile(join(directory, path)).catch(() => undefined);
    },
    async write(path, bytes) {
      try {
        await mkdir(dirname(join(directory, path)), { recursive: true });
        await writeFile(join(directory, path), bytes);
      } catch (cause) {
        complain(path, cause);
      }
    },
    async list(path) {
      const names = await readdir(join(directory, path)).catch(() => []);
      return names.sort();
    },
  };
}
