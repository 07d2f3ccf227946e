import type { InferOutput } from 'valibot';
import type { Diagnostic } from '../diagnostic.ts';
import type { MirroredPlacement, PinnedPlacement, Placement } from '../imageset/index.ts';
import type { Descriptor, Digest } from '../oci/index.ts';
import type { ChannelGraph } from '../release/index.ts';
import type { Change, Frozen } from './change.ts';
import type { planSchema } from './plan-schema.ts';

/** A plan: versioned data, from which every view is rendered and which alone causes deeds. */
export interface Plan extends Omit<PlanFile, 'changes'> {
  /** Sorted by repository, tag, action. */
  readonly changes: readonly Change[];
}

type PlanFile = Frozen<InferOutput<typeof planSchema>>;

/** An edit of a configuration: the author's change. */
export type ConfigEdit = PlanFile['edits'][number];

/** Counts and bytes of a plan; all views print these. */
export type Totals = PlanFile['totals'];

/** The images that a plan may remove, and the limit on them. */
export type PlanOptions = PlanFile['options'];

/** The target of a plan. */
export type PlanTarget = PlanFile['target'];

/** A commit, or what stands for one. */
export type Revision = PlanFile['base'];

/** The clusters' view of one channel of a mirrored catalog: versions that stay, come and go, each list ascending. */
export type OperatorChannel = NonNullable<PlanFile['operators']>[number];

/** A bundle that a channel of a mirrored catalog has no more. */
export type RemovedVersion = OperatorChannel['removed'][number];

/** Images that are mirrored and that no image set wants any more. */
export type StaleImages = NonNullable<PlanFile['stale']>;

/** An image set that was planned. */
export type PlannedImageSet = PlanFile['imageSets'][number];

/** An image set that the state knows and that a run was not given: what it wants stays. */
export type KeptImageSet = NonNullable<PlanFile['notReceived']>[number];

/** A manifest as planning sees it. */
export interface ContentNode {
  readonly descriptor: Descriptor;
  /** Manifests below an index. */
  readonly children: readonly Digest[];
  /** Blobs of an image, foreign layers left out. */
  readonly blobs: readonly { readonly digest: Digest; readonly size: number }[];
  readonly subject?: Digest;
}

/** The content of one repository of the target. */
export interface ObservedRepository {
  readonly exists: boolean;
  /** Every tag; a tag that was listed and not resolved has `undefined`. */
  readonly tags: ReadonlyMap<string, Digest | undefined>;
  /** Digests of ours that were replaced, or lost their tag, and lie there still, whether or not a tag names them. */
  readonly replaced?: ReadonlySet<Digest>;
  /** Set where the list of tags was seen to leave tags out: what else names a digest nobody knows then. */
  readonly list?: 'incomplete';
}

/** The content of the target, and of every manifest that was read on either side. */
export interface Observation {
  readonly repositories: ReadonlyMap<string, ObservedRepository>;
  readonly content: ReadonlyMap<Digest, ContentNode>;
  /** Blobs that are known to lie in the target, in whatever repository. */
  readonly present: ReadonlySet<Digest>;
}

/**
 * A placement of the base of a diff. It has no source where only its place was named, and its content is unknown where
 * neither state nor upstream can tell.
 */
export type BasePlacement = Omit<Placement, 'source'> & {
  readonly source?: Placement['source'];
  readonly content?: Descriptor;
  /** Its operator packages are known to stay with other bundles. */
  readonly succeeded?: true;
  /** Its catalog moved on, so that its entry does not ask for it any more: no edit removes it. */
  readonly outgrown?: true;
};

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
  /** The images that the image sets of the base ask for. */
  readonly before: readonly BasePlacement[];
  /** The images that all image sets of this run ask for. */
  readonly after: readonly PinnedPlacement[];
  readonly state: readonly MirroredPlacement[];
  /** Names of the image sets of the run, of its base and head: others in the state keep what they want. */
  readonly ownImageSets: ReadonlySet<string>;
  readonly observation: Observation;
  readonly graphs: readonly ChannelGraph[];
  readonly operators?: readonly OperatorChannel[];
  readonly running?: Plan['running'] | undefined;
  readonly lacks?: Plan['lacks'] | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** Something could not be collected, so that the next run has to catch up with this plan. */
  readonly incomplete?: boolean;
  /** Keys of places that an entry which could not be collected may have wanted: they only look unwanted, and stay. */
  readonly withheld?: ReadonlySet<string>;
  /** The removed places were named one by one, so an empty rest is no mistake. */
  readonly explicit?: boolean;
  /** Keys of removals that wait: nobody has reviewed them, or they are more than `max-delete` allows. */
  readonly postponed?: ReadonlySet<string>;
}
