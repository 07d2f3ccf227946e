import { observe } from '../apply/index.ts';
import { type PinnedPlacement, placeKey } from '../imageset/index.ts';
import type { Descriptor, Digest } from '../oci/index.ts';
import {
  type BasePlacement,
  createPlan,
  type Observation,
  type Plan,
  type PlanInput,
} from '../plan/index.ts';
import type { Session, Stored } from './session.ts';
import { toolName } from './tool.ts';

/** A plan that removes exactly the places that were named. */
export interface ExplicitDelete {
  readonly plan: Plan;
  readonly input: PlanInput;
}

function describe(digest: Digest, { content }: Observation): Descriptor {
  return content.get(digest)?.descriptor ?? { digest, mediaType: 'unknown', size: 0 };
}

/** Every other tag of the same repositories is wanted by somebody: what it shares stays. */
function everythingElse(
  observation: Observation,
  named: ReadonlySet<string>,
  registry: string,
): PinnedPlacement[] {
  return [...observation.repositories].flatMap(([repository, { tags }]) =>
    [...tags].flatMap(([tag, digest]): PinnedPlacement[] => {
      const target = { repository, tag };
      if (digest === undefined || named.has(placeKey(target))) return [];
      return [
        {
          source: { registry, repository, digest },
          target,
          kind: 'generic',
          origin: `${registry}/${repository}:${tag}`,
          causes: [],
          content: describe(digest, observation),
        },
      ];
    }),
  );
}

/** The wish is about the place: whatever its tag names now is what goes. */
function asTheyAre(wishes: readonly BasePlacement[], observation: Observation): BasePlacement[] {
  return wishes.map((wish) => {
    const { repository, tag } = wish.target;
    const digest = observation.repositories.get(repository)?.tags.get(tag);
    return digest === undefined ? wish : { ...wish, content: describe(digest, observation) };
  });
}

/**
 * Plans the removal of places that somebody named one by one, in a list or a DeleteImageSetConfiguration.
 *
 * The wish is explicit, so nobody has to have mirrored them with this tool. The rules are the same: what any other tag of
 * their repositories shares stays, and only the tag goes.
 */
export async function planExplicitDelete(
  wishes: readonly BasePlacement[],
  { tagLists }: Stored,
  { endpoints, target, settings }: Session,
): Promise<ExplicitDelete> {
  const { protect } = settings.options;
  const question = { wanted: [], base: wishes, state: [], prune: 'removed', tagLists } as const;
  const { observation } = await observe(question, endpoints);
  const named = new Set(wishes.map((wish) => placeKey(wish.target)));
  const input: PlanInput = {
    tool: toolName,
    target,
    base: { from: 'files' },
    head: { from: 'files' },
    options: { prune: 'removed', maxDelete: { share: 1 }, protect },
    imageSets: [],
    edits: [],
    before: asTheyAre(wishes, observation),
    after: everythingElse(observation, named, target.registry),
    state: [],
    ownImageSets: new Set(),
    observation,
    graphs: [],
    diagnostics: [],
    explicit: true,
  };
  return { plan: createPlan(input), input };
}
