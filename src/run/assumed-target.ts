import type { Endpoints } from '../apply/index.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { InvariantError } from '../errors.ts';
import type { Descriptor } from '../oci/index.ts';
import type { BasePlacement } from '../plan/index.ts';
import type { Registries, Repository } from '../registry/index.ts';

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

/** Gives ways on which the target holds exactly what the base wants: for plans that may not ask it. */
export function assumeTarget(endpoints: Endpoints, before: readonly BasePlacement[]): Endpoints {
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
