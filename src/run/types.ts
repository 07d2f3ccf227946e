import type { ApplyEvent, Result } from '../apply/index.ts';
import type { Diagnostic } from '../diagnostic.ts';
import type { Collection, CollectionFailure } from '../imageset/index.ts';
import type { Clock, Logger } from '../log.ts';
import type { Plan, PlanOptions, Revision } from '../plan/index.ts';

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
}

/** What both doors can say. */
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
  readonly retryTimes: number;
  /** Milliseconds; absent: exponential. */
  readonly retryDelayMs?: number;
  /** Upper bound of transfers at once; absent: adaptive. */
  readonly parallel?: number;
  readonly verifySignatures: 'releases' | 'off';
  /** Armored keys, text or path. */
  readonly signatureKeys?: string;
  /** `repository:tag` layout limit of oc-mirror's `--max-nested-paths`; 0 or absent: off. */
  readonly maxNestedPaths?: number;
  readonly options: PlanOptions;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly signal?: AbortSignal;
}

/** A configuration file as a door read it: from disk or from a commit. `name` is the path the user knows. */
export interface ConfigFile {
  readonly name: string;
  readonly text: string;
}

/** What to plan: the files of the head, and of the base where the door knows them. */
export interface PlanRequest {
  readonly head: readonly ConfigFile[];
  readonly headRevision: Revision;
  /**
   * Gives the base's files for the commit that was last applied (`undefined` when the state knows none), or
   * `undefined` when that commit cannot be had: then the texts in the state stand for it.
   */
  base(
    lastApplied: string | undefined,
  ): Promise<{ files: readonly ConfigFile[]; revision: Revision } | undefined>;
}

/** A plan and all that was found on the way. */
export interface PlanResult {
  /** Absent when a finding forbids planning. */
  readonly plan?: Plan;
  readonly collections: readonly Collection[];
  readonly failures: readonly CollectionFailure[];
  readonly diagnostics: readonly Diagnostic[];
  /** Files of the plan's artifact by name, `plan.json` and the rest; empty without a plan. */
  readonly files: ReadonlyMap<string, string>;
}

/** What allows a plan to be applied. */
export interface Approval {
  /** Digests of plans that were published for review or approved; undefined: no review is asked for. */
  readonly reviewed?: readonly ReviewedPlan[];
  readonly require: 'deletes' | 'all' | 'none';
}

/** A plan that a reviewer saw. `plan` where its file could be had: then a smaller deed may still be applied. */
export interface ReviewedPlan {
  readonly digest: string;
  readonly plan?: Plan;
}

/** What an apply gave. */
export interface ApplyResult {
  readonly result: Result;
  /** Files of the artifact: `result.json`, `report.html`, `cluster-resources/*.yaml`. */
  readonly files: ReadonlyMap<string, string>;
}

/** Told while a run goes on. */
export type Listener = (event: ApplyEvent) => void;
