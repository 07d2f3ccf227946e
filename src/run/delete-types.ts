import type { Result } from '../apply/index.ts';
import type { Diagnostic } from '../diagnostic.ts';
import type { CollectionFailure, ConfigFile } from '../imageset/index.ts';

/** A request for `delete --generate`. */
export interface DeleteGenerateRequest {
  readonly file: ConfigFile;
  /** Directory of the cache, which knows what was mirrored over a disk; absent: only the sources do. */
  readonly cache?: string;
  /** `--delete-signatures`: items for cosign signature tags too. */
  readonly signatures: 'keep' | 'delete';
  /** `v1`: images lie where oc-mirror v1 mirrored them. */
  readonly places?: 'v1';
}

/** The report of `delete --generate`; the door writes both texts below `working-dir/delete/`. */
export interface DeleteGenerateReport {
  readonly deleteImages: string;
  readonly deleteImageSetConfig: string;
  /** Images that the configuration names; with none nothing is written. */
  readonly collected: number;
  /** Items of the list; none when nothing of what is named is in the target any more. */
  readonly count: number;
  readonly diagnostics: readonly Diagnostic[];
  readonly failures: readonly CollectionFailure[];
}

/** The report of `delete --delete-yaml-file`. */
export interface DeleteReport {
  readonly result: Result;
  /** Items that were refused before any deed, one sentence each (`delete destination … does not match …`). */
  readonly refused: readonly string[];
}
