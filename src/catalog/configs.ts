import { checkLimit } from '../base/index.ts';
import {
  type ContentSource,
  confine,
  type FileSink,
  type LayerEntry,
  visitLayer,
} from '../content/index.ts';
import { ContentError } from '../errors.ts';
import type { Descriptor } from '../oci/index.ts';
import { type CatalogInstance, configsDirectory } from './image.ts';
import { chooseLayers } from './layers.ts';
import { catalogLimits } from './limits.ts';
import { createOverlay, isWithin, type Overlay } from './overlay.ts';

/** Takes what lies in a catalog's directory. A path that comes again replaces what it named before. */
export interface ConfigsVisitor {
  /** `path` is below the directory. */
  file(path: string): FileSink;
  /** `target` is below the directory too. A hard link means what its target is now, a symbolic one what it will be. */
  link(path: string, target: string, kind: 'link' | 'symlink'): void;
  /** Something that cannot be read, and why. */
  refuse(path: string, message: string): void;
}

function linkTarget({ kind, path, target }: LayerEntry): string {
  if (kind === 'link' || target.startsWith('/')) return confine(target);
  return confine(`${path.slice(0, path.lastIndexOf('/') + 1)}${target}`);
}

function below(path: string, directory: string): string | undefined {
  return isWithin(path, directory) && path !== directory
    ? path.slice(directory.length + 1)
    : undefined;
}

/** Of each path all directories above it are remembered, so there are limits to both. */
function checkPath(path: string, count: number): void {
  checkLimit('The catalog', count, catalogLimits.files);
  const name = `The catalog's file ${path.slice(0, 100)}`;
  checkLimit(name, path.length, catalogLimits.pathLength);
  checkLimit(name, path.split('/').length, catalogLimits.pathDepth);
}

/** Shows entries through the overlay; counts the bytes of the catalog's files. */
function createEntryVisitor(directory: string, overlay: Overlay, visitor: ConfigsVisitor) {
  let bytes = 0;
  let files = 0;
  function count({ path, kind, size }: LayerEntry): void {
    if (!isWithin(path, directory)) return;
    files += 1;
    checkPath(path, files);
    if (kind === 'file') bytes += size;
    checkLimit('The catalog', bytes, catalogLimits.bytes);
  }
  function link(entry: LayerEntry, path: string, kind: 'link' | 'symlink'): void {
    const target = below(linkTarget(entry), directory);
    if (target === undefined) {
      visitor.refuse(path, `it is a link to ${entry.target}, out of the catalog's directory`);
    } else if (kind === 'link' && overlay.isHidden(linkTarget(entry))) {
      visitor.refuse(path, `it is a link to ${entry.target}, which a later layer replaces`);
    } else visitor.link(path, target, kind);
  }
  return (entry: LayerEntry): FileSink | undefined => {
    const { kind } = entry;
    count(entry);
    if (overlay.see(entry) !== 'visible' || kind === 'directory') return undefined;
    const isLink = kind === 'link' || kind === 'symlink';
    if (isLink && isWithin(directory, entry.path)) {
      const message = `The catalog's directory /${directory} is a link, to ${entry.target}.`;
      throw new ContentError('CATALOG_INVALID', message);
    }
    const path = below(entry.path, directory);
    if (path === undefined || kind === 'device') return undefined;
    if (kind === 'unknown') {
      visitor.refuse(path, 'it is a file with holes, or of a kind that tar does not know');
      return undefined;
    }
    if (isLink) {
      link(entry, path, kind);
      return undefined;
    }
    return visitor.file(path);
  };
}

async function visitLayers(
  layers: readonly Descriptor[],
  source: ContentSource,
  visit: { readonly overlay: Overlay; readonly entry: (entry: LayerEntry) => FileSink | undefined },
): Promise<void> {
  for (const layer of layers) {
    if (visit.overlay.isCovered()) return;
    const name = `Layer ${layer.digest}`;
    const bytes = await source.repository.blobs.fetch(layer);
    await visitLayer({ name, bytes, code: 'CATALOG_INVALID' }, visit.entry);
    visit.overlay.descend();
  }
}

/**
 * Shows the files of a catalog as they are seen in its image, each once but for a layer that has it twice.
 *
 * Order: the uppermost layer first. Only layers that may have the directory are read: those that the image's history names,
 * where it does; none below one that hides the directory as a whole.
 * Nothing of a path ever reaches a file system, and none leads out of the image's root.
 * @throws ContentError `CATALOG_INVALID` naming the layer or the label; RegistryError.
 */
export async function visitConfigs(
  instance: CatalogInstance,
  source: ContentSource,
  visitor: ConfigsVisitor,
): Promise<void> {
  const directory = configsDirectory(instance);
  const { likely, all } = chooseLayers(instance, directory);
  let found = false;
  const noting: ConfigsVisitor = {
    file(path) {
      found = true;
      return visitor.file(path);
    },
    link(path, target, kind) {
      found = true;
      visitor.link(path, target, kind);
    },
    refuse(path, message) {
      found = true;
      visitor.refuse(path, message);
    },
  };
  for (const layers of likely === all ? [all] : [likely, all]) {
    if (found) return;
    const overlay = createOverlay(directory);
    const entry = createEntryVisitor(directory, overlay, noting);
    await visitLayers(layers, source, { overlay, entry });
  }
}
