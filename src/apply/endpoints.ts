import type { ManifestReader } from '../mirror/index.ts';
import type { Registries, Repository, RepositoryOptions } from '../registry/index.ts';

/** How both ends of a mirror are reached. */
export interface Endpoints {
  readonly source: Registries;
  readonly target: Registries;
  /** `host[:port]` of the target. */
  readonly registry: string;
  /** Reads manifests of either side; what was read before comes from the cache. */
  readonly manifests: ManifestReader;
  /** Upper bound of what is under way at once. */
  readonly parallel: number;
  /** Milliseconds that one image may take; absent: as long as it makes progress. */
  readonly imageTimeoutMs?: number | undefined;
}

/** Opens a repository of the target. */
export function targetRepository(
  endpoints: Endpoints,
  name: string,
  options: RepositoryOptions = {},
): Repository {
  return endpoints.target.repository(endpoints.registry, name, options);
}

/** Opens the repository that `registry/repository` names. */
export function sourceRepository(endpoints: Endpoints, source: string): Repository {
  const slash = source.indexOf('/');
  return endpoints.source.repository(source.slice(0, slash), source.slice(slash + 1));
}
