import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plan } from '../plan/index.ts';
import type { ReviewedPlan } from '../run/index.ts';
import type { Marker, MarkerReader } from './comment.ts';
import type { HostRepository, MergedPull } from './github-api.ts';
import type { ArtifactService } from './host.ts';
import type { PlanArtifact, WorkflowRun } from './runs-api.ts';

/** Who asks for reviews, and where they may lie. */
export interface ReviewPlace {
  readonly repository: HostRepository;
  readonly artifacts: ArtifactService | undefined;
  /** The workflow file that asks, `.github/workflows/mirror.yml`; only its runs count. */
  readonly workflow: string | undefined;
  /** Whether the host lists its runs. Where it does not, a comment is bound to the head commit alone. */
  readonly hasRuns: boolean;
  /** The name of the artifact for this target and these image sets. */
  readonly artifactName: string;
  /** The key of this target and these image sets. */
  readonly key: string;
  readonly readMarker: MarkerReader;
  /** Reads `plan.json`; throws when it is none. */
  readonly decodePlan: (text: string) => Promise<Plan>;
}

/** Earlier attempts of a run that are looked at, when the last one ended after the merge. */
const maxAttempts = 10;

/** What a pull request starts; other events plan something else than its change. */
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

/** Gives an attempt that succeeded before the merge. What changed a run later is no proof that it ended later. */
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

/** Gives the newest artifact of the name that was there when the attempt ended: a later attempt may have failed. */
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

/** Reads a published plan; one that cannot be read counts as absent. */
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

function sameTarget(one: Plan, other: Plan): boolean {
  return one.target.registry === other.target.registry && one.target.prefix === other.target.prefix;
}

/** Tells whether a published plan is about the target and about image sets that the plan of today speaks for. */
function isAbout(published: Plan, plan: Plan): boolean {
  const known = new Set([...plan.speaksFor, ...plan.imageSets.map(({ name }) => name)]);
  return sameTarget(published, plan) && published.imageSets.every(({ name }) => known.has(name));
}

/** A run that counts, and whether it has published its plan as a file: then the file says what was reviewed. */
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

/** A merged pull request, and who asks for its reviews. */
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

/** Reads the digests in comments of the token's own account that nobody edited after the merge. */
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
    return [{ digest: marker.digest }];
  });
}

/**
 * Gives the plans that runs of this workflow published for a merged pull request before it was merged: from their
 * artifacts, and where a run has none any more, the digest in its comment.
 * @throws ApiError when the interface does not answer
 */
export async function readPublished(
  plan: Plan,
  pull: MergedPull,
  place: ReviewPlace,
): Promise<readonly ReviewedPlan[]> {
  // The workflow of a fork is the fork's: nothing that it publishes proves anything.
  if (!pull.ownHead) return [];
  const counted = place.hasRuns ? await readRuns(pull, place) : [];
  const files = counted.flatMap(({ plan: one }) => (one && isAbout(one, plan) ? [one] : []));
  const isSilent = place.hasRuns && counted.every(({ hasFile }) => hasFile);
  const digests = isSilent ? [] : await readComments(pull, counted, place);
  return [...files.map((one) => ({ digest: one.digest, plan: one })), ...digests];
}
