import type { ApplyEvent, Result } from '../apply/index.ts';
import type { LoadedArchive, WrittenArchive } from '../archive/index.ts';
import type { Diagnostic } from '../diagnostic.ts';
import type { SourcePosition } from '../errors.ts';
import type {
  ChartValues,
  Collection,
  CollectionFailure,
  ConfigFile,
  ContentKind,
  OperatorNeed,
} from '../imageset/index.ts';
import type { Clock, Logger } from '../log.ts';
import type { Approval, Plan, PlanOptions, Revision, StaleImages } from '../plan/index.ts';
import type { AppliedImageSet, RunId } from '../state/index.ts';
import type { TrustFiles } from '../trust/index.ts';
import type { MirrorCheck } from '../views/index.ts';

export type { Listing, ListOperatorsRequest } from '../operators/index.ts';

/** How one side of a mirror is reached. Everything is optional: the defaults are the usual places. */
export interface SideSettings {
  /** Path of an auth file; else `REGISTRY_AUTH_FILE`, containers' and docker's usual places. */
  readonly authFile?: string;
  /** JSON text of an auth file (a secret). Wins over files. */
  readonly authText?: string;
  readonly username?: string;
  readonly password?: string;
  readonly registryToken?: string;
  /** Use no credentials at all. */
  readonly anonymous?: boolean;
  /** Directory with `ca.crt`, `client.cert`, `client.key`, instead of `certs.d`. */
  readonly certDir?: string;
  /** `false`: unverified certificates and plain http are accepted for every host of this side. */
  readonly tlsVerify?: boolean;
  /** How a host of this side is trusted in the words of the door, as the end of a sentence. */
  readonly trustAdvice?: string;
  /** How a host of this side is spoken to over http in the words of the door, as the end of a sentence. */
  readonly plainAdvice?: string;
}

/** The settings that the action and the command line share. */
export interface Settings {
  /** `host[:port][/path]`, without transport. */
  readonly target: string;
  readonly source: SideSettings;
  readonly destination: SideSettings;
  /** PEM text or path, added to the system's. */
  readonly caBundle?: string;
  readonly insecureRegistries: readonly string[];
  readonly registriesConf?: string;
  /** The working directory itself (`…/working-dir`). */
  readonly workspace: string;
  readonly state: 'registry' | { readonly directory: string };
  /** `assumed`: a plan does not ask the target; what the base wants counts as mirrored. */
  readonly targetAccess?: 'assumed';
  readonly retryTimes: number;
  /** Milliseconds; absent: exponential. */
  readonly retryDelayMs?: number;
  /** Milliseconds without a sign of life after which a request to a source fails; absent: a minute. */
  readonly sourceIdleMs?: number;
  /** Upper bound of transfers at once; absent: adaptive. */
  readonly parallel?: number;
  /** Milliseconds that the copy of one image may take; absent: as long as it makes progress. */
  readonly imageTimeoutMs?: number;
  /** How far `verify` looks; absent: down to every blob. */
  readonly verifyDepth?: 'tags' | 'blobs';
  readonly verifySignatures: 'releases' | 'off';
  /** Whether signatures and whatever else is attached to images is mirrored with them; absent: `copy`. */
  readonly signatures?: 'copy' | 'skip';
  /** The trust policy that images have to meet; absent: every image may be mirrored. */
  readonly trust?: TrustFiles;
  /** Armored keys, text or path. */
  readonly signatureKeys?: string;
  /** Versions that clusters run, or files that tell them; risks of a plan name them. */
  readonly currentlyRunning?: readonly string[];
  /** Values files of Helm charts, by the chart's name. */
  readonly helmValues?: readonly ChartValues[];
  /** `repository:tag` layout limit of oc-mirror's `--max-nested-paths`; 0 or absent: off. */
  readonly maxNestedPaths?: number;
  /** Host of oc-mirror's local cache, of which mappings speak; absent: `localhost:55000`. */
  readonly localCache?: string;
  readonly options: PlanOptions;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly signal?: AbortSignal;
}

/** A request for a plan: the files of the head, and of the base if the door knows them. */
export interface PlanRequest {
  readonly head: readonly ConfigFile[];
  readonly headRevision: Revision;
  /** Name of the repository of this run: views call image sets of it by their path alone. */
  readonly repository?: string;
  /**
   * Gives the files of the base, next to what the state knows of all image sets of the target. `undefined`: nobody knows
   * of any but the state, whose texts stand for them.
   */
  base(applied: readonly AppliedImageSet[]): Promise<BaseFiles | undefined>;
  /** Tells whether the head is an older commit than one that was applied; `undefined` where the known history does not tell. */
  isOlderThan?(
    applied: AppliedImageSet & { readonly commit: string },
  ): Promise<boolean | undefined>;
}

/** The image sets of the base. */
export interface BaseFiles {
  /** One that went under another name has the identity that it has now; `formerNames` has the other. */
  readonly files: readonly ConfigFile[];
  readonly revision: Revision;
  readonly notices?: readonly Diagnostic[];
}

/** A plan and all that was found on the way. */
export interface PlanResult {
  /** Absent when a finding forbids planning. */
  readonly plan?: Plan;
  readonly collections: readonly Collection[];
  readonly failures: readonly CollectionFailure[];
  /** Kinds of the wanted images that could not be read at their source, and that the target lacks. */
  readonly unread?: readonly { readonly kind: ContentKind }[];
  readonly diagnostics: readonly Diagnostic[];
  /** Files of the plan's artifact by name, `plan.json` and the rest; empty without a plan. */
  readonly files: ReadonlyMap<string, string>;
}

/** The result of an apply, and its files. */
export interface ApplyResult {
  readonly result: Result;
  /** Files of the artifact: `result.json`, `report.html`, `cluster-resources/*.yaml`. */
  readonly files: ReadonlyMap<string, string>;
}

/** Gives what allows a plan to be applied; asked once, when the plan is known. */
export type ApprovalSource = (plan: Plan) => Promise<Approval>;

/** The result of planning and applying in one run. */
export interface ApplyReport {
  /** The plan that was done; where something was refused, the plan that is left to do. */
  readonly planned: PlanResult;
  /** Absent when no deed was begun: the plan could not be made, or was refused as a whole. */
  readonly applied?: ApplyResult;
  /** Why all of it, or its removals, were refused; empty otherwise. */
  readonly refusals: readonly Diagnostic[];
}

/** Told while a run goes on: what apply tells, and which kind of content is being collected. */
export type RunEvent =
  | ApplyEvent
  | { readonly type: 'collecting'; readonly kind: ContentKind }
  | { readonly type: 'archiving' }
  /** A file of an archive is about to be read. */
  | {
      readonly type: 'loading';
      readonly path: string;
      readonly index: number;
      readonly total: number;
    };

/** Tells whether an event is about a plan that is applied. */
export function isApplyEvent(event: RunEvent): event is ApplyEvent {
  return !['collecting', 'archiving', 'loading'].includes(event.type);
}

/** Hears of a run's events, in order. */
export type Listener = (event: RunEvent) => void;

/** How much of a mirror run is done: all of it, or only the mapping (with or without the children of indexes). */
export type DryRun = 'no' | 'mapping' | 'manifest-lists';

/** A request to mirror. */
export interface MirrorRequest {
  readonly toDisk?: ToDisk | undefined;
  readonly fromDisk?: FromDisk | undefined;
  readonly files: readonly ConfigFile[];
  /** Tells under which names the files were known before; absent: under none. */
  readonly base?: PlanRequest['base'];
  readonly isOlderThan?: PlanRequest['isOlderThan'];
  readonly dryRun: DryRun;
  /**
   * `registry`: the target is a registry and is asked whether it lets us in, in a dry run too.
   * `disk`: `settings.target` stands for oc-mirror's local cache and must not be contacted.
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
  /** The trust policy rejected it. */
  readonly isRejected?: boolean;
  /** The answer that several images failed with: that of a host that was given up, or that refuses credentials. */
  readonly host?: string;
  /** The bundles that need it, of an image of operators. */
  readonly neededBy?: readonly OperatorNeed[];
  /** The line of the configuration that asks for it. */
  readonly at?: SourcePosition;
  /** Of a signature: the image that it belongs to is told by itself. */
  readonly isAttached?: true;
}

/** A pinned pair for one image set. */
export interface PinnedFiles {
  /** Text of `isc_pinned_*.yaml`. */
  readonly imageSet: string;
  /** Text of `disc_pinned_*.yaml`. */
  readonly deleteImageSet: string;
}

/** The report of a mirror run. With collection `failures` nothing was copied. */
export interface MirrorReport {
  readonly diagnostics: readonly Diagnostic[];
  readonly failures: readonly CollectionFailure[];
  /** Kinds that were collected, in the order release, operator, additional, helm; a kind without images may be absent. */
  readonly counts: readonly KindCount[];
  readonly imageFailures: readonly ImageFailure[];
  /** In copy order; filled in every run, written to disk only in dry runs. */
  readonly mapping: readonly MappingEntry[];
  /** Those that the cache lacks, of a dry run to disk; absent otherwise. */
  readonly missing?: readonly MappingEntry[];
  /** Text by file name, `idms-oc-mirror.yaml`; the door writes them below `working-dir/cluster-resources/`. */
  readonly clusterResources: ReadonlyMap<string, string>;
  readonly pinned: readonly PinnedFiles[];
  readonly traffic: Result['traffic'];
  /** Lines for the end of the log. */
  readonly notes: readonly string[];
  /** Mirrored images that no image set wants any more. */
  readonly stale?: StaleImages | undefined;
  /** The archive that was written; absent when something failed before. */
  readonly archive?: WrittenArchive;
  /** The archive that was loaded. */
  readonly loaded?: LoadedArchive;
}

/** Which apply to undo: the last that deleted something, or one by its number, with its token where two share a number. */
export type UndoChoice = number | RunId | 'last';

/** The report of `verify` and `restore`. */
export interface CheckReport extends MirrorCheck {
  readonly imageFailures: readonly ImageFailure[];
}

/** An archive to write, once everything is in the cache. */
export interface ToDisk {
  /** Directory of the cache, `…/.oc-mirror/.cache`. */
  readonly cache: string;
  /** Directory that gets the archive. */
  readonly directory: string;
  /** `stream`: names of files begin with the stream and the generation; absent: as with oc-mirror. */
  readonly naming?: 'stream' | undefined;
  /** Bytes that a file may have at most, whatever `archiveSize` says. */
  readonly most?: number | undefined;
  /** The name of the sequence of archives that this one continues. */
  readonly stream: string;
  /** `yyyy-MM-dd` */
  readonly since?: string;
  /** A file that is larger than `archiveSize`. */
  readonly large: 'refuse' | 'alone';
}

/** An archive to load, before its images are mirrored. */
export interface FromDisk {
  readonly cache: string;
  /** Directory that has the archive. */
  readonly directory: string;
}
