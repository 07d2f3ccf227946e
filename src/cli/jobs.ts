import type { Diagnostic } from '../diagnostic.ts';
import type { KeptImageSet } from '../plan/index.ts';
import type {
  ApplyResult,
  Approval,
  CheckReport,
  ConfigFile,
  DeleteGenerateReport,
  DeleteGenerateRequest,
  DeleteReport,
  Listener,
  Listing,
  ListOperatorsRequest,
  ListReleasesRequest,
  MirrorReport,
  MirrorRequest,
  PlanRequest,
  PlanResult,
  Settings,
  UndoChoice,
} from '../run/index.ts';

/**
 * The use cases as the command line calls them; the composition root passes the real ones, tests pass their own.
 *
 * What a job cannot do at all it throws (ConfigError with oc-mirror's own words where a file is refused, RegistryError
 * when the target does not let us in, PlanError); what went wrong with single images it reports.
 */
export interface Jobs {
  /** Mirrors without deleting. */
  mirror(settings: Settings, request: MirrorRequest, listener: Listener): Promise<MirrorReport>;
  plan(settings: Settings, request: PlanRequest): Promise<PlanResult>;
  /** Plans the end of an image set, by the name that the state has for it. */
  retire(settings: Settings, name: string): Promise<PlanResult>;
  /** Gives the image sets that the state knows. */
  listState(settings: Settings): Promise<readonly KeptImageSet[]>;
  /** `files`: texts of the plan's image sets where the caller has them (`-c`), else empty. */
  apply(
    settings: Settings,
    request: {
      readonly planText: string;
      readonly approval: Approval;
      readonly files: readonly ConfigFile[];
    },
    listener: Listener,
  ): Promise<ApplyResult>;
  deleteGenerate(settings: Settings, request: DeleteGenerateRequest): Promise<DeleteGenerateReport>;
  /** `list.name` is the path of the DeleteImageList. */
  deleteExecute(settings: Settings, list: ConfigFile, listener: Listener): Promise<DeleteReport>;
  verify(settings: Settings, listener: Listener): Promise<CheckReport>;
  restore(settings: Settings, undo: UndoChoice, listener: Listener): Promise<CheckReport>;
  listOperators(settings: Settings, request: ListOperatorsRequest): Promise<Listing>;
  listReleases(settings: Settings, request: ListReleasesRequest): Promise<Listing>;
  /** Finds what is wrong with files; asks nobody. */
  lint(
    settings: Pick<Settings, 'workspace' | 'log'>,
    files: readonly ConfigFile[],
  ): Promise<Diagnostic[]>;
  /** Shows the story on registries of its own; gives the exit code. */
  demo(print: (text: string) => void): Promise<number>;
}
