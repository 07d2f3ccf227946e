import { messageOf } from '../errors.ts';
import type { Plan } from '../plan/index.ts';
import { type Approval, isReviewed, type ReviewedPlan } from '../run/index.ts';
import { ApiError } from './api-client.ts';
import type { MarkerReader } from './comment.ts';
import type { Event } from './event.ts';
import { type Notices, noInterface } from './gaps.ts';
import type { HostRepository, MergedPull } from './github-api.ts';
import type { ActionsHost, ArtifactService } from './host.ts';
import { hostTraits } from './host-kind.ts';
import type { Inputs } from './inputs.ts';
import { type ReviewPlace, readPublished } from './published.ts';

/** The number of commits whose pull requests are looked up in one run; each costs a request. */
const maxCommits = 500;

/** The same number for a plan that needs no review: its reviews only tell which digests were reviewed. */
const maxUsefulCommits = 50;

/** The places that are searched for reviewed plans. */
export interface ReviewSources {
  readonly repository: HostRepository | undefined;
  readonly artifacts: ArtifactService | undefined;
  readonly env: ActionsHost['env'];
  readonly event: Event;
  readonly artifactName: string;
  readonly key: string;
  readonly notices: Notices;
  readonly readMarker: MarkerReader;
  /** Reads `plan.json`; throws when it is none. */
  readonly decodePlan: (text: string) => Promise<Plan>;
  /** Called for each merged pull request that the plan spans, the newest first. */
  readonly onPull?: (pull: number) => void;
}

/** Tells whether a change mirrors a tag: the tag must still name the digest that was reviewed. */
function comesByTag({ action, origin }: Plan['changes'][number]): boolean {
  return (action === 'mirror' || action === 'retag') && !origin.includes('@');
}

/** Tells whether the reviews name a digest for each change that mirrors a tag. */
function knowsTags(plan: Plan, reviewed: readonly ReviewedPlan[]): boolean {
  const seen = new Set(
    reviewed
      .flatMap(({ plan: one }) => one?.changes ?? [])
      .map(({ repository, tag }) => `${repository}:${tag}`),
  );
  return plan.changes
    .filter(comesByTag)
    .every(({ repository, tag }) => seen.has(`${repository}:${tag}`));
}

/** The commits that a plan spans, newest first, and the part that could not be listed. */
interface Span {
  readonly commits: readonly string[];
  readonly gap?: string;
}

/** Lists the commits since the base of the plan; without a base the commits of the event, else that of the run. */
async function spanOf(plan: Plan, repository: HostRepository, event: Event): Promise<Span> {
  const head = event.sha ?? plan.head.commit;
  if (head === undefined) return { commits: [], gap: 'the commit of this run is not known' };
  const pushed = [...new Set([head, ...[...event.commits].reverse()])];
  const base = plan.base.commit;
  if (base === undefined) return { commits: pushed, gap: 'commits before those of this event' };
  if (base === head) return { commits: [head] };
  try {
    const { commits, isCut } = await repository.commitsBetween(base, head);
    const line = [...new Set([head, ...commits])];
    return isCut
      ? { commits: line, gap: `a part of the commits from ${base} to ${head}` }
      : { commits: line };
  } catch (error) {
    return { commits: pushed, gap: `the commits from ${base} to ${head} (${messageOf(error)})` };
  }
}

/** Tells whether a pull request was merged into the branch of the run by one of the commits of a plan. */
function isInSpan(pull: MergedPull, commits: ReadonlySet<string>, { branch }: Event): boolean {
  const isMerged = pull.mergeCommit === undefined || commits.has(pull.mergeCommit);
  const isHere = branch === undefined || pull.baseRef === undefined || pull.baseRef === branch;
  return isMerged && isHere;
}

/** The result of a search for reviews, and the part that was not searched. */
interface Found {
  /** The newest first. */
  readonly reviewed: readonly ReviewedPlan[];
  readonly unsearched: string | undefined;
}

/** Gives the file of this workflow. The environment names it; if not, the host is asked. */
async function findWorkflow(
  { GITHUB_WORKFLOW_REF: reference = '', GITHUB_RUN_ID: run = '' }: ActionsHost['env'],
  repository: HostRepository,
): Promise<string | undefined> {
  const [, path] = /^[^/]+\/[^/]+\/([^@]+)@/.exec(reference) ?? [];
  if (path !== undefined) return path;
  return /^\d+$/.test(run) ? (await repository.run(Number(run)))?.path : undefined;
}

async function placeOf(sources: ReviewSources, repository: HostRepository): Promise<ReviewPlace> {
  const { artifacts, artifactName, key, readMarker, decodePlan, env } = sources;
  const workflow = await findWorkflow(env, repository);
  const place = { artifacts, artifactName, key, readMarker, decodePlan };
  return { ...place, repository, workflow, hasRuns: hostTraits(env).pages === 'github' };
}

/** Searches the commits, the newest first, until each change that needs a review has one. */
async function search(
  plan: Plan,
  require: Approval['require'],
  { sources, repository }: { readonly sources: ReviewSources; readonly repository: HostRepository },
): Promise<Found> {
  const place = await placeOf(sources, repository);
  const { commits, gap } = await spanOf(plan, repository, sources.event);
  const isNeeded = !isReviewed(plan, { require, reviewed: [] });
  const limit = isNeeded ? maxCommits : maxUsefulCommits;
  const spanned = new Set(commits);
  const seen = new Set<number>();
  const reviewed: ReviewedPlan[] = [];
  const isSettled = () => isReviewed(plan, { require, reviewed }) && knowsTags(plan, reviewed);
  for (const commit of commits.slice(0, limit)) {
    if (isSettled()) break;
    for (const pull of await repository.mergedPulls(commit)) {
      if (seen.has(pull.number) || !isInSpan(pull, spanned, sources.event)) continue;
      seen.add(pull.number);
      sources.onPull?.(pull.number);
      reviewed.push(...(await readPublished(plan, pull, place)));
    }
  }
  if (!isNeeded || isReviewed(plan, { require, reviewed }))
    return { reviewed, unsearched: undefined };
  const rest = commits.length - limit;
  const cut = rest > 0 ? `${rest} commits before ${commits[limit - 1]}` : undefined;
  return { reviewed, unsearched: [cut, gap].filter(Boolean).join(', and ') || undefined };
}

function tellUnsearched(plan: Plan, unsearched: string, notices: Notices): void {
  notices.warn(
    'review-search',
    'A part of the history was not searched for reviewed plans.',
    `Not searched: ${unsearched}. At most ${maxCommits} commits are searched in one run. To apply the plan anyway, start the workflow with the input approve: ${plan.digest}.`,
  );
}

/** Looks up published plans; without a REST interface there are none. */
async function lookUp(
  plan: Plan,
  require: Approval['require'],
  sources: ReviewSources,
): Promise<readonly ReviewedPlan[]> {
  const { repository, notices } = sources;
  const isNeeded = !isReviewed(plan, { require, reviewed: [] });
  const remedy = isNeeded
    ? `To apply it, start the workflow with the input approve: ${plan.digest}`
    : 'Nothing in this plan needs a review; tags are mirrored as they are now';
  if (repository === undefined) {
    const instead = `${remedy}, or set require-review: none where reviews are enforced elsewhere.`;
    notices.miss('review', { why: noInterface, instead });
    return [];
  }
  try {
    const { reviewed, unsearched } = await search(plan, require, { sources, repository });
    if (unsearched !== undefined) tellUnsearched(plan, unsearched, notices);
    // If several plans name the same place, the newest one counts: it comes last.
    return [...reviewed].reverse();
  } catch (why) {
    const isRefused = why instanceof ApiError && [401, 403, 404].includes(why.status);
    const needs = 'The job needs "actions: read" and "pull-requests: read". ';
    notices.miss('review', { why, instead: `${isRefused ? needs : ''}${remedy}.` });
    return [];
  }
}

/**
 * Gives the approval of a plan: the plans that were published for the pull requests merged since its base, and the plan
 * whose whole digest `approve` names.
 *
 * A review is an artifact, or the digest in a comment. It counts if a run of this workflow file in this repository published
 * it for the merged pull request and its head commit, for this target and these image sets, and ended before the merge.
 * A plan that needs no review, or that is approved, causes no search.
 */
export async function findApproval(
  plan: Plan,
  inputs: Pick<Inputs, 'require-review' | 'approve'>,
  sources: ReviewSources,
): Promise<Approval> {
  const require = inputs['require-review'];
  const isNeeded = !isReviewed(plan, { require, reviewed: [] });
  const isUseful =
    require !== 'none' && plan.changes.some(comesByTag) && sources.repository !== undefined;
  if (!isNeeded && !isUseful) return { require, reviewed: [] };
  if (inputs.approve === plan.digest)
    return { require, reviewed: [{ digest: plan.digest, plan, by: 'the input approve' }] };
  return { require, reviewed: await lookUp(plan, require, sources) };
}
