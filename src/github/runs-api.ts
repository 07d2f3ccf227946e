import { asObject, type JsonObject } from '../base/index.ts';
import { type ApiClient, orAbsent } from './api-client.ts';
import { asCount, asObjects, optionalText, readTime } from './json.ts';

/** A run of a workflow, or one attempt of it, as the host knows it. */
export interface WorkflowRun {
  readonly id: number;
  readonly attempt: number;
  /** The file of the workflow, `.github/workflows/mirror.yml`. */
  readonly path: string | undefined;
  readonly event: string | undefined;
  readonly headSha: string | undefined;
  readonly headBranch: string | undefined;
  /** Id of the repository of the head. */
  readonly headRepository: number | undefined;
  /** `success`, `failure`, …; absent while the run goes on. */
  readonly conclusion: string | undefined;
  /** The time of the last change; for a finished run this is its end. */
  readonly updatedAt: number | undefined;
  /** Open pull requests of its head, if the host names them. */
  readonly pulls: readonly number[];
}

/** An artifact of a run. */
export interface PlanArtifact {
  readonly id: number;
  readonly runId: number;
  readonly name: string;
  readonly createdAt: number | undefined;
}

/** Requests for runs and their artifacts. */
export interface Runs {
  /** Lists the runs of a commit; `undefined` on a host that has no such list. */
  runsOf(commit: string): Promise<readonly WorkflowRun[] | undefined>;
  run(id: number): Promise<WorkflowRun | undefined>;
  /** Gives an earlier attempt of a run. */
  attempt(id: number, attempt: number): Promise<WorkflowRun | undefined>;
  /** Gives the time when the last job of an attempt ended; `undefined` while a job runs. */
  jobsEnd(id: number, attempt: number): Promise<number | undefined>;
  /** Lists the artifacts of a run that still exist. */
  artifactsOf(run: number): Promise<readonly PlanArtifact[]>;
}

/** The largest number of pages of runs, jobs and artifacts that are read: 1,000 of each. */
const maxPages = 10;

function readRun(run: JsonObject): WorkflowRun[] {
  const id = asCount(run['id']);
  if (id === undefined) return [];
  return [
    {
      id,
      attempt: asCount(run['run_attempt']) ?? 1,
      path: optionalText(run['path'])?.split('@', 1)[0],
      event: optionalText(run['event']),
      headSha: optionalText(run['head_sha']),
      headBranch: optionalText(run['head_branch']),
      headRepository: asCount(asObject(run['head_repository'])['id']),
      conclusion: optionalText(run['conclusion']),
      updatedAt: readTime(run['updated_at']),
      pulls: asObjects(run['pull_requests']).flatMap((pull) => asCount(pull['number']) ?? []),
    },
  ];
}

function readArtifact(runId: number): (artifact: JsonObject) => PlanArtifact[] {
  return (artifact) => {
    const [id, name] = [asCount(artifact['id']), optionalText(artifact['name'])];
    if (id === undefined || name === undefined || artifact['expired'] === true) return [];
    return [{ id, runId, name, createdAt: readTime(artifact['created_at']) }];
  };
}

/** Opens the requests for runs, below `/repos/owner/name`. */
export function openRuns(client: ApiClient, root: string): Runs {
  const readOne = async (path: string): Promise<WorkflowRun | undefined> => {
    const found = await orAbsent(client.get(`${root}/actions/runs/${path}`));
    return readRun(asObject(found))[0];
  };
  return {
    async runsOf(commit) {
      const path = `${root}/actions/runs?head_sha=${commit}`;
      const found = await orAbsent(client.list({ path, field: 'workflow_runs', maxPages }));
      return found?.items.flatMap(readRun);
    },
    run: (id) => readOne(String(id)),
    attempt: (id, attempt) => readOne(`${id}/attempts/${attempt}`),
    async jobsEnd(id, attempt) {
      const path = `${root}/actions/runs/${id}/attempts/${attempt}/jobs`;
      const found = await orAbsent(client.list({ path, field: 'jobs', maxPages }));
      const ends = (found?.items ?? []).map((job) => readTime(job['completed_at']));
      const known = ends.filter((end) => end !== undefined);
      return known.length > 0 && known.length === ends.length ? Math.max(...known) : undefined;
    },
    async artifactsOf(run) {
      const path = `${root}/actions/runs/${run}/artifacts`;
      const { items } = await client.list({ path, field: 'artifacts', maxPages });
      return items.flatMap(readArtifact(run));
    },
  };
}
