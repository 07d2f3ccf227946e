import { appendFile, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock, Logger } from '../log.ts';
import { findGaps, readEventFile } from './gaps.ts';
import type { ActionsHost, Annotation, ArtifactService, CacheService } from './host.ts';
import { hostKindOf, hostTraits } from './host-kind.ts';
import { type Env, inputText } from './inputs.ts';
import { quietly } from './quiet.ts';
import { openApi } from './rest-api.ts';

/** The part of the process that the composition root passes to this layer. */
export interface Runner {
  readonly env: Env;
  readonly clock: Clock;
  readonly version: string;
  readonly signal?: AbortSignal;
}

function openToolkitArtifacts({ env }: Runner): ArtifactService {
  const open = async () => new (await import('@actions/artifact')).DefaultArtifactClient();
  const [repositoryOwner = '', repositoryName = ''] = (env['GITHUB_REPOSITORY'] ?? '').split('/');
  const token = inputText(env, 'github-token');
  return {
    async upload(name, root, files) {
      // Archives of images are compressed already.
      const compressionLevel = files.every((path) => path.endsWith('.tar')) ? 0 : 6;
      const client = await open();
      const uploaded = await quietly(() =>
        client.uploadArtifact(name, [...files], root, { compressionLevel }),
      );
      return uploaded.id;
    },
    async download({ id, runId }) {
      const path = await mkdtemp(join(env['RUNNER_TEMP'] || tmpdir(), 'reviewed-plan-'));
      const findBy = { token, workflowRunId: runId, repositoryOwner, repositoryName };
      const client = await open();
      await quietly(() => client.downloadArtifact(id, { path, findBy }));
      return path;
    },
  };
}

function openArtifacts(runner: Runner, log: Logger): ArtifactService | undefined {
  const { env } = runner;
  const { artifacts } = hostTraits(env);
  if (artifacts === 'none') return undefined;
  if (!env['ACTIONS_RUNTIME_TOKEN'] || !env['ACTIONS_RESULTS_URL']) return undefined;
  const toolkit = openToolkitArtifacts(runner);
  if (artifacts === 'toolkit') return toolkit;
  return {
    async upload(name, root, files) {
      const { uploadPlainly } = await import('./artifact-client.ts');
      return await uploadPlainly({ ...runner, log }, { name, root, files });
    },
    download: toolkit.download,
  };
}

function openCache({ env }: Runner): CacheService | undefined {
  const isNew = hostKindOf(env) === 'github' && env['ACTIONS_CACHE_SERVICE_V2'];
  if (!env[isNew ? 'ACTIONS_RESULTS_URL' : 'ACTIONS_CACHE_URL']) return undefined;
  const open = () => import('@actions/cache');
  return {
    async restore(paths, key, prefixes) {
      const client = await open();
      return await quietly(() => client.restoreCache([...paths], key, [...prefixes]));
    },
    async save(paths, key) {
      const client = await open();
      await quietly(() => client.saveCache([...paths], key));
    },
  };
}

/** The part of the host that is spoken to through the log and the files of the runner. */
type RunnerCommands = Pick<
  ActionsHost,
  'print' | 'debug' | 'annotate' | 'startGroup' | 'endGroup' | 'mask' | 'setOutput'
>;

/** Loads the commands of the runner; their package brings an HTTP client, so that no other process loads it. */
async function openCommands(): Promise<RunnerCommands> {
  const core = await import('@actions/core');
  return {
    print: core.info,
    debug: core.debug,
    annotate({ severity, title, message, at }: Annotation) {
      const place = at && { file: at.file, startLine: at.line, startColumn: at.column };
      core[severity](message, { title, ...place });
    },
    startGroup: core.startGroup,
    endGroup: core.endGroup,
    mask: core.setSecret,
    setOutput: core.setOutput,
  };
}

/** Opens the host of the runner: GitHub, GitHub Enterprise Server, Gitea, Forgejo, or act. */
export async function openHost(runner: Runner): Promise<ActionsHost> {
  const { env, clock, signal, version } = runner;
  const [commands, event] = await Promise.all([openCommands(), readEventFile(env)]);
  const log: Logger = { log: (_, message) => commands.debug(message) };
  return {
    ...commands,
    env,
    clock,
    payload: event.payload,
    gaps: [...event.gaps, ...(await findGaps(env))],
    ...(signal && { signal }),
    api: openApi({ env, clock, log, version }),
    artifacts: openArtifacts(runner, log),
    cache: openCache(runner),
    async summarize(markdown) {
      const path = env['GITHUB_STEP_SUMMARY'];
      if (path) await appendFile(path, markdown);
    },
  };
}
