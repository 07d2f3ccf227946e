/**
 * The decision: from what was wanted, what is wanted and what is there, to what will be done.
 *
 * A plan is data and a pure function of facts: no clock, network or chance is known here, the order of facts makes no
 * difference, and everything people see is rendered from it. Places and digests are told apart throughout. A place is a
 * tag that somebody may want; a digest is content that many places may share, so that to give up a place is not to give
 * up its content. The law of this layer is that nothing reachable from what stays is ever deleted, and what stays is
 * everything that is wanted, mirrored for others, named by a tag that is not ours, or cannot be looked into. When in
 * doubt it holds and says who holds.
 *
 * The steps of a plan: `wanted` joins what the image sets ask for, and `desired` compares it with the target. `candidates`
 * finds places that no image set wants and digests that had a place before, and judges each by itself. `keep-roots` and
 * `reach` find what stays; `removals` chooses between delete, untag and hold. `measure` counts bytes. `plan-schema` is the
 * form of the file, `plan-file` reads and writes it, `delete-list` and `delete-config` say it in oc-mirror's words.
 *
 * It refuses to know how a deed is done: only an apply finds out whether a registry can remove a tag.
 */
export { subjectsOf } from './attached.ts';
export { replacedDigests } from './candidates.ts';
export * from './change.ts';
export * from './check-delete-list.ts';
export * from './compare.ts';
export { observedTag } from './content.ts';
export { createPlan } from './create-plan.ts';
export * from './delete-bound.ts';
export * from './delete-config.ts';
export * from './delete-list.ts';
export * from './deletion-order.ts';
export { type Description, describePlacement } from './desired.ts';
export * from './digest.ts';
export * from './parse-delete-list.ts';
export * from './plan-file.ts';
export { formatPlatform, hasPlatforms, parsePlatform } from './platforms.ts';
export { compareReleaseTexts, releaseKey } from './releases.ts';
export * from './review.ts';
export { countLost } from './successors.ts';
export * from './types.ts';
export { wantedBy } from './wanted.ts';
