import { checkLimit, type JsonObject, records } from '../base/index.ts';
import {
  type ContentSource,
  confine,
  type FileSink,
  type LayerEntry,
  visitLayer,
} from '../content/index.ts';
import { ContentError } from '../errors.ts';
import type { ImageInstance } from '../image/index.ts';
import { type Descriptor, isForeignLayer } from '../oci/index.ts';
import { configsDirectory } from './image.ts';
import { catalogLimits } from './limits.ts';
import { createOverlay, isWithin, type Overlay } from './overlay.ts';

function instructions(config: JsonObject): readonly string[] {
  return records(config['history'])
    .filter((step) => step['empty_layer'] !== true)
    .map((step) => (typeof step['created_by'] === 'string' ? step['created_by'] : ''));
}

/** Which layers to read, from the uppermost down. */
interface LayerChoice {
  /** The layers that have the directory, as far as the image's history says. */
  readonly likely: readonly Descriptor[];
  /** All of them, for when the likely ones have none of it. */
  readonly all: readonly Descriptor[];
}

/** Gives the paths that an instruction names, without slashes at their ends; empty for the root. */
function pathsIn(instruction: string): readonly string[] {
  const words = instruction.split(/[\s"',=;:]+/);
  return words.filter((word) => word !== '').map(confine);
}

/**
 * Chooses the layers that may have a directory.
 *
 * An image's history has an instruction for each layer. Where it is complete, those layers are likely whose instruction is not
 * known, or names the directory, something in it or something above it; a base image's hundred megabytes then never move.
 * Where no instruction names the directory, all layers are likely.
 */
function chooseLayers(instance: ImageInstance, directory: string): LayerChoice {
  const layers = instance.manifest.layers;
  const made = instructions(instance.config).map(pathsIn);
  const names = (paths: readonly string[]): boolean =>
    paths.some((path) => isWithin(path, directory));
  const mayHave = (paths: readonly string[], index: number): boolean =>
    paths.length === 0 ||
    // The first layer that is unpacked at the root is a base image.
    paths.some((path) => isWithin(path, directory) || (isWithin(directory, path) && index > 0));
  const isStored = (layer: Descriptor): boolean => !isForeignLayer(layer);
  const all = layers.filter(isStored).reverse();
  if (made.length !== layers.length || !made.some(names)) return { likely: all, all };
  const likely = layers.filter((_, index) => mayHave(made[index] ?? [], index));
  return { likely: likely.filter(isStored).reverse(), all };
}

/** Receives the files of a catalog's directory. A repeated path replaces the earlier one. */
export interface ConfigsVisitor {
  /** `path` is below the directory. */
  file(path: string): FileSink;
  /** `target` is below the directory too. A hard link names the present target, a symbolic link the later one. */
  link(path: string, target: string, kind: 'link' | 'symlink'): void;
  /** A path that cannot be read, with the reason. */
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

/** All directories of a path are remembered, so their number is limited too. */
function checkPath(path: string, count: number): void {
  checkLimit('The catalog', count, catalogLimits.files);
  const name = `The catalog's file ${path.slice(0, 100)}`;
  checkLimit(name, path.length, catalogLimits.pathLength);
  checkLimit(name, path.split('/').length, catalogLimits.pathDepth);
}

/** Passes visible entries on and counts the bytes of the catalog's files. */
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
    if (!overlay.see(entry) || kind === 'directory') return undefined;
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
 * Visits the files of a catalog as a container sees them; only a repetition within one layer is visited twice.
 *
 * Order: the uppermost layer first. Only layers that may have the directory are read: those that the history of the image
 * names, if it does; none below a layer that hides the whole directory.
 * No path reaches a file system, and none leads out of the image's root.
 * @throws ContentError `CATALOG_INVALID` naming the layer or the label; RegistryError.
 */
export async function visitConfigs(
  instance: ImageInstance,
  source: ContentSource,
  visitor: ConfigsVisitor,
): Promise<void> {
  const directory = configsDirectory(instance);
  const { likely, all } = chooseLayers(instance, directory);
  let found = false;
  const noted = (): ConfigsVisitor => {
    found = true;
    return visitor;
  };
  const noting: ConfigsVisitor = {
    file: (path) => noted().file(path),
    link: (path, target, kind) => noted().link(path, target, kind),
    refuse: (path, message) => noted().refuse(path, message),
  };
  for (const layers of likely === all ? [all] : [likely, all]) {
    if (found) return;
    const overlay = createOverlay(directory);
    const entry = createEntryVisitor(directory, overlay, noting);
    await visitLayers(layers, source, { overlay, entry });
  }
}
