/**
 * The GitHub door: it turns inputs into settings and a request, and results into files, an artifact, a summary, a
 * comment, annotations and outputs.
 *
 * Beliefs: the host is a convenience. A run on GitHub, on a server in a closed network, on Gitea, Forgejo or act makes
 * the same plan and the same changes. A missing service is named once and changes nothing else. Comments, artifacts,
 * caches and event files come from others: they are read as data, believed only if their author may write to the
 * repository, and compared by digest.
 *
 * Laws: secrets are masked before anything else happens, and reach neither git nor a cache nor an artifact; every input
 * is checked before the first change; files are written before they are uploaded; views are rendered from the plan and
 * never read back, but for the marker that names a plan's digest.
 *
 * This layer refuses to know how a plan is made, applied or drawn: {@link ActionJobs} and {@link Views} are passed in. It is
 * the only one that imports `@actions/*`.
 */
export * from './actions-host.ts';
export * from './door.ts';
export type { Views } from './session.ts';
