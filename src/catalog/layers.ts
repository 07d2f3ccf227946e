import { type JsonObject, records } from '../base/index.ts';
import { confine } from '../content/index.ts';
import type { ImageInstance } from '../image/index.ts';
import { type Descriptor, isForeignLayer } from '../oci/index.ts';
import { isWithin } from './overlay.ts';

function instructions(config: JsonObject): readonly string[] {
  return records(config['history'])
    .filter((step) => step['empty_layer'] !== true)
    .map((step) => (typeof step['created_by'] === 'string' ? step['created_by'] : ''));
}

/** Which layers to read, from the uppermost down. */
export interface LayerChoice {
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
export function chooseLayers(instance: ImageInstance, directory: string): LayerChoice {
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
