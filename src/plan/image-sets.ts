import type { Digest } from '../oci/index.ts';

/** An image set that was planned. */
export interface PlannedImageSet {
  /** Its identity. */
  readonly name: string;
  readonly digest: Digest;
  /** The path by which the user knows it. */
  readonly path?: string;
  /** Its text, so that whoever applies the plan can record it. */
  readonly text?: string;
  /** The commit that has this very text. */
  readonly commit?: string;
  /** The machine whose directory names it, where nothing else does. */
  readonly host?: string;
}

/** An image set that the state knows and that a run was not given: what it wants stays. */
export interface KeptImageSet {
  readonly name: string;
  readonly images: number;
  /** Of its images, each digest once. */
  readonly bytes: number;
  /** RFC 3339, UTC: when it was last applied. */
  readonly at?: string;
  readonly commit?: string;
}
