import type { ApplyEvent, Result } from '../apply/index.ts';
import type { Diagnostic } from '../diagnostic.ts';
import type { CollectionFailure, ContentKind } from '../imageset/index.ts';
import type {
  ApplyResult,
  Approval,
  ConfigFile,
  PlanRequest,
  PlanResult,
  Settings,
} from '../run/index.ts';

/** Told while a job goes on: what apply tells, and which kind of content is being collected. */
export type JobEvent = ApplyEvent | { readonly type: 'collecting'; readonly kind: ContentKind };

/** Hears of a job's events, in order. */
export type JobListener = (event: JobEvent) => void;

/** How much of a mirror run is done: all of it, or only the mapping (with or without the children of indexes). */
export type DryRun = 'no' | 'mapping' | 'manifest-lists';

/** What to mirror. */
export interface MirrorRequest {
  readonly files: readonly ConfigFile[];
  readonly dryRun: DryRun;
  /**
   * `registry`: the target is a registry and is asked whether it lets us in, in a dry run too.
   * `disk`: only in dry runs; `settings.target` stands for oc-mirror's local cache and must not be contacted.
   */
  readonly destination: 'registry' | 'disk';
}

/** One line of `mapping.txt`, both sides with transport; `children` only for `manifest-lists`. */
export interface MappingEntry {
  /** `docker://quay.io/x/y:1` */
  readonly source: string;
  /** `docker://registry/x/y:1` */
  readonly destination: string;
  readonly children?: readonly string[];
}

/** How many images of one kind were wanted, and how many lie in the target now (those that lay there count). */
export interface KindCount {
  readonly kind: ContentKind;
  readonly collected: number;
  readonly copied: number;
}

/** An image that could not be mirrored, deleted, restored or verified. */
export interface ImageFailure {
  readonly kind: ContentKind;
  /** The reference as the user knows it: what `mirroring_errors_*.txt` and the console name. */
  readonly origin: string;
  readonly message: string;
  readonly side?: 'source' | 'target';
  readonly hint?: string;
}

/** A pinned pair for one image set. */
export interface PinnedFiles {
  /** Text of `isc_pinned_*.yaml`. */
  readonly imageSet: string;
  /** Text of `disc_pinned_*.yaml`. */
  readonly deleteImageSet: string;
}

/** What a mirror run gave. With collection `failures` nothing was copied. */
export interface MirrorReport {
  readonly diagnostics: readonly Diagnostic[];
  readonly failures: readonly CollectionFailure[];
  /** Kinds that were collected, in the order release, operator, additional, helm; a kind without images may be absent. */
  readonly counts: readonly KindCount[];
  readonly imageFailures: readonly ImageFailure[];
  /** In copy order; filled in every run, written to disk only in dry runs. */
  readonly mapping: readonly MappingEntry[];
  /** Text by file name, `idms-oc-mirror.yaml`; the door writes them below `working-dir/cluster-resources/`. */
  readonly clusterResources: ReadonlyMap<string, string>;
  readonly pinned: readonly PinnedFiles[];
  readonly traffic: Result['traffic'];
  /** Lines for the end of the log. */
  readonly notes: readonly string[];
}

/** What `delete --generate` reads. */
export interface DeleteGenerateRequest {
  readonly file: ConfigFile;
  /** `--delete-signatures`: items for cosign signature tags too. */
  readonly signatures: 'keep' | 'delete';
}

/** What `delete --generate` gave; the door writes both texts below `working-dir/delete/`. */
export interface DeleteGenerateReport {
  readonly deleteImages: string;
  readonly deleteImageSetConfig: string;
  /** Items of the list; with none nothing is written. */
  readonly count: number;
  readonly diagnostics: readonly Diagnostic[];
  readonly failures: readonly CollectionFailure[];
}

/** What `delete --delete-yaml-file` gave. */
export interface DeleteReport {
  readonly result: Result;
  /** Items that were refused before any deed, one sentence each (`delete destination … does not match …`). */
  readonly refused: readonly string[];
}

/** What `verify` and `restore` gave. */
export interface CheckReport {
  readonly done: number;
  readonly total: number;
  readonly imageFailures: readonly ImageFailure[];
  readonly notes: readonly string[];
}

/**
 * The use cases as the command line calls them; the composition root passes the real ones, tests pass their own.
 *
 * What a job cannot do at all it throws (ConfigError with oc-mirror's own words where a file is refused, RegistryError
 * when the target does not let us in, PlanError); what went wrong with single images it reports.
 */
export interface Jobs {
  /** Mirrors without deleting. */
  mirror(settings: Settings, request: MirrorRequest, listener: JobListener): Promise<MirrorReport>;
  plan(settings: Settings, request: PlanRequest): Promise<PlanResult>;
  /** `files`: texts of the plan's image sets where the caller has them (`-c`), else empty. */
  apply(
    settings: Settings,
    request: {
      readonly planText: string;
      readonly approval: Approval;
      readonly files: readonly ConfigFile[];
    },
    listener: JobListener,
  ): Promise<ApplyResult>;
  deleteGenerate(settings: Settings, request: DeleteGenerateRequest): Promise<DeleteGenerateReport>;
  /** `list.name` is the path of the DeleteImageList. */
  deleteExecute(settings: Settings, list: ConfigFile, listener: JobListener): Promise<DeleteReport>;
  verify(settings: Settings, listener: JobListener): Promise<CheckReport>;
  restore(settings: Settings, undo: number | 'last', listener: JobListener): Promise<CheckReport>;
  /** Shows the story on registries of its own; gives the exit code. */
  demo(print: (text: string) => void): Promise<number>;
}
