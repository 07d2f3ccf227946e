import type { Diagnostic } from '../../diagnostic.ts';
import type { MirroredPlacement } from '../../imageset/index.ts';
import type { Registries } from '../../registry/index.ts';
import type { Settings } from '../types.ts';

/** The facts by which an entry is looked up. */
export interface UpstreamWorld {
  readonly registries: Registries;
  readonly placements: readonly MirroredPlacement[];
  readonly settings: Settings;
}

/** An entry of an image set, and the look at its source. */
export interface UpstreamEntry {
  readonly name: string;
  /** Names what is asked, a registry or an update service; of one that stays silent no other entry is asked. */
  readonly host: string;
  /** @throws MirrorError when the source does not answer */
  look(world: UpstreamWorld): Promise<readonly Diagnostic[] | 'not-at-hand'>;
}
