import type { LayerEntry } from '../content/index.ts';

/** The layers of an image from the uppermost down, and the entries that a layer hides in those below it. */
export interface Overlay {
  /** Begins the next layer down. */
  descend(): void;
  /** Tells whether an entry of the present layer is seen in the image; notes what it hides further down. */
  see(entry: LayerEntry): boolean;
  /** Whether a layer above the present one hides a file of this path. */
  isHidden(path: string): boolean;
  /** Whether nothing of the directory in any layer further down can be seen. */
  isCovered(): boolean;
}

const prefix = '.wh.';
const opaque = '.wh..wh..opq';

/** Gives the directories above a path, the nearest first, the root (empty) last. */
function* ancestors(path: string): Generator<string> {
  for (let cut = path.lastIndexOf('/'); cut >= 0; cut = path.lastIndexOf('/', cut - 1)) {
    yield path.slice(0, cut);
  }
  if (path !== '') yield '';
}

/** Tells whether a path is a directory, lies in it, or is one of the directories above it. */
function touches(path: string, directory: string): boolean {
  return isWithin(path, directory) || isWithin(directory, path);
}

/** Tells whether a path is a directory or lies in it. */
export function isWithin(path: string, directory: string): boolean {
  return directory === '' || path === directory || path.startsWith(`${directory}/`);
}

/** The marks that one layer, or all layers above it, put on paths. */
class Marks {
  /** Files and whiteouts: they hide what has their path or lies below it. */
  readonly ends = new Set<string>();
  /** Directories: they hide what is a file below them. */
  readonly directories = new Set<string>();
  /** Opaque directories: they hide all that lies in them. */
  readonly opaque = new Set<string>();

  add(other: Marks): void {
    for (const path of other.ends) this.ends.add(path);
    for (const path of other.directories) this.directories.add(path);
    for (const path of other.opaque) this.opaque.add(path);
  }

  hides(path: string, kind: LayerEntry['kind']): boolean {
    if (this.ends.has(path)) return true;
    if (kind !== 'directory' && this.directories.has(path)) return true;
    return this.covers(path);
  }

  covers(path: string): boolean {
    for (const above of ancestors(path)) {
      if (this.ends.has(above) || this.opaque.has(above)) return true;
    }
    return false;
  }
}

/**
 * Follows one directory through the layers of an image, from the uppermost down, so that no file that was read has to be
 * dropped later.
 *
 * Shape: whiteouts (`.wh.name`) and opaque directories (`.wh..wh..opq`) hide what layers further down have, and nothing of
 * their own layer; an upper file hides a lower one.
 * @see image-spec v1.1, layer.md, "Representing Changes"
 */
export function createOverlay(directory: string): Overlay {
  const above = new Marks();
  let here = new Marks();
  function note(path: string, kind: LayerEntry['kind']): void {
    if (!touches(path, directory)) return;
    if (kind === 'directory') here.directories.add(path);
    else here.ends.add(path);
    for (const parent of ancestors(path)) here.directories.add(parent);
  }
  return {
    descend() {
      above.add(here);
      here = new Marks();
    },
    see(entry) {
      const cut = entry.path.lastIndexOf('/') + 1;
      const name = entry.path.slice(cut);
      const parent = entry.path.slice(0, Math.max(cut - 1, 0));
      if (!name.startsWith(prefix)) {
        const hidden = above.hides(entry.path, entry.kind);
        note(entry.path, entry.kind);
        return !hidden;
      }
      if (name === opaque && touches(parent, directory)) here.opaque.add(parent);
      else if (!name.startsWith('.wh..wh.')) {
        const hidden = `${parent}${parent && '/'}${name.slice(prefix.length)}`;
        if (touches(hidden, directory)) here.ends.add(hidden);
      }
      return false;
    },
    isHidden: (path) => above.hides(path, 'file'),
    isCovered() {
      const all = new Marks();
      all.add(above);
      all.add(here);
      return all.ends.has(directory) || all.opaque.has(directory) || all.covers(directory);
    },
  };
}
