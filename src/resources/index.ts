/**
 * The texts of Kubernetes objects that make a cluster pull from the mirror.
 *
 * A resource is a pure function of what was mirrored: no clock, no disk, no registry. The moment and the version that
 * its annotations name are arguments, so that the same input gives the same bytes. Entries, mirrors and keys are
 * sorted, because every difference in an ImageDigestMirrorSet or an ImageTagMirrorSet makes the cluster drain its
 * nodes: an order that changes from run to run would cost a reboot of everything.
 *
 * Two texts are no objects: a part of an install-config, and a file of registries.d for hosts outside of clusters. They end with
 * `.txt`, so that `oc apply -f DIR` passes over them.
 *
 * Names, file names and shapes are oc-mirror's, whose users apply these files by name. One difference is on purpose:
 * whether a target path ends with the source path is asked of whole path components, never of characters, so that
 * `foo/barubi8` is not taken for a mirror of the whole namespace of `ubi8`.
 *
 * `cluster-resources.ts` has the one list of all kinds: a new kind is a line there and a file of its own. This layer refuses
 * to know whether an object lies in a cluster already, and what is done with the texts.
 */
export { readCatalogSourceTemplate } from './catalogs.ts';
export * from './cluster-resources.ts';
export { createTemplates } from './templates.ts';
export type {
  ClusterResourceOptions,
  LocatedImage,
  ResourceImage,
  ServedCatalog,
} from './types.ts';
