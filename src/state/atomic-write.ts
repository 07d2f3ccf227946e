import { open, rename, rm } from 'node:fs/promises';

let written = 0;

/** Whether a file must outlive a power cut, or may be made again. */
export type Durability = 'synced' | 'cached';

/**
 * Writes a whole file or none: into a file beside it, which then takes its name.
 *
 * Effects: the directory has to exist. `synced` waits until the bytes lie on the disk.
 */
export async function writeAtomically(
  path: string,
  bytes: Uint8Array,
  durability: Durability,
): Promise<void> {
  const { file, temporary } = await openBeside(path);
  try {
    await using handle = file;
    await handle.writeFile(bytes);
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
