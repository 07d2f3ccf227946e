import { observe } from '../apply/index.ts';
import { sortBy } from '../base/index.ts';
import { ConfigError } from '../errors.ts';
import { type MirroredPlacement, nearestName } from '../imageset/index.ts';
import {
  type BasePlacement,
  createPlan,
  type KeptImageSet,
  type PlanInput,
} from '../plan/index.ts';
import type { State } from '../state/index.ts';
import { knownImageSets } from './former-names.ts';
import { joinCollections } from './gather.ts';
import { findNotReceived } from './image-set-records.ts';
import { toPlanResult } from './plan.ts';
import { compareResources } from './resources.ts';
import { readState, type Session, type Stored, withSession } from './session.ts';
import { toolName } from './tool.ts';
import type { PlanResult, Settings } from './types.ts';

/** Names that an error lists. */
const maxNames = 20;

/** Gives the image sets that the state of a target knows, with what they keep. */
export async function listState(settings: Settings): Promise<readonly KeptImageSet[]> {
  return await withSession(settings, async (session) => {
    const { state } = await readState(session);
    return sortBy(findNotReceived(state, new Set()), ({ name }) => name);
  });
}

/**
 * Finds the image set that is meant: by its whole name, or by its path where only one has it.
 * @throws ConfigError `INPUT_INVALID` for a name that the state does not know, with those that it knows
 */
function findName(state: State, wanted: string): string {
  const names = [...knownImageSets(state).keys()].sort();
  const byPath = names.filter((name) => name.endsWith(`//${wanted}`));
  const found = names.includes(wanted) ? wanted : byPath.length === 1 ? byPath[0] : undefined;
  if (found !== undefined) return found;
  const near = nearestName(wanted, names);
  const more = names.length > maxNames ? `, and ${names.length - maxNames} more` : '';
  const listed = names.slice(0, maxNames).join(', ');
  throw new ConfigError(
    'INPUT_INVALID',
    `The state knows no image set ${JSON.stringify(wanted)}.${near === undefined ? '' : ` Did you mean ${JSON.stringify(near)}?`}`,
    { hint: names.length > 0 ? `It knows: ${listed}${more}.` : 'It knows none at all.' },
  );
}

/** What was mirrored is what was wanted: no source and no file is asked any more. */
function toWish(placement: MirroredPlacement, imageSet: string): BasePlacement {
  const { repository, tag, kind, origin, digest, mediaType, size } = placement;
  const { release, component } = placement;
  return {
    source: { registry: '', repository: '' },
    target: { repository, tag },
    kind,
    origin,
    causes: [{ imageSet, path: 'mirror', at: { file: imageSet, line: 1, column: 1 } }],
    content: { digest, mediaType, size },
    ...(release && { release }),
    ...(component !== undefined && { component }),
  };
}

async function inputOf(name: string, stored: Stored, session: Session): Promise<PlanInput> {
  const { state, tagLists } = stored;
  const { placements } = state;
  const before = placements
    .filter(({ imageSets }) => imageSets.includes(name))
    .map((placement) => toWish(placement, name));
  const question = {
    wanted: [],
    base: before,
    state: placements,
    prune: 'removed',
    tagLists,
  } as const;
  const { observation } = await observe(question, session.endpoints);
  const ownImageSets = new Set([name]);
  return {
    tool: toolName,
    target: session.target,
    base: { from: 'state' },
    head: { from: 'none' },
    options: { ...session.settings.options, prune: 'removed' },
    imageSets: [],
    edits: [],
    before,
    after: [],
    state: placements,
    ownImageSets,
    observation,
    graphs: [],
    notReceived: findNotReceived(state, ownImageSets),
    diagnostics: [],
    explicit: true,
  };
}

/**
 * Plans the end of an image set: what the state says it wants is not wanted any more, and everything else stays.
 *
 * Effects: reads only. The plan is applied like any other.
 * @throws ConfigError `INPUT_INVALID` for an unknown name, RegistryError when the target cannot be asked
 */
export async function retire(settings: Settings, wanted: string): Promise<PlanResult> {
  return await withSession(settings, async (session) => {
    const stored = await readState(session);
    const input = await inputOf(findName(stored.state, wanted), stored, session);
    const decided = createPlan(input);
    const resources = compareResources(decided, input.state, settings);
    const nothing = joinCollections([]);
    const pinned = { pinned: [], failures: [], diagnostics: [] };
    const plan = { ...decided, resources };
    return await toPlanResult({
      plan,
      input,
      stored,
      head: nothing,
      before: [],
      was: nothing,
      pinned,
    });
  });
}
