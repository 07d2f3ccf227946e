import { type Endpoints, type Observed, observe } from '../apply/index.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { InvariantError } from '../errors.ts';
import type { Descriptor } from '../oci/index.ts';
import type { BasePlacement, PlanInput } from '../plan/index.ts';
import type { Registries, Repository } from '../registry/index.ts';
import type { Session } from './session.ts';
import type { Stored } from './stored.ts';
import { toolName } from './tool.ts';

/** A placement of the base of which it is known what it holds. */
type Known = BasePlacement & { readonly content: Descriptor };

function isKnown(placement: BasePlacement): placement is Known {
  return placement.content !== undefined;
}

/** Nothing else is asked of a target while a plan is made. */
function refuse(): never {
  throw new InvariantError('A target that is only assumed was asked for more than a plan needs.');
}

/** A repository that holds what the base wants of it; its manifests are read where they come from. */
function assumeRepository(
  place: { readonly registry: string; readonly name: string },
  placements: readonly Known[],
  source: Registries,
): Repository {
  const tags = placements.map(({ target }) => target.tag);
  const find = (reference: string) =>
    placements.find(({ target, content }) => [target.tag, content.digest].includes(reference));
  const [first] = placements;
  return {
    ...place,
    manifests: {
      resolve: async (reference) => find(reference)?.content,
      async fetch(reference) {
        const { registry, repository } = (find(reference) ?? first)?.source ?? {};
        if (registry === undefined || repository === undefined) return undefined;
        return await source.repository(registry, repository).manifests.fetch(reference);
      },
      push: refuse,
      delete: refuse,
    },
    tags: {
      list: async () => (tags.length > 0 ? tags : undefined),
      survey: async () => (tags.length > 0 ? { tags, list: 'complete' } : undefined),
      delete: refuse,
    },
    blobs: { exists: refuse, fetch: refuse, push: refuse, mount: refuse },
    referrers: { list: async () => [] },
  };
}

/** Gives endpoints on which the target holds exactly what the base wants: for plans that may not ask it. */
function assumeTarget(endpoints: Endpoints, before: readonly BasePlacement[]): Endpoints {
  const placed = Map.groupBy(before.filter(isKnown), ({ target }) => target.repository);
  const { source } = endpoints;
  const repository: Registries['repository'] = (registry, name) =>
    assumeRepository({ registry, name }, placed.get(name) ?? [], source);
  return { ...endpoints, target: { ...endpoints.target, repository } };
}

/** Says that a plan was made without a look at the target. */
export const notObserved: Diagnostic = {
  severity: 'warning',
  code: 'no-observation',
  summary: 'The target could not be read, so the plan shows what the change of the files means.',
  detail:
    'This run has no credentials for the target, as runs for forks and for Dependabot have none. The plan takes for granted that the target holds what the base wants; the apply looks again.',
};

/** Facts of a plan that every use case has to name; the others have a default. */
export type PlanFacts = Pick<PlanInput, 'before' | 'after' | 'state' | 'ownImageSets'> &
  Partial<PlanInput>;

/** Looks at the target as far as a plan of these facts needs it; an assumed target holds what the base wants. */
export async function lookAtTarget(
  { before, after, state, options }: PlanFacts,
  { state: { pending }, tagLists }: Stored,
  { endpoints, settings }: Session,
): Promise<Observed> {
  const { prune } = options ?? settings.options;
  return await observe(
    { wanted: after, base: before, state, prune, tagLists, pending },
    settings.targetAccess === 'assumed' ? assumeTarget(endpoints, before) : endpoints,
  );
}

/** Joins everything that a plan is a function of; the target is looked at, unless its observation is among the facts. */
export async function assembleInput(
  facts: PlanFacts,
  stored: Stored,
  session: Session,
): Promise<PlanInput> {
  const observation = facts.observation ?? (await lookAtTarget(facts, stored, session)).observation;
  return {
    tool: toolName,
    target: session.target,
    options: session.settings.options,
    base: { from: 'none' },
    head: { from: 'files' },
    imageSets: [],
    edits: [],
    graphs: [],
    diagnostics: [],
    ...facts,
    observation,
  };
}
