import type { ReleaseSignature } from '../imageset/index.ts';
import { createCatalogSources, type ServedCatalog } from './catalog-source.ts';
import { createClusterCatalogs } from './cluster-catalog.ts';
import { createMirrorSets } from './mirror-sets.ts';
import { createSignatureConfigMap } from './signature-config-map.ts';
import type { ClusterResourceOptions, ResourceImage } from './types.ts';

/** What was mirrored, as far as a cluster has to know it. */
export interface MirroredContent {
  readonly images: readonly ResourceImage[];
  readonly catalogs?: readonly ServedCatalog[];
  /** Signatures of the mirrored releases. */
  readonly signatures: readonly ReleaseSignature[];
}

/**
 * Gives every resource that a cluster needs for what was mirrored.
 *
 * Shape: text by file name, as it lies below `cluster-resources/`; nothing mirrored gives no files.
 */
export function createClusterResources(
  content: MirroredContent,
  options: ClusterResourceOptions,
): Map<string, string> {
  return new Map([
    ...createMirrorSets(content.images, options),
    ...createCatalogSources(content.catalogs ?? [], options),
    ...createClusterCatalogs(content.catalogs ?? [], options),
    ...createSignatureConfigMap(content.signatures, options),
  ]);
}
