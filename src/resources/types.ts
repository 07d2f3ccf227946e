import type { ImageKind } from '../imageset/index.ts';

/** An image that lies in the target, as far as resources care; a mirrored placement and a change are such images. */
export interface ResourceImage {
  /** The reference that a cluster asks for, without transport: `quay.io/a/b@sha256:…`, `quay.io/a/b:1`. */
  readonly origin: string;
  readonly kind: ImageKind;
  /** Repository path below the target's host, its prefix included. */
  readonly repository: string;
}

/** What all resources of one run have in common. */
export interface ClusterResourceOptions {
  /** `host[:port]` of the target. */
  readonly registry: string;
  /** RFC 3339, UTC; stands in annotations only. */
  readonly createdAt: string;
  /** Version of this tool, for annotations. */
  readonly version: string;
  /**
   * `namespace`: one entry serves a whole namespace where the target kept the source's path.
   * `repository`: one entry for each repository, as when paths were shortened (`--max-nested-paths`).
   */
  readonly scope: 'namespace' | 'repository';
}
