import type { Plan } from '../../plan/index.ts';

/** The answer to whether a cluster runs a version; unknown where the user named no cluster. */
export type InUse = 'yes' | 'no' | 'unknown';

type Told = Pick<Plan, 'running'>;

/** Tells whether a cluster runs a release. */
export function runsRelease({ running }: Told, version: string): InUse {
  if (!running || running.releases.length === 0) return 'unknown';
  return running.releases.includes(version) ? 'yes' : 'no';
}

/**
 * Tells whether a cluster runs a version of a package.
 *
 * A cluster knows the name of the ClusterServiceVersion, which mostly begins with that of the package; another name says
 * nothing about the package.
 */
export function runsBundle({ running }: Told, owner: string, version: string): InUse {
  const known = running?.operators.filter(({ name }) => name.startsWith(`${owner}.`)) ?? [];
  if (known.length === 0) return 'unknown';
  return known.some((one) => one.version === version) ? 'yes' : 'no';
}
