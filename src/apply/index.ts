/**
 * The deed: what a plan says, in the order that can lose nothing.
 *
 * Looking comes first: `observe` asks the target what a plan has to know, and no more. Then everything is mirrored and
 * verified; the manifests of what goes are stored; only then is anything removed, each tag looked at once more right
 * before; the state is written last. A failure belongs to its own change, is told with its side and remedy, and keeps
 * everything from being deleted. A run that is killed at any moment leaves a target that the next run understands.
 *
 * Other runs may work on the same target. Each says what it needs before it brings it and what it deletes before it deletes
 * it, leaves or waits for what another one said, and looks once more at the end where another one wrote meanwhile.
 *
 * Removals are planned again by `reconsider` when time has passed, done by `delete` and `remove-one`, and repaired by
 * `repair`. Only a removal that both plans contain is done; nothing here decides a removal itself.
 *
 * The layer refuses to know where image sets come from, who approved a plan, and how a result is shown.
 */
export { applyPlan, trafficOf } from './apply.ts';
export type { Endpoints } from './endpoints.ts';
export * from './observe.ts';
export type { Question } from './observe-index.ts';
export type { ApplyRequest } from './request.ts';
export * from './restore.ts';
export * from './types.ts';
export { type Damage, findForeignTags, verifyTarget } from './verify.ts';
