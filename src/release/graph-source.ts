import { ContentError, MirrorError, messageOf, RegistryError } from '../errors.ts';
import type { Registries } from '../registry/index.ts';
import { parseGraph, type UpdateGraph } from './graph.ts';
import { releaseLimits } from './limits.ts';
import type { Workspace } from './workspace.ts';

const ocpGraphUrl = 'https://api.openshift.com/api/upgrades_info/v1/graph';
const okdGraphUrl = 'https://origin-release.ci.openshift.org/graph';

/** Which graph: one for each channel and architecture. */
export interface GraphRequest {
  readonly channel: string;
  readonly architecture: string;
  readonly type: 'ocp' | 'okd';
}

/** What graphs are fetched with. */
export interface GraphSourceOptions {
  readonly get: Registries['get'];
  readonly workspace: Workspace;
  /** Gives a fresh UUID: the update service counts clients by it. */
  readonly newId: () => string;
  /** Environment: `UPDATE_URL_OVERRIDE` replaces the address of OCP's update service. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Gives update graphs; a second call for the same one asks nobody. */
export interface GraphSource {
  /** The upstream's graph; its answer is saved in the workspace. */
  fetch(request: GraphRequest): Promise<UpdateGraph>;
  /** The graph that an earlier run saved, else the upstream's: deleting must work without a connection. */
  recall(request: GraphRequest): Promise<UpdateGraph>;
}

/**
 * Gives the address of a graph.
 *
 * Shape: the query is sorted by name; a query that `override` brings along is kept. OKD's address has no override.
 * @throws ContentError `GRAPH_INVALID` when `override` is no URL.
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
  // Channel names are an author's text: a separator in one must not lead out of the directory.
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
  const details = { cause, hint: cause instanceof MirrorError ? cause.hint : undefined };
  if (cause instanceof RegistryError) {
    const { method, url, status } = cause;
    const code = cause.code;
    return new RegistryError(code, message, { ...details, method, url, status });
  }
  return new ContentError('GRAPH_INVALID', message, details);
}

/**
 * Opens the update service.
 *
 * The version is never sent: the service answers every version of a channel with the same nodes and edges, so that one
 * request for each channel and architecture is enough.
 */
export function openGraphSource(options: GraphSourceOptions): GraphSource {
  const known = new Map<string, Promise<UpdateGraph>>();
  const once = (request: GraphRequest, load: () => Promise<UpdateGraph>): Promise<UpdateGraph> => {
    const key = JSON.stringify([request.type, request.architecture, request.channel]);
    const graph = known.get(key) ?? load();
    known.set(key, graph);
    return graph;
  };
  const fetch = (request: GraphRequest): Promise<UpdateGraph> =>
    once(request, async () => {
      try {
        return await download(request, options);
      } catch (cause) {
        throw wrapped(request, cause);
      }
    });
  return {
    fetch,
    async recall(request) {
      const saved = await options.workspace.read(fileOf(request));
      if (!saved) return await fetch(request);
      try {
        return parseGraph(saved);
      } catch {
        return await fetch(request);
      }
    },
  };
}
