import {
  dockerTransport,
  type PinnedPlacement,
  parseImageSpec,
  placeKey,
  pullSource,
  type Source,
  workspaceRegistry,
  workspaceSource,
} from '../imageset/index.ts';
import {
  type BasePlacement,
  type Change,
  changeKey,
  isBring,
  isHeld,
  isOfPlace,
  isRemoval,
  type Plan,
  type PlanInput,
  parsePlatform,
  wantedBy,
} from '../plan/index.ts';
import { writeListsAgain } from './attached/index.ts';
import { assembleInput, type PlanFacts } from './plan-input.ts';
import type { Session } from './session.ts';
import { asBase, type Stored } from './stored.ts';

/** Says from where a mirrored image is mirrored again: its origin names the place. */
export function sourceByOrigin({
  origin,
  digest,
  kind,
}: Pick<Change, 'origin' | 'digest' | 'kind'>): Source {
  // The graph image is made of data that no registry has.
  if (kind === 'cincinnatiGraph') return workspaceSource(digest);
  const spec = parseImageSpec(origin);
  // A filtered catalog and an image of a directory have their content from nowhere but the workspace.
  const isMade =
    spec.transport !== dockerTransport || (kind === 'operatorCatalog' && spec.digest !== digest);
  return isMade ? workspaceSource(digest) : { ...pullSource(spec), digest };
}

/** A kept image names no source. */
function sourceOf(change: Change): Source {
  if (!isBring(change)) return sourceByOrigin(change);
  const { source, digest } = change;
  if (source.startsWith(`${workspaceRegistry}/`)) return workspaceSource(digest);
  const slash = source.indexOf('/');
  return { registry: source.slice(0, slash), repository: source.slice(slash + 1), digest };
}

function toPlacement(change: Change): PinnedPlacement {
  const { causes, platforms } = change;
  return {
    source: sourceOf(change),
    ...asBase(change, causes),
    ...(platforms && { platforms: platforms.map(parsePlatform) }),
  };
}

/** Tells whether a change may have to read an image that only the workspace has; a kept graph image may be gone by now. */
function isMadeHere({ source, kind }: Change): boolean {
  return kind === 'cincinnatiGraph' || source?.startsWith(`${workspaceRegistry}/`) === true;
}

/** Tells whether a change says that its place is wanted. */
function isWanted(change: Change): boolean {
  return change.action === 'hold' ? wantedBy(change).length > 0 : !isRemoval(change);
}

/** Places of which an incomplete plan removes nothing: what it withheld is not withheld from it alone. */
function placesLeftAlone(
  plan: Plan,
  before: readonly BasePlacement[],
  state: PlanInput['state'],
): ReadonlySet<string> {
  const spoken = new Set([
    ...before.map(({ target }) => placeKey(target)),
    ...plan.changes.filter((change) => !isOfPlace(change)).map(placeKey),
  ]);
  return new Set(state.map(placeKey).filter((key) => !spoken.has(key)));
}

/**
 * Reads a plan's own wishes back and looks at the target, so that the plan can be made again: what was wanted is wanted,
 * what was to go is to go, and the facts are those of now.
 */
export async function inputOfPlan(
  plan: Plan,
  stored: Stored,
  session: Session,
): Promise<PlanInput> {
  const { placements: state } = stored.state;
  const { tool, target, base, head, options, imageSets, edits, graphs, incomplete } = plan;
  const { repository, notReceived, explicit } = plan;
  const places = plan.changes.filter(isOfPlace);
  const wanted = places.filter(isWanted).map(toPlacement);
  const coming = places.filter(isMadeHere);
  await Promise.all(coming.map(session.reopenImage));
  await writeListsAgain(places.filter(isBring).map(toPlacement), session);
  const before: readonly BasePlacement[] = places
    .filter((change) => !isWanted(change) || change.action === 'hold')
    .map((change) => ({
      ...toPlacement(change),
      ...(change.succeeded && { succeeded: true }),
      ...(change.outgrown && { outgrown: true }),
    }));
  const withheld = placesLeftAlone(plan, before, state);
  const facts: PlanFacts = {
    tool,
    target,
    base,
    head,
    options,
    imageSets,
    edits,
    before,
    after: wanted,
    state,
    ownImageSets: new Set(plan.speaksFor),
    graphs,
    postponed: new Set(
      plan.changes.filter((change) => isHeld(change, 'awaitsReview')).map(changeKey),
    ),
    ...(incomplete && { incomplete, withheld }),
    ...(explicit && { explicit }),
    repository,
    notReceived,
  };
  // Findings were shown when the plan was reviewed.
  return await assembleInput(facts, stored, session);
}
