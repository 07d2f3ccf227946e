import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isSameTarget, type Plan } from '../plan/index.ts';
import type { ReviewedPlan } from '../run/index.ts';
import type { Marker, MarkerReader } from './comment.ts';
import type { HostRepository, MergedPull } from './github-api.ts';
import type { ArtifactService } from './host.ts';
import type { PlanArtifact, WorkflowRun } from './runs-api.ts';

/** The workflow that asks for reviews, and the places that may hold them. */
export interface ReviewPlace {
  readonly repository: HostRepository;
  readonly artifacts: ArtifactService | undefined;
  /** The workflow file of this run, `.github/workflows/mirror.yml`; only its runs count. */
  readonly workflow: string | undefined;
  /** Whether the host lists its runs. If not, only the head commit proves to which change a comment belongs. */
  readonly hasRuns: boolean;
  /** The name of the artifact for this target and these image sets. */
  readonly artifactName: string;
  /** The key of this target and these image sets. */
  readonly key: string;
  readonly readMarker: MarkerReader;
  /** Reads `plan.json`; throws when it is none. */
  readonly decodePlan: (text: string) => Promise<Plan>;
}

/** The number of earlier attempts that are read if the last attempt of a run ended after the merge. */
const maxAttempts = 10;

/** The events of a pull request; a run of another event plans something else than its change. */
const reviewEvents: readonly (string | undefined)[] = ['pull_request', 'pull_request_target'];

/** Tells whether a run planned this pull request, by this workflow file, in this repository. */
function isOfPull(run: WorkflowRun, pull: MergedPull, workflow: string): boolean {
  const isOurs = run.path === workflow && reviewEvents.includes(run.event);
  const { headBranch = pull.headRef } = run;
  const isNamed = run.pulls.length === 0 || run.pulls.includes(pull.number);
  return (
    isOurs &&
    headBranch === pull.headRef &&
    isNamed &&
    run.headSha === pull.headSha &&
    run.headRepository !== undefined &&
    run.headRepository === pull.repository
  );
}

/** An attempt of a run that succeeded before the merge, and when it ended. */
interface Attempt {
  readonly run: WorkflowRun;
  readonly endedAt: number;
}

/** Gives an attempt that succeeded before the merge. A run that changed later may still have ended in time. */
async function endedInTime(
  run: WorkflowRun,
  { mergedAt }: MergedPull,
  repository: HostRepository,
): Promise<Attempt | undefined> {
  if (run.conclusion !== 'success') return undefined;
  if (run.updatedAt !== undefined && run.updatedAt <= mergedAt)
    return { run, endedAt: run.updatedAt };
  const endedAt = await repository.jobsEnd(run.id, run.attempt);
  return endedAt !== undefined && endedAt <= mergedAt ? { run, endedAt } : undefined;
}

/** Gives the attempt of a run that was the last to succeed before the merge. */
async function attemptInTime(
  run: WorkflowRun,
  pull: MergedPull,
  { repository, workflow }: ReviewPlace,
): Promise<Attempt | undefined> {
  if (workflow === undefined || !isOfPull(run, pull, workflow)) return undefined;
  const last = await endedInTime(run, pull, repository);
  if (last) return last;
  const oldest = Math.max(1, run.attempt - maxAttempts);
  for (let number = run.attempt - 1; number >= oldest; number -= 1) {
    const earlier = await repository.attempt(run.id, number);
    const attempt = earlier && (await endedInTime(earlier, pull, repository));
    if (attempt) return attempt;
  }
  return undefined;
}

/** Gives the newest artifact of the name that existed when the attempt ended: a later attempt may have failed. */
function artifactInTime(
  artifacts: readonly PlanArtifact[],
  name: string,
  { endedAt }: Attempt,
): PlanArtifact | undefined {
  return artifacts
    .filter((one) => one.name === name)
    .filter(({ createdAt }) => createdAt !== undefined && createdAt <= endedAt)
    .sort((a, b) => (a.createdAt ?? 0) - (b.createdAt ?? 0) || a.id - b.id)
    .at(-1);
}

/** Reads a published plan; an unreadable plan counts as absent. */
async function readPlan(
  artifact: PlanArtifact,
  { artifacts, decodePlan }: ReviewPlace,
): Promise<Plan | undefined> {
  try {
    const directory = await artifacts?.download(artifact);
    return directory === undefined
      ? undefined
      : await decodePlan(await readFile(join(directory, 'plan.json'), 'utf8'));
  } catch {
    return undefined;
  }
}

/** Tells whether a published plan has the same target, and only image sets that the plan of this run covers. */
function isAbout(published: Plan, plan: Plan): boolean {
  const known = new Set([...plan.speaksFor, ...plan.imageSets.map(({ name }) => name)]);
  const isHere = isSameTarget(published.target, plan.target);
  return isHere && published.imageSets.every(({ name }) => known.has(name));
}

/** A run that counts, and whether its artifact holds the plan: then the plan counts, and not the comment. */
interface Counted {
  readonly run: WorkflowRun;
  readonly hasFile: boolean;
  readonly plan: Plan | undefined;
}

async function readRuns(pull: MergedPull, place: ReviewPlace): Promise<readonly Counted[]> {
  const { repository, artifactName } = place;
  const counted: Counted[] = [];
  for (const found of (await repository.runsOf(pull.headSha)) ?? []) {
    const attempt = await attemptInTime(found, pull, place);
    if (attempt === undefined) continue;
    const { run } = attempt;
    const listed = place.artifacts ? await repository.artifactsOf(run.id) : [];
    const artifact = artifactInTime(listed, artifactName, attempt);
    const plan = artifact && (await readPlan(artifact, place));
    counted.push({ run, hasFile: plan !== undefined, plan });
  }
  return counted;
}

/** A merged pull request, and the place that is searched for its reviews. */
interface Reviewed {
  readonly pull: MergedPull;
  readonly place: ReviewPlace;
}

/** Tells whether a comment was written by a run that counts, for this target and these image sets. */
function isOfRun(marker: Marker, counted: readonly Counted[], { pull, place }: Reviewed) {
  if (marker.key !== place.key || marker.head !== pull.headSha) return false;
  if (!place.hasRuns) return true;
  return counted.some(({ run, hasFile }) => !hasFile && marker.run === `${run.id}-${run.attempt}`);
}

/** Names a pull request in the history of applies. */
function nameOf({ number }: MergedPull): string {
  return `pull request #${number}`;
}

/** Reads the digests in comments of the account of the token. A comment that was edited after the merge does not count. */
async function readComments(
  pull: MergedPull,
  counted: readonly Counted[],
  place: ReviewPlace,
): Promise<readonly ReviewedPlan[]> {
  const { repository, readMarker } = place;
  const login = await repository.login();
  if (login === undefined) return [];
  const own = (await repository.listComments(pull.number)).filter(
    ({ author, editedAt }) =>
      author === login && editedAt !== undefined && editedAt <= pull.mergedAt,
  );
  return own.flatMap(({ body }) => {
    const marker = readMarker(body);
    if (marker?.digest === undefined || !isOfRun(marker, counted, { pull, place })) return [];
    return [{ digest: marker.digest, by: nameOf(pull) }];
  });
}

/**
 * Gives the plans that runs of this workflow published for a pull request before its merge. A run without a plan in its
 * artifacts counts by the digest in its comment.
 * @throws ApiError when the interface does not answer
 */
export async function readPublished(
  plan: Plan,
  pull: MergedPull,
  place: ReviewPlace,
): Promise<readonly ReviewedPlan[]> {
  // A fork controls its own workflow: its plans prove nothing.
  if (!pull.ownHead) return [];
  const counted = place.hasRuns ? await readRuns(pull, place) : [];
  const files = counted.flatMap(({ plan: one }) => (one && isAbout(one, plan) ? [one] : []));
  const isSilent = place.hasRuns && counted.every(({ hasFile }) => hasFile);
  const digests = isSilent ? [] : await readComments(pull, counted, place);
  const by = nameOf(pull);
  return [...files.map((one) => ({ digest: one.digest, plan: one, by })), ...digests];
}
