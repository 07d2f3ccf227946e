import { listNames, nearestNames, sortBy } from '../base/index.ts';
import { ConfigError } from '../errors.ts';
import type { KeptImageSet, PlanInput } from '../plan/index.ts';
import { knownImageSets, type State } from '../state/index.ts';
import { findNotReceived } from './image-set-records.ts';
import { decide, withoutSources } from './make-plan.ts';
import { toPlanResult } from './plan.ts';
import { assembleInput, type PlanFacts } from './plan-input.ts';
import { type Session, withSession } from './session.ts';
import { asBase, readState, type Stored } from './stored.ts';
import type { PlanResult, Settings } from './types.ts';

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
  const near = nearestNames(wanted, names)[0];
  throw new ConfigError(
    'INPUT_INVALID',
    `The state knows no image set ${JSON.stringify(wanted)}.${near === undefined ? '' : ` Did you mean ${JSON.stringify(near)}?`}`,
    {
      hint: names.length > 0 ? `It knows: ${listNames(names, maxNames)}.` : 'It knows none at all.',
    },
  );
}

async function inputOf(name: string, stored: Stored, session: Session): Promise<PlanInput> {
  const { placements } = stored.state;
  const ownImageSets = new Set([name]);
  const causes = [{ imageSet: name, path: 'mirror', at: { file: name, line: 1, column: 1 } }];
  const facts: PlanFacts = {
    base: { from: 'state' },
    head: { from: 'none' },
    options: { ...session.settings.options, prune: 'removed' },
    before: placements
      .filter(({ imageSets }) => imageSets.includes(name))
      .map((placement) => asBase(placement, causes)),
    after: [],
    state: placements,
    ownImageSets,
    notReceived: findNotReceived(stored.state, ownImageSets),
    explicit: true,
  };
  return await assembleInput(facts, stored, session);
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
    return await toPlanResult(withoutSources(decide(input, session), input, stored));
  });
}
