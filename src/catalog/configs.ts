import { ContentError } from '../errors.ts';
import type { Descriptor } from '../oci/index.ts';
import { type CatalogInstance, type CatalogSource, configsDirectory } from './image.ts';
import { chooseLayers } from './layers.ts';
import { createOverlay, isWithin, type Overlay } from './overlay.ts';
import { confine, type FileSink, type LayerEntry, visitLayer } from './tar.ts';

/** The most that is unpacked of one catalog, in bytes; the largest known has less than a gigabyte. */
const maxCatalogBytes = 8 * 1024 * 1024 * 1024;

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

/** Shows entries through the overlay; counts the bytes of the catalog's files. */
function createEntryVisitor(directory: string, overlay: Overlay, visitor: ConfigsVisitor) {
  let bytes = 0;
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
    if (overlay.see(entry) !== 'visible' || kind === 'directory') return undefined;
    const isLink = kind === 'link' || kind === 'symlink';
    if (isLink && isWithin(directory, entry.path)) {
      const message = `The catalog's directory /${directory} is a link, to ${entry.target}.`;
      throw new ContentError('CATALOG_INVALID', message);
    }
    const path = below(entry.path, directory);
    if (path === undefined || kind === 'other') return undefined;
    if (isLink) {
      link(entry, path, kind);
      return undefined;
    }
    bytes += entry.size;
    if (bytes <= maxCatalogBytes) return visitor.file(path);
    throw new ContentError('TOO_LARGE', `The catalog has more than ${maxCatalogBytes} bytes.`);
  };
}

async function visitLayers(
  layers: readonly Descriptor[],
  source: CatalogSource,
  visit: { readonly overlay: Overlay; readonly entry: (entry: LayerEntry) => FileSink | undefined },
): Promise<void> {
  for (const layer of layers) {
    if (visit.overlay.isCovered()) return;
    await visitLayer(layer, await source.repository.blobs.fetch(layer), visit.entry);
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
  source: CatalogSource,
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
