import { cachedFirst, cachedSources, cacheRegistries, openCache } from '../../archive/index.ts';
import type { ImageSet } from '../../imageset/index.ts';
import type { DiskSide } from '../connect/index.ts';
import { cachedNames } from './disk-names.ts';

/** Lets a cache be what a run mirrors to. */
export function cacheAsTarget(directory: string): DiskSide {
  return { side: 'target', targets: cacheRegistries(openCache(directory)) };
}

/** Lets the cache say what an image set names, before its sources are asked. */
export function knownFromCache(directory: string, imageSet: ImageSet): DiskSide {
  const names = cachedNames([imageSet]);
  const sources = cachedSources(openCache(directory), { names, where: 'the cache' });
  return { side: 'before-source', join: (upstream) => cachedFirst(sources, upstream) };
}
