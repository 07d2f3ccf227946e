import { RegistryError } from '../errors.ts';
import type { Repository } from '../registry/index.ts';
import { createLinesImage, pushLinesImage } from './artifact.ts';
import { encodeLines } from './lines.ts';
import type { TagLists } from './types.ts';

/** One begins with the other: Distribution 3.1 on S3 omits such a tag. */
const probeTags = ['list-probe', 'list-probe-longer'] as const;

/** Creates the probe of a repository: it tells by two standing tags whether the registry lists what it has. */
export function createTagProbe(repository: Repository) {
  const isThere = new Map<string, boolean>();

  async function ask(tag: string): Promise<boolean> {
    const found = isThere.get(tag) ?? (await repository.manifests.resolve(tag)) !== undefined;
    isThere.set(tag, found);
    return found;
  }

  return {
    /** Judges a list; asks by name only for a probe that the list lacks, and once. */
    async read(listed: readonly string[]): Promise<TagLists> {
      const unlisted = probeTags.filter((tag) => !listed.includes(tag));
      const missing = await Promise.all(unlisted.map(ask));
      if (missing.length === 0) return 'honest';
      return missing.includes(true) ? 'incomplete' : 'unknown';
    },
    /** Places the probes that the lists so far lacked and that are not there. */
    async place(): Promise<void> {
      const absent = probeTags.filter((tag) => isThere.get(tag) === false);
      if (absent.length === 0) return;
      const kind = 'imageset-mirror.state';
      const image = createLinesImage(kind, encodeLines(kind, { formatVersion: 'probe' }, []));
      for (const tag of absent) {
        isThere.delete(tag);
        await pushLinesImage(repository, image, tag).catch((thrown: unknown) => {
          // The probe is a convenience: whatever forbids it does not forbid the state.
          if (!(thrown instanceof RegistryError)) throw thrown;
        });
      }
    },
  };
}
