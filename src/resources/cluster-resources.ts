import { compareText } from '../base/index.ts';
import { catalogSource, clusterCatalog } from './catalogs.ts';
import { imageDigestMirrorSet, imageDigestSources, imageTagMirrorSet } from './mirror-sets.ts';
import { signatureConfigMap } from './signature-config-map.ts';
import { sigstoreAttachments } from './sigstore-attachments.ts';
import type {
  ClusterResource,
  ClusterResourceOptions,
  ListedEntry,
  LocatedImage,
  MirroredContent,
  RuleOptions,
} from './types.ts';
import { updateService } from './update-service.ts';

/** The resources that lead clusters somewhere, in the order in which plans show them. */
const compared = [imageDigestMirrorSet, imageTagMirrorSet, catalogSource, clusterCatalog] as const;

/** Every kind of cluster resource. A new kind is a line here, and a file that writes it. */
const resources: readonly ClusterResource[] = [
  ...compared,
  signatureConfigMap,
  updateService,
  imageDigestSources,
  sigstoreAttachments,
];

/** A kind of cluster resource that plans compare. */
export type ResourceKind = (typeof compared)[number]['kind'];

/** Those kinds, in the order in which plans show them. */
export const resourceKinds = compared.map(({ kind }) => kind);

/** Gives how people know a kind, and whether its objects hold many rules. */
export function describeKind(kind: ResourceKind): Pick<ClusterResource, 'title' | 'holds'> {
  return compared.find((one) => one.kind === kind) ?? { title: kind, holds: 'one entry' };
}

/** Gives the resource to which a file of `cluster-resources/` belongs; `undefined` where this tool never writes the file. */
export function resourceOfFile(file: string): Pick<ClusterResource, 'kind' | 'title'> | undefined {
  return resources.find(({ files }) => files.test(file));
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
  return new Map(resources.flatMap((resource) => [...resource.write(content, options)]));
}

/** One entry of the resources of a cluster that leads pulls somewhere. */
export interface ResourceEntry extends ListedEntry {
  readonly kind: ResourceKind;
}

/** Lists what the cluster resources of some images say, entry by entry. */
export function listResourceEntries(
  images: readonly LocatedImage[],
  options: RuleOptions,
): readonly ResourceEntry[] {
  return compared.flatMap(({ kind, list }) =>
    (list?.(images, options) ?? []).map((entry) => ({ kind, ...entry })),
  );
}

/** The difference in one entry of the cluster resources from those of the last apply. */
export interface ResourceChange extends Omit<ResourceEntry, 'leadsTo'> {
  /** The places to which the entry led; absent: it is new. */
  readonly from?: readonly string[];
  /** The places to which it leads now; absent: it goes. */
  readonly to?: readonly string[];
}

function keyOf({ kind, name, source = '' }: ResourceEntry): string {
  return JSON.stringify([kind, name, source]);
}

/** Compares what the resources of two sets of images say; by kind, name and source. */
export function compareResourceEntries(
  before: readonly LocatedImage[],
  after: readonly LocatedImage[],
  options: RuleOptions,
): readonly ResourceChange[] {
  const [old, now] = [before, after].map(
    (images) => new Map(listResourceEntries(images, options).map((one) => [keyOf(one), one])),
  );
  const all = [...new Map([...(old ?? []), ...(now ?? [])])].sort(
    ([a, { kind: left }], [b, { kind: right }]) =>
      resourceKinds.indexOf(left) - resourceKinds.indexOf(right) || compareText(a, b),
  );
  return all.flatMap(([key, { leadsTo: _, ...entry }]): ResourceChange[] => {
    const [from, to] = [old, now].map((side) => side?.get(key)?.leadsTo);
    if (JSON.stringify(from) === JSON.stringify(to)) return [];
    return [{ ...entry, ...(from && { from }), ...(to && { to }) }];
  });
}
