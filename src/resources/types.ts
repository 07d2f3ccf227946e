import type { ImageKind, ReleaseSignature } from '../imageset/index.ts';

/** A Kubernetes object as plain data. */
export type KubernetesObject = Readonly<Record<string, unknown>>;

/** An image of the target; a mirrored placement and a change are such images. */
export interface ResourceImage {
  /** The reference that a cluster asks for, without transport: `quay.io/a/b@sha256:…`, `quay.io/a/b:1`. */
  readonly origin: string;
  readonly kind: ImageKind;
  /** Repository path below the target's host, its prefix included. */
  readonly repository: string;
}

/** An image of the target with the digest that its tag names. */
export type LocatedImage = ResourceImage & { readonly tag: string; readonly digest: string };

/** A catalog that lies in the target. */
export interface ServedCatalog {
  /** Repository path below the target's host. */
  readonly repository: string;
  readonly tag: string;
  /** A CatalogSource that a user wrote, of which everything is kept that is not the mirror's. */
  readonly template?: KubernetesObject;
}

/** The mirrored content that a cluster has to know. */
export interface MirroredContent {
  readonly images: readonly ResourceImage[];
  readonly catalogs: readonly ServedCatalog[];
  /** The place of the graph image. */
  readonly graphImage?: Pick<LocatedImage, 'repository' | 'tag'> | undefined;
  /** Signatures of the mirrored releases. */
  readonly signatures: readonly ReleaseSignature[];
}

/** The options of mirror rules. */
export interface RuleOptions {
  /** `host[:port]` of the target. */
  readonly registry: string;
  /**
   * `namespace`: one entry serves a whole namespace where the target kept the source's path.
   * `repository`: one entry for each repository, as when paths were shortened (`--max-nested-paths`).
   */
  readonly scope: 'namespace' | 'repository';
}

/** The options of all resources of one run. */
export interface ClusterResourceOptions extends RuleOptions {
  /** RFC 3339, UTC; stands in annotations only. */
  readonly createdAt: string;
  /** Version of this tool, for annotations. */
  readonly version: string;
}

/** One place that a resource leads clusters to. */
export interface ListedEntry {
  /** Name of the object: `idms-operator-0`, `cs-redhat-operator-index-v4-18`. */
  readonly name: string;
  /** The source of a mirror rule. */
  readonly source?: string;
  /** Mirrors of a rule; of a catalog its image, with the digest behind `@` that its tag names. */
  readonly leadsTo: readonly string[];
}

/** One kind of cluster resource. */
export interface ClusterResource<Kind extends string = string> {
  readonly kind: Kind;
  /** The word by which people know it, also in oc-mirror's log. */
  readonly title: string;
  /** Whether one object holds many rules, or each object is one entry. */
  readonly holds: 'rules' | 'one entry';
  /** Names of its files; others in the same directory are not this tool's. */
  readonly files: RegExp;
  /** Gives the texts of its files by name; nothing mirrored gives no files. */
  write(content: MirroredContent, options: ClusterResourceOptions): ReadonlyMap<string, string>;
  /** Lists where it leads clusters; absent: plans do not compare it. */
  list?(images: readonly LocatedImage[], options: RuleOptions): readonly ListedEntry[];
}
