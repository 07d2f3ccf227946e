import type { Diagnostic } from '../diagnostic.ts';
import type { SourcePosition } from '../errors.ts';
import type {
  ChannelGraph,
  ImageKind,
  MirroredPlacement,
  PinnedPlacement,
  Placement,
  ReleaseId,
} from '../imageset/index.ts';
import type { Descriptor, Digest } from '../oci/index.ts';
import type { ResourceChange } from '../resources/index.ts';
import type { Action, Change } from './change.ts';
import type { KeptImageSet, PlannedImageSet } from './image-sets.ts';

/** An edit of a configuration: what the author changed. */
export interface ConfigEdit {
  readonly imageSet: string;
  /** `mirror.platform.channels[0].minVersion` */
  readonly path: string;
  readonly from?: string;
  readonly to?: string;
  readonly at: SourcePosition;
}

/** Counts and bytes of a plan; all views print these. */
export interface Totals extends Readonly<Record<Action, number>> {
  readonly bytesToMirror: number;
  readonly bytesToFree: number;
  readonly bytesKept: number;
  /** Some manifest was not readable, so that the bytes are a lower bound. */
  readonly bytesAreExact: boolean;
}

/** What prunes and what bounds a run. */
export interface PlanOptions {
  readonly prune: 'removed' | 'stale' | 'none';
  /** `{count}` or `{share}` (0 to 1) of what is mirrored. */
  readonly maxDelete: { readonly count: number } | { readonly share: number };
  readonly protect: readonly string[];
}

/** The target of a plan. */
export interface PlanTarget {
  readonly registry: string;
  /** Path prefix without slashes at its ends; empty for none. Repositories of changes include it. */
  readonly prefix: string;
}

/** A commit, or what stands for one. */
export interface Revision {
  readonly commit?: string;
  /** Where the base came from. */
  readonly from: 'input' | 'state' | 'event' | 'files' | 'none';
  /** Of the head: something newer was applied before. Then whatever is done needs a review. */
  readonly isOlder?: true;
}

/** A bundle that a channel of a mirrored catalog has no more. */
export interface RemovedVersion {
  readonly version: string;
  /** The bundle's image, as the origins of changes name it. */
  readonly image?: string;
  /** Whether what stays leads from it to the channel's head. */
  readonly updates: boolean;
}

/** What becomes of one channel of a mirrored catalog, for the clusters that subscribe to it; versions ascend. */
export interface OperatorChannel {
  /** The catalog as the configuration names it. */
  readonly catalog: string;
  readonly package: string;
  readonly channel: string;
  /** Version of the head; absent where the channel goes. */
  readonly head?: string;
  readonly kept: readonly string[];
  readonly added: readonly string[];
  readonly removed: readonly RemovedVersion[];
  /** The line that asks for the package now. */
  readonly at?: SourcePosition;
}

/** Images that are mirrored and that no image set wants any more. */
export interface StaleImages {
  readonly count: number;
  /** Bytes of what only they are, as the state knows them; layers that they share count for each. */
  readonly bytes: number;
  /** Releases first, by version; then what belongs to none, by kind. */
  readonly groups: readonly {
    /** Version of the release to which they belong. */
    readonly release?: string;
    /** What they are, where they belong to no release. */
    readonly kind?: ImageKind;
    readonly count: number;
  }[];
}

/** A plan: versioned data, from which every view is rendered and which alone causes deeds. */
export interface Plan {
  /** Plans of the format 1.0 can be read; they are no review, since their digest leaves out the limits. */
  readonly formatVersion: '1.0' | '1.1';
  /** `sha256:` of the canonical encoding of {target, options, deeds}; a squash merge keeps it. */
  readonly digest: string;
  readonly tool: string;
  readonly target: PlanTarget;
  readonly base: Revision;
  readonly head: Revision;
  readonly options: PlanOptions;
  readonly imageSets: readonly PlannedImageSet[];
  /** Name of the repository of the run: its image sets are shown by their paths alone. */
  readonly repository?: string;
  /** By name; absent: none. */
  readonly notReceived?: readonly KeptImageSet[];
  /** What goes was named, place by place or as a whole image set: that nothing else is wanted is no mistake then. */
  readonly explicit?: true;
  /** Names of the image sets of base and head, former names too, sorted: what others want is not up to this plan. */
  readonly speaksFor: readonly string[];
  readonly edits: readonly ConfigEdit[];
  /** Sorted by repository, tag, action. */
  readonly changes: readonly Change[];
  readonly releases: {
    readonly added: readonly ReleaseId[];
    readonly removed: readonly ReleaseId[];
    readonly kept: readonly ReleaseId[];
  };
  readonly graphs: readonly ChannelGraph[];
  /** Channels of operators that are asked for by name or that change, by catalog, package and channel; absent: none. */
  readonly operators?: readonly OperatorChannel[];
  /** How the cluster resources differ from those of the last apply, by kind, name and source; absent where nobody compared. */
  readonly resources?: readonly ResourceChange[];
  readonly diagnostics: readonly Diagnostic[];
  /** What this plan leaves alone although nobody wants it; `prune: stale` removes it. Absent: nothing. */
  readonly stale?: StaleImages;
  /** Something could not be collected when the plan was made: what it may have wanted stays. */
  readonly incomplete?: true;
  readonly totals: Totals;
}

/** A manifest as planning sees it. */
export interface ContentNode {
  readonly descriptor: Descriptor;
  /** Manifests below an index. */
  readonly children: readonly Digest[];
  /** Blobs of an image, foreign layers left out. */
  readonly blobs: readonly { readonly digest: Digest; readonly size: number }[];
  readonly subject?: Digest;
}

/** What one repository of the target holds. */
export interface ObservedRepository {
  readonly exists: boolean;
  /** Every tag; a tag that was listed and not resolved has `undefined`. */
  readonly tags: ReadonlyMap<string, Digest | undefined>;
  /** Digests of ours that were replaced, or lost their tag, and lie there still, whether or not a tag names them. */
  readonly replaced?: ReadonlySet<Digest>;
  /** Set where the list of tags was seen to leave tags out: what else names a digest nobody knows then. */
  readonly list?: 'incomplete';
}

/** What the target holds, and the content of every manifest that was read on either side. */
export interface Observation {
  readonly repositories: ReadonlyMap<string, ObservedRepository>;
  readonly content: ReadonlyMap<Digest, ContentNode>;
  /** Blobs that are known to lie in the target, in whatever repository. */
  readonly present: ReadonlySet<Digest>;
}

/** A placement of the base of a diff; its content is unknown where neither state nor upstream can tell. */
export type BasePlacement = Placement & { readonly content?: Descriptor };

/** Everything a plan is a pure function of. */
export interface PlanInput {
  readonly tool: string;
  readonly target: PlanTarget;
  readonly base: Revision;
  readonly head: Revision;
  readonly options: PlanOptions;
  readonly imageSets: readonly PlannedImageSet[];
  readonly repository?: string | undefined;
  readonly notReceived?: readonly KeptImageSet[] | undefined;
  readonly edits: readonly ConfigEdit[];
  /** What the base's image sets ask for. */
  readonly before: readonly BasePlacement[];
  /** What all image sets of this run ask for. */
  readonly after: readonly PinnedPlacement[];
  readonly state: readonly MirroredPlacement[];
  /** Names of the image sets that this run speaks for (base and head): others in the state keep what they want. */
  readonly speaksFor: ReadonlySet<string>;
  readonly observation: Observation;
  readonly graphs: readonly ChannelGraph[];
  readonly operators?: readonly OperatorChannel[];
  readonly diagnostics: readonly Diagnostic[];
  /** Something could not be collected, so that the next run has to catch up with this plan. */
  readonly incomplete?: boolean;
  /** Keys of places that an entry which could not be collected may have wanted: they only look unwanted, and stay. */
  readonly withheld?: ReadonlySet<string>;
  /** What goes was named place by place: that nothing else is left is no mistake then. */
  readonly explicit?: boolean;
  /** Keys of removals that wait: nobody has reviewed them, or they are more than `max-delete` allows. */
  readonly postponed?: ReadonlySet<string>;
}
