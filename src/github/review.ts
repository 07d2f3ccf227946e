import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../errors.ts';
import type { Plan } from '../plan/index.ts';
import type { Approval, ReviewedPlan } from '../run/index.ts';
import type { MarkerReader } from './comment.ts';
import type { Event } from './event.ts';
import type { MergedPull, Repository } from './github-api.ts';
import type { ArtifactService } from './host.ts';
import type { Inputs } from './inputs.ts';
import type { Notices } from './notices.ts';

/** Commits whose pull requests are looked up in one run: each costs a request. */
const maxCommits = 50;

/** Where reviewed plans are looked for. */
export interface ReviewSources {
  readonly repository: Repository | undefined;
  readonly artifacts: ArtifactService | undefined;
  readonly event: Event;
  readonly artifactName: string;
  readonly notices: Notices;
  readonly readMarker: MarkerReader;
  /** Reads `plan.json`; throws when it is none. */
  readonly decodePlan: (text: string) => Promise<Plan>;
}

/** Tells whether a plan needs a review, so that nothing is looked up in vain. */
function needsReview(plan: Plan, require: Approval['require']): boolean {
  const { mirror, retag, delete: deletes, untag } = plan.totals;
  if (require === 'none') return false;
  return deletes + untag > 0 || (require === 'all' && mirror + retag > 0);
}

/** Tells whether a plan brings images by tag: what was reviewed of them is what has to come. */
function bringsByTag({ changes }: Plan): boolean {
  return changes.some(
    ({ action, origin }) => (action === 'mirror' || action === 'retag') && !origin.includes('@'),
  );
}

/** Lists the commits that a plan spans: those since its base, else what the event names, else the run's own. */
async function spannedCommits(
  plan: Plan,
  repository: Repository,
  event: Event,
): Promise<readonly string[]> {
  const head = event.sha ?? plan.head.commit;
  if (head === undefined) return [];
  const base = plan.base.commit;
  const line =
    base === undefined ? [] : await repository.commitsBetween(base, head).catch(() => []);
  const pushed = [...event.commits].reverse();
  return [...new Set([head, ...(line.length > 0 ? line : pushed)])].slice(0, maxCommits);
}

async function findPulls(
  commits: readonly string[],
  repository: Repository,
): Promise<readonly MergedPull[]> {
  const pulls = new Map<number, MergedPull>();
  for (const commit of commits) {
    for (const pull of await repository.mergedPulls(commit)) pulls.set(pull.number, pull);
  }
  return [...pulls.values()];
}

/** Reads the plans that runs of a pull request uploaded; an artifact that cannot be read counts as absent. */
async function readArtifacts(
  pull: MergedPull,
  repository: Repository,
  { artifacts, artifactName, decodePlan }: ReviewSources,
): Promise<readonly Plan[]> {
  // The workflow of a fork is the fork's: what it uploads proves nothing.
  if (artifacts === undefined || !pull.ownHead) return [];
  const plans: Plan[] = [];
  for (const artifact of await repository.planArtifacts(pull.headSha, artifactName)) {
    try {
      const directory = await artifacts.download(artifact);
      plans.push(await decodePlan(await readFile(join(directory, 'plan.json'), 'utf8')));
    } catch {
      // Expired, of another version, or no plan: the comment may still name its digest.
    }
  }
  return plans;
}

async function readComments(
  pull: MergedPull,
  repository: Repository,
  { readMarker }: ReviewSources,
): Promise<readonly string[]> {
  const comments = await repository.listComments(pull.number);
  return comments
    .filter((comment) => comment.trusted)
    .flatMap((comment) => readMarker(comment.body)?.digest ?? []);
}

function sameTarget(one: Plan, other: Plan): boolean {
  return one.target.registry === other.target.registry && one.target.prefix === other.target.prefix;
}

async function collectPublished(
  plan: Plan,
  repository: Repository,
  sources: ReviewSources,
): Promise<readonly ReviewedPlan[]> {
  const commits = await spannedCommits(plan, repository, sources.event);
  const found = new Map<string, ReviewedPlan>();
  for (const pull of await findPulls(commits, repository)) {
    for (const digest of await readComments(pull, repository, sources)) {
      if (!found.has(digest)) found.set(digest, { digest });
    }
    for (const reviewed of await readArtifacts(pull, repository, sources)) {
      if (sameTarget(reviewed, plan))
        found.set(reviewed.digest, { digest: reviewed.digest, plan: reviewed });
    }
  }
  return [...found.values()];
}

/** Looks up what was published; a host without the interface has published nothing that can be found. */
async function lookUp(plan: Plan, sources: ReviewSources): Promise<readonly ReviewedPlan[]> {
  const { repository, notices } = sources;
  const remedy = `To apply it, start the workflow with the input approve: ${plan.digest}`;
  if (repository === undefined) {
    notices.warn(
      'no-review',
      'Reviewed plans cannot be looked up: there is no interface or no token.',
      `${remedy}, or set require-review: none where reviews are enforced elsewhere.`,
    );
    return [];
  }
  try {
    return await collectPublished(plan, repository, sources);
  } catch (error) {
    notices.warn(
      'no-review',
      'Reviewed plans could not be looked up.',
      `${messageOf(error)}. The job needs "actions: read" and "pull-requests: read". ${remedy}.`,
    );
    return [];
  }
}

/**
 * Gives what allows a plan to be applied: the plans that were published on the pull requests merged since the plan's
 * base, and the one that `approve` names.
 *
 * Plans are read from the artifacts of the pull request's last commit; where there is none, the marker of a trusted
 * comment gives a digest. Nothing is looked up for a plan that needs no review, or that is approved.
 */
export async function findApproval(
  plan: Plan,
  inputs: Pick<Inputs, 'requireReview' | 'approve'>,
  sources: ReviewSources,
): Promise<Approval> {
  const require = inputs.requireReview;
  const isNeeded = needsReview(plan, require);
  const isUseful = require !== 'none' && bringsByTag(plan) && sources.repository !== undefined;
  if (!isNeeded && !isUseful) return { require, reviewed: [] };
  const isApproved =
    inputs.approve !== undefined &&
    plan.digest.slice(plan.digest.indexOf(':') + 1).startsWith(inputs.approve);
  if (isApproved) return { require, reviewed: [{ digest: plan.digest, plan }] };
  return { require, reviewed: await lookUp(plan, sources) };
}
