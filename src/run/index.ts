/**
 * The use cases of the doors: both plan, apply, mirror, verify and restore. The command line alone deletes by a list, lists,
 * lints, probes, retires an image set, and shows history and state.
 *
 * A use case opens a session, collects both sides of the change, looks at the target, has a plan made, applies it, and gives
 * back data: texts of files, findings, results. On the disk it writes the workspace and archives alone; the doors write
 * the files. Everything that can be refused is refused before the first deed.
 *
 * An entry that cannot be collected delays only itself: it is an error on its line, its former images stay, and the rest is
 * planned. A file that is refused, two images that claim one place, and a collection that gives nothing at all forbid a plan.
 *
 * This layer joins the others and decides nothing itself. `imageset/` says which images are wanted and which are withheld,
 * `plan/` decides what happens and what needs a review, `apply/` does it. `plan-input` alone assembles the facts of a plan.
 * The layer refuses to know events, flags and inputs.
 */

export { pairRenames } from '../base/index.ts';
export { type ConfigFile, contentKindOf } from '../imageset/index.ts';
export { type Approval, isReviewed, type ReviewedPlan } from '../plan/index.ts';
export { apply } from './apply.ts';
export * from './check/index.ts';
export * from './delete.ts';
export * from './delete-types.ts';
export { history, type PastRun } from './history.ts';
export { lint } from './lint.ts';
export { type ListReleasesRequest, listOperators, listReleases } from './list.ts';
export { mirror } from './mirror.ts';
export { plan } from './plan.ts';
export { planAndApply } from './plan-and-apply.ts';
export { type ProbeReport, probe } from './probe.ts';
export * from './retire.ts';
export * from './tool.ts';
export * from './types.ts';
