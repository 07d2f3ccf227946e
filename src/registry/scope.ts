/** The action of a request, and its repository. */
export interface Access {
  /** Absent for `GET /v2/`. */
  readonly repository?: string;
  readonly verb: 'pull' | 'push' | 'delete';
  /** Another repository that is read along: the source of a mount. */
  readonly from?: string;
}

/**
 * Actions to ask for, the next when the service refuses the one before.
 *
 * A delete asks for everything first: Quay refuses a scope with "delete", and "*" is what other clients ask for.
 */
const actions: Readonly<Record<Access['verb'], readonly string[]>> = {
  pull: ['pull'],
  push: ['pull,push'],
  delete: ['*', 'pull,push,delete'],
};

function resourceOf(scope: string): string {
  return scope.slice(0, scope.lastIndexOf(':'));
}

function actionsOf(scope: string): readonly string[] {
  return scope.slice(scope.lastIndexOf(':') + 1).split(',');
}

/** Joins scopes of the same resource, in the order of first mention. */
export function mergeScopes(scopes: readonly string[]): readonly string[] {
  const merged = new Map<string, Set<string>>();
  for (const scope of scopes) {
    const known = merged.get(resourceOf(scope)) ?? new Set();
    for (const action of actionsOf(scope)) known.add(action);
    merged.set(resourceOf(scope), known);
  }
  return [...merged].map(([resource, known]) => `${resource}:${[...known].join(',')}`);
}

/**
 * Gives the lists of scopes to ask for, in order of preference; `named` is what the registry itself said it wants.
 * @see distribution, "Token Scope Documentation"
 */
export function scopesFor(
  access: Access,
  named: readonly string[] = [],
): readonly (readonly string[])[] {
  const { repository, verb, from } = access;
  // GHCR names the scope of an example for `/v2/`: of use where it gives no token without any.
  if (repository === undefined) return named.length === 0 ? [[]] : [[], mergeScopes(named)];
  const along = from === undefined ? [] : [`repository:${from}:pull`];
  const wishes = actions[verb].map((wanted) =>
    mergeScopes([`repository:${repository}:${wanted}`, ...along, ...named]),
  );
  // A service that refuses every scope with delete may allow deletes with a scope to push.
  return verb === 'delete' ? [...wishes, [`repository:${repository}:pull,push`]] : wishes;
}
