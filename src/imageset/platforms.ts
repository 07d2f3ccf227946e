import type { Platform } from '../oci/index.ts';

/** Says what is wrong with a list of platforms, in oc-mirror's words; `undefined` when nothing is. */
export function platformFault(platforms: readonly Platform[] = []): string | undefined {
  for (const { os, architecture } of platforms) {
    if (!os) return `platform OS must not be empty (architecture: "${architecture}")`;
    if (!architecture) return `platform architecture must not be empty (OS: "${os}")`;
  }
  return undefined;
}
