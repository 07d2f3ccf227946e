import { open, rename, rm } from 'node:fs/promises';

let written = 0;

/** How a file is written: whether it must outlive a power cut, and its permissions where they are not the usual ones. */
export interface WriteOptions {
  /** `cached` for what may be made again. */
  readonly durability: 'synced' | 'cached';
  readonly mode?: number;
}

/**
 * Writes a whole file or none: into a file beside it, which then takes its name.
 *
 * Effects: the directory has to exist. `synced` waits until the bytes lie on the disk.
 */
export async function writeAtomically(
  path: string,
  bytes: Uint8Array,
  { durability, mode }: WriteOptions,
): Promise<void> {
  const { file, temporary } = await openBeside(path);
  try {
    await using handle = file;
    await handle.writeFile(bytes);
    if (mode !== undefined) await handle.chmod(mode);
    if (durability === 'synced') await handle.sync();
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await rename(temporary, path);
}

async function openBeside(path: string) {
  for (;;) {
    written += 1;
    const temporary = `${path}.${process.pid}-${written}.tmp`;
    try {
      return { file: await open(temporary, 'wx'), temporary };
    } catch (error) {
      // Left by a killed process of the same number, or made by one on another machine: take the next name.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}
