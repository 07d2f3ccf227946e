import { contentKindOf, formatMapping } from '../imageset/index.ts';
import { removedByImageSet } from '../operators/index.ts';
import { createDeleteConfigs, createDeleteImageList, encodePlan } from '../plan/index.ts';
import { renderSummary, writeReport } from '../views/index.ts';
import { uniqueDiagnostics } from './load.ts';
import { type MadePlan, makePlan, type NoPlan } from './make-plan.ts';
import { formatPinned } from './pinned-config.ts';
import { withSession } from './session.ts';
import type { PlanRequest, PlanResult, Settings } from './types.ts';

/** A name that can stand in a file name. */
function labelOf(name: string): string {
  return name.replace(/\.ya?ml$/, '').replaceAll(/[^A-Za-z0-9._-]+/g, '-');
}

function pinnedFiles({ head, pinned }: MadePlan): (readonly [string, string])[] {
  const isOne = head.collections.length === 1;
  return head.collections.map((collection) => {
    const suffix = isOne ? '' : `-${labelOf(collection.imageSet.name)}`;
    return [`imageset-config-pinned${suffix}.yaml`, formatPinned(collection, pinned.pinned)];
  });
}

/** Gives the files of a plan's artifact by name; each is rendered from the plan alone. */
async function planFiles(made: MadePlan): Promise<ReadonlyMap<string, string>> {
  const { plan, before, head, was } = made;
  const operators = await removedByImageSet(plan, before, was.collections);
  const deleteConfigs = createDeleteConfigs(plan, before, operators);
  return new Map([
    ['plan.json', encodePlan(plan)],
    ...deleteConfigs.map(({ name, text }) => [name, text] as const),
    ['delete-images.yaml', createDeleteImageList(plan)],
    ...pinnedFiles(made),
    ['mapping.txt', formatMapping(head.placements, plan.target.registry)],
    ['summary.md', renderSummary(plan)],
    ['report.html', await writeReport(plan)],
  ]);
}

/** Shows what was made as doors see it. */
export async function toPlanResult(made: MadePlan | NoPlan): Promise<PlanResult> {
  const { collections, failures } = made.head;
  if (!('plan' in made)) {
    const { diagnostics } = made;
    return { collections, failures, diagnostics, files: new Map() };
  }
  const { plan } = made;
  const diagnostics = uniqueDiagnostics(plan.diagnostics);
  const unread = made.pinned.failures.map(({ placement }) => ({
    kind: contentKindOf(placement.kind),
  }));
  return { plan, collections, failures, unread, diagnostics, files: await planFiles(made) };
}

/**
 * Plans, and changes nothing.
 * @throws RegistryError when the target cannot be asked, PlanError when its state cannot be read
 */
export async function plan(settings: Settings, request: PlanRequest): Promise<PlanResult> {
  return await withSession(settings, async (session) =>
    toPlanResult(await makePlan(session, request)),
  );
}
