import { checkLimit, compareText, oneChunk } from '../base/index.ts';
import { type FileSink, type LayerEntry, memorySink, visitLayer } from '../content/index.ts';
import { ContentError, RegistryError } from '../errors.ts';
import type { MadeEntry } from '../image/index.ts';
import type { GraphSourceOptions } from './graph-source.ts';
import { releaseLimits } from './limits.ts';

const graphDataUrl = 'https://api.openshift.com/api/upgrades_info/graph-data';

/** The files of the update graphs, by path, sorted; directories before their files. */
export type GraphData = ReadonlyMap<string, MadeEntry>;

/**
 * Gives the address of the graph data; an update service serves them beside its graphs.
 *
 * Shape: of `https://host/api/upgrades_info/v1/graph` it is `https://host/api/upgrades_info/graph-data`.
 * @throws ContentError `GRAPH_INVALID` if `override` is not a URL.
 */
export function graphDataAddress(override: string | undefined): string {
  if (!override) return graphDataUrl;
  const url = URL.parse(override);
  if (!url) {
    const actual = override;
    throw new ContentError('GRAPH_INVALID', 'UPDATE_URL_OVERRIDE is not a URL.', { actual });
  }
  url.pathname = `${url.pathname.replace(/\/*$/, '').replace(/(?:\/v1)?\/graph$/, '')}/graph-data`;
  url.search = '';
  return url.href;
}

/**
 * Downloads the data of all update graphs, a compressed tar.
 * @throws RegistryError when the service does not give them; ContentError `TOO_LARGE`, `GRAPH_INVALID`.
 */
export async function fetchGraphData({
  get,
  env,
}: Pick<GraphSourceOptions, 'get' | 'env'>): Promise<Uint8Array> {
  const url = graphDataAddress(env['UPDATE_URL_OVERRIDE']);
  const { status, body } = await get(url, { maxBytes: releaseLimits.graphData.most });
  if (status === 200) return body;
  throw new RegistryError('UNEXPECTED_STATUS', `unexpected HTTP status ${status}`, {
    method: 'GET',
    url,
    status,
    hint: 'The graph image is made of the data that the update service serves beside its graphs. Check that it does, or set graph to false.',
  });
}

function invalid(why: string): ContentError {
  return new ContentError('GRAPH_INVALID', `The graph data ${why}.`, {
    hint: 'Check that UPDATE_URL_OVERRIDE, if it is set, leads to an update service.',
  });
}

/** Gives the directories above a path, the outermost first. */
export function directoriesAbove(path: string): readonly string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}

/** Collects the entries of one archive. */
class Collected {
  readonly #entries = new Map<string, MadeEntry>();
  #bytes = 0;

  /** Adds an entry and the directories above it, which an archive need not list. */
  #add(path: string, entry: MadeEntry): void {
    for (const above of directoriesAbove(path)) {
      if (!this.#entries.has(above)) this.#entries.set(above, 'directory');
    }
    this.#entries.set(path, entry);
    checkLimit('The graph data', this.#entries.size, releaseLimits.graphDataEntries);
  }

  take({ path, kind, size, target }: LayerEntry): FileSink | undefined {
    if (path === '') return undefined;
    if (kind === 'directory') this.#add(path, kind);
    else if (kind === 'symlink') this.#add(path, { linkTo: target });
    else if (kind === 'file') return this.#file(path, size);
    else throw invalid(`have an entry that is no file, directory or symbolic link: ${path}`);
    return undefined;
  }

  #file(path: string, size: number): FileSink {
    this.#bytes += size;
    checkLimit(`The graph data file ${path}`, size, releaseLimits.graphDataFile);
    checkLimit('The graph data', this.#bytes, releaseLimits.graphDataFiles);
    return memorySink((bytes) => this.#add(path, bytes));
  }

  sorted(): GraphData {
    return new Map([...this.#entries].sort(([a], [b]) => compareText(a, b)));
  }
}

/**
 * Reads the graph data. Two archives of the same files give the same result, whatever their order, times and owners.
 *
 * Memory: all files, within {@link releaseLimits}. Paths are only keys of a map, so none can lead out of a directory.
 * @throws ContentError `GRAPH_INVALID` for another kind of content, `TOO_LARGE`.
 */
export async function readGraphData(bytes: Uint8Array): Promise<GraphData> {
  const collected = new Collected();
  const stream = { name: 'The graph data', bytes: oneChunk(bytes), code: 'GRAPH_INVALID' } as const;
  await visitLayer(stream, (entry) => collected.take(entry));
  const data = collected.sorted();
  const hasChannels = [...data.keys()].some((path) => path.startsWith('channels/'));
  if (!hasChannels) throw invalid('have no channels');
  return data;
}
