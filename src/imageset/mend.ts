import type { FixedText } from './fix/index.ts';
import type { ConfigFile } from './position.ts';

/** Mends the text of a file where it is certain what its author means. The code for it is loaded with the first file. */
export async function mendImageSet(file: ConfigFile): Promise<FixedText> {
  const { fixImageSet } = await import('./fix/index.ts');
  return fixImageSet(file);
}
