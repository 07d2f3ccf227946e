/**
 * The use cases that both doors share: plan, apply, mirror, delete, verify, restore; and those of one of them: list, lint.
 *
 * A use case opens a session, reads what was wanted and what is wanted, looks at the target, decides, does, and gives back
 * data: texts of files, findings, results. It writes nothing to the disk but the cache of the workspace; where files go and
 * how they look is the doors' business. Everything that can be refused is refused before the first deed.
 *
 * An entry that cannot be collected holds up nothing but itself: it is an error on its line, what it wanted before stays, and
 * the rest is planned. A file that is refused, two images that claim one place, and a collection that gives nothing at all
 * forbid a plan. `withheld` has the rule; a property test holds it: nothing that a failed entry wanted before is removed.
 *
 * This layer joins the others and decides nothing itself: what is wanted is said below in `imageset/`, what happens in
 * `plan/`, how it is done in `apply/`. It refuses to know events, flags and inputs.
 */
export { pairRenames } from '../base/index.ts';
export { type ConfigFile, contentKindOf } from '../imageset/index.ts';
export { type Approval, isReviewed, type ReviewedPlan } from '../plan/index.ts';
export { apply } from './apply.ts';
export { parseUndoChoice, restore, verify } from './check.ts';
export { deleteExecute, deleteGenerate } from './delete.ts';
export { lint } from './lint.ts';
export { listOperators, listReleases } from './list.ts';
export { mirror } from './mirror.ts';
export { plan } from './plan.ts';
export { planAndApply } from './plan-and-apply.ts';
export { listState, retire } from './retire.ts';
export { toolName, toolVersion } from './tool.ts';
export * from './types.ts';
