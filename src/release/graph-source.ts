import { createOnce } from '../base/index.ts';
import { ContentError, MirrorError, messageOf, RegistryError } from '../errors.ts';
import type { Registries } from '../registry/index.ts';
import { parseGraph, type UpdateGraph } from './graph.ts';
import { releaseLimits } from './limits.ts';
import type { Workspace } from './workspace.ts';

const ocpGraphUrl = 'https://api.openshift.com/api/upgrades_info/v1/graph';
const okdGraphUrl = 'https://origin-release.ci.openshift.org/graph';

/** Names one graph: each channel and architecture has its own. */
export interface GraphRequest {
  readonly channel: string;
  readonly architecture: string;
  readonly type: 'ocp' | 'okd';
}

/** The settings for fetching graphs. */
export interface GraphSourceOptions {
  readonly get: Registries['get'];
  readonly workspace: Workspace;
  /** Gives a new UUID; the update service counts clients by it. */
  readonly newId: () => string;
  /** Environment: `UPDATE_URL_OVERRIDE` replaces the address of OCP's update service. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Gives update graphs; a second call for the same graph sends no request. */
export interface GraphSource {
  /** Fetches the graph and saves the answer in the workspace. */
  fetch(request: GraphRequest): Promise<UpdateGraph>;
  /** Gives the graph that an earlier run saved, else fetches it: deletes must work without a connection. */
  recall(request: GraphRequest): Promise<UpdateGraph>;
}

/**
 * Gives the address of a graph.
 *
 * Shape: the query is sorted by name; the query of `override` is kept. OKD's address has no override.
 * @throws ContentError `GRAPH_INVALID` if `override` is not a URL.
 */
export function graphUrl(request: GraphRequest, id: string, override?: string): string {
  const base = request.type === 'okd' ? okdGraphUrl : override || ocpGraphUrl;
  if (!URL.canParse(base)) {
    throw new ContentError('GRAPH_INVALID', 'UPDATE_URL_OVERRIDE is not a URL.', { actual: base });
  }
  const url = new URL(base);
  url.searchParams.set('id', id);
  url.searchParams.set('arch', request.architecture);
  url.searchParams.set('channel', request.channel);
  url.searchParams.sort();
  return url.href;
}

function fileOf({ architecture, channel }: GraphRequest): string {
  // An author writes channel names: a separator must not lead out of the directory.
  const name = `${architecture}-${channel}.json`.replaceAll(/[/\\]/g, '_');
  return `hold-release/cincinnati-graph-data/${name}`;
}

async function download(request: GraphRequest, options: GraphSourceOptions): Promise<UpdateGraph> {
  const url = graphUrl(request, options.newId(), options.env['UPDATE_URL_OVERRIDE']);
  const answer = await options.get(url, {
    headers: { accept: 'application/json' },
    maxBytes: releaseLimits.graphBytes.most,
  });
  if (answer.status !== 200) {
    throw new RegistryError('UNEXPECTED_STATUS', `unexpected HTTP status ${answer.status}`, {
      method: 'GET',
      url: new URL(url).origin + new URL(url).pathname,
      status: answer.status,
      hint: 'Check that the update service is reachable, or set UPDATE_URL_OVERRIDE.',
    });
  }
  const graph = parseGraph(answer.body);
  await options.workspace.write(fileOf(request), answer.body);
  return graph;
}

function wrapped(request: GraphRequest, cause: unknown): MirrorError {
  const reason = cause instanceof ContentError ? '' : 'GetGraphDataFailed: ';
  const message = `APIRequestError: channel "${request.channel}": ${reason}${messageOf(cause)}`;
  if (cause instanceof RegistryError) {
    return new RegistryError(cause.code, message, { ...cause, cause, isFinal: false });
  }
  const hint = cause instanceof MirrorError ? cause.hint : undefined;
  return new ContentError('GRAPH_INVALID', message, { cause, hint });
}

/**
 * Opens the update service.
 *
 * No version is sent: the service gives the same graph for every version of a channel, so one request for each channel and
 * architecture is enough.
 */
export function openGraphSource(options: GraphSourceOptions): GraphSource {
  const known = createOnce<UpdateGraph>();
  const fetch = (request: GraphRequest): Promise<UpdateGraph> =>
    known.run(JSON.stringify([request.type, request.architecture, request.channel]), () =>
      download(request, options).catch((cause: unknown) => {
        throw wrapped(request, cause);
      }),
    );
  return {
    fetch,
    async recall(request) {
      const saved = await options.workspace.read(fileOf(request));
      try {
        if (saved) return parseGraph(saved);
      } catch {
        // A damaged file counts as absent.
      }
      return await fetch(request);
    },
  };
}
