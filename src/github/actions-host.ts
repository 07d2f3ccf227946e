import { appendFile, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DefaultArtifactClient } from '@actions/artifact';
import * as cacheService from '@actions/cache';
import * as core from '@actions/core';
import { HttpClient } from '@actions/http-client';
import type { Clock } from '../log.ts';
import { findGaps, readEventFile } from './gaps.ts';
import type { Annotation, Api, ArtifactService, CacheService, Host } from './host.ts';
import type { Env } from './inputs.ts';
import { readText } from './inputs.ts';

/** Milliseconds without an answer after which the REST interface counts as absent. */
const apiTimeoutMs = 30_000;

/** What the composition root passes: the world that this layer does not reach for by itself. */
export interface Runner {
  readonly env: Env;
  readonly clock: Clock;
  readonly version: string;
  readonly signal?: AbortSignal;
}

/** Tells whether the host is GitHub's own; others answer the artifact service's version 4 with an error. */
function isGitHub(env: Env): boolean {
  const { hostname } = new URL(env['GITHUB_SERVER_URL'] || 'https://github.com');
  return (
    hostname === 'github.com' || hostname.endsWith('.ghe.com') || hostname.endsWith('.localhost')
  );
}

function openApi({ env, version }: Runner): Api | undefined {
  const token = readText(env, 'github-token').text;
  const { GITHUB_API_URL: root, GITHUB_GRAPHQL_URL: graphql } = env;
  if (token === '' || !root || !env['GITHUB_REPOSITORY']) return undefined;
  const client = new HttpClient(`imageset-mirror/${version}`, [], {
    socketTimeout: apiTimeoutMs,
    allowRetries: true,
    maxRetries: 2,
  });
  const headers = {
    authorization: `Bearer ${token}`,
    accept: 'application/vnd.github+json',
    'content-type': 'application/json',
  };
  return async ({ method, path, body }) => {
    const data = body === undefined ? null : JSON.stringify(body);
    const url = path === '/graphql' && graphql ? graphql : `${root}${path}`;
    const answer = await client.request(method, url, data, headers);
    const text = await answer.readBody();
    return { status: answer.message.statusCode ?? 0, body: parseJson(text) };
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function openArtifacts({ env }: Runner): ArtifactService | undefined {
  if (!isGitHub(env) || !env['ACTIONS_RUNTIME_TOKEN'] || !env['ACTIONS_RESULTS_URL']) {
    return undefined;
  }
  const client = new DefaultArtifactClient();
  const [repositoryOwner = '', repositoryName = ''] = (env['GITHUB_REPOSITORY'] ?? '').split('/');
  const token = readText(env, 'github-token').text;
  return {
    async upload(name, root, files) {
      return (await client.uploadArtifact(name, [...files], root)).id;
    },
    async download({ id, runId }) {
      const path = await mkdtemp(join(env['RUNNER_TEMP'] || tmpdir(), 'reviewed-plan-'));
      const findBy = { token, workflowRunId: runId, repositoryOwner, repositoryName };
      await client.downloadArtifact(id, { path, findBy });
      return path;
    },
  };
}

function openCache(): CacheService | undefined {
  if (!cacheService.isFeatureAvailable()) return undefined;
  return {
    async restore(paths, key, prefixes) {
      return await cacheService.restoreCache([...paths], key, [...prefixes]);
    },
    async save(paths, key) {
      await cacheService.saveCache([...paths], key);
    },
  };
}

const show = { error: core.error, warning: core.warning, notice: core.notice };

function annotate({ severity, title, message, at }: Annotation): void {
  const place = at && { file: at.file, startLine: at.line, startColumn: at.column };
  show[severity](message, { title, ...place });
}

/** Opens the host that the runner speaks for: GitHub, a server of the same kind, Gitea, Forgejo, or act. */
export async function openHost(runner: Runner): Promise<Host> {
  const { env, clock, signal } = runner;
  const event = await readEventFile(env);
  return {
    env,
    clock,
    payload: event.payload,
    gaps: [...event.gaps, ...(await findGaps(env))],
    ...(signal && { signal }),
    api: openApi(runner),
    artifacts: openArtifacts(runner),
    cache: openCache(),
    print: (line) => core.info(line),
    debug: (line) => core.debug(line),
    annotate,
    startGroup: (title) => core.startGroup(title),
    endGroup: () => core.endGroup(),
    mask: (secret) => core.setSecret(secret),
    setOutput: (name, value) => core.setOutput(name, value),
    async summarize(markdown) {
      const path = env['GITHUB_STEP_SUMMARY'];
      if (path) await appendFile(path, markdown);
    },
  };
}
