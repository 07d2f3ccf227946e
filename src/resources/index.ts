/**
 * What a cluster has to be told so that it pulls from the mirror: the texts of Kubernetes objects.
 *
 * A resource is a pure function of what was mirrored: no clock, no disk, no registry. The moment and the version that
 * its annotations name are arguments, so that the same input gives the same bytes. Entries, mirrors and keys are
 * sorted, because every difference in an ImageDigestMirrorSet or an ImageTagMirrorSet makes the cluster drain its
 * nodes: an order that changes from run to run would cost a reboot of everything.
 *
 * Names, file names and shapes are oc-mirror's, whose users apply these files by name. One difference is on purpose:
 * whether a target path ends with the source path is asked of whole path components, never of characters, so that
 * `foo/barubi8` is not taken for a mirror of the whole namespace of `ubi8`.
 *
 * This layer refuses to know whether an object lies in a cluster already, and what is done with the texts.
 */
export {
  type CatalogSourceTemplate,
  createCatalogSources,
  readCatalogSourceTemplate,
  type ServedCatalog,
} from './catalog-source.ts';
export * from './cluster-catalog.ts';
export * from './cluster-resources.ts';
export { type LocatedImage, listResourceEntries, type ResourceEntry } from './entries.ts';
export * from './mirror-sets.ts';
export * from './signature-config-map.ts';
export type { ClusterResourceOptions, ResourceImage } from './types.ts';
