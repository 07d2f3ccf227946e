import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { listen } from '../../src/fake-registry/index.ts';
import type { ApiRequest } from '../../src/github/host.ts';
import { FakeApi } from './fake-api.ts';
import { readZip } from './zip.ts';

/** An answer: JSON, or bytes. */
interface Said {
  readonly status: number;
  readonly body?: unknown;
}

const sign = (name: string): string =>
  createHmac('sha256', 'key')
    .update(name)
    .digest('base64')
    .replaceAll('+', '-')
    .replaceAll('/', '_');

/**
 * The services of a host in one process: artifacts of version 4 with signed addresses, caches of version 1 and 2, and the
 * REST interface at `/api`. Strict where hosts are: a signature has to come back as it was given, and blocks are joined in
 * the order of their list.
 */
export class HostServices {
  readonly api: FakeApi;
  readonly artifacts = new Map<string, ReadonlyMap<string, Buffer>>();
  /** Entries by key. */
  readonly caches = new Map<string, Buffer>();
  /** `POST FinalizeArtifact`: the requests, by their last segment. */
  readonly asked: string[] = [];
  /** Services that answer 503. */
  readonly broken = new Set<'artifact' | 'cache'>();
  /** Whether addresses carry their signature encoded, as GitHub's storage does, or with a bare `=`. */
  signatures: 'encoded' | 'bare' = 'bare';
  readonly #blocks = new Map<string, Buffer>();
  readonly #uploads = new Map<string, Buffer>();

  constructor(api = new FakeApi()) {
    this.api = api;
  }

  /** Answers one request; `url` is absolute. */
  async answer(method: string, url: URL, body: Buffer): Promise<Said> {
    const path = url.pathname;
    this.asked.push(`${method} ${path.split('/').at(-1)}`);
    if (path.startsWith('/api/')) return await this.#ask(method, url, body);
    if (path.startsWith('/blob/')) return this.#blob(method, url, body);
    const json = body.byteLength > 0 && method === 'POST' ? JSON.parse(body.toString()) : {};
    if (path.includes('ArtifactService')) return this.#artifact(url, json);
    if (path.includes('CacheService')) return this.#cacheOf2(url, json);
    return this.#cacheOf1(method, url, { json, body });
  }

  async #ask(method: string, url: URL, body: Buffer): Promise<Said> {
    return await this.api.api({
      method: method as ApiRequest['method'],
      path: `${url.pathname.replace(/^\/api(?:\/v\d)?/, '')}${url.search}`,
      ...(body.byteLength > 0 && { body: JSON.parse(body.toString()) }),
    });
  }

  #signed(url: URL, name: string): string {
    const text = this.signatures === 'bare' ? sign(name) : encodeURIComponent(sign(name));
    return `${url.origin}/blob/${encodeURIComponent(name)}?sig=${text}`;
  }

  #blob(method: string, url: URL, body: Buffer): Said {
    const name = decodeURIComponent(url.pathname.slice('/blob/'.length));
    if (url.searchParams.get('sig') !== sign(name)) return { status: 401 };
    if (method !== 'PUT') return { status: 200, body: this.#uploads.get(name) };
    const kind = url.searchParams.get('comp');
    if (kind === 'block') this.#blocks.set(url.searchParams.get('blockid') ?? '', body);
    else if (kind === 'blocklist') this.#uploads.set(name, this.#joined(body.toString()));
    else this.#uploads.set(name, body);
    return { status: 201 };
  }

  #joined(list: string): Buffer {
    const ids = [...list.matchAll(/<Latest>(.*?)<\/Latest>/g)].map(([, id = '']) => id);
    return Buffer.concat(ids.map((id) => this.#blocks.get(id) ?? Buffer.from('lost')));
  }

  #artifact(url: URL, json: Record<string, string>): Said {
    if (this.broken.has('artifact')) return { status: 400, body: { msg: 'no artifacts today' } };
    const { name = '', workflow_run_backend_id: run } = json;
    if (run !== 'run') return { status: 400, body: { msg: 'run-id does not match' } };
    if (url.pathname.endsWith('/CreateArtifact')) {
      return { status: 200, body: { ok: true, signed_upload_url: this.#signed(url, name) } };
    }
    const archive = this.#uploads.get(name) ?? Buffer.alloc(0);
    const hash = `sha256:${createHash('sha256').update(archive).digest('hex')}`;
    if (json['hash'] !== hash) return { status: 400, body: { msg: 'the hash differs' } };
    this.artifacts.set(name, readZip(archive));
    return { status: 200, body: { ok: true, artifact_id: '42' } };
  }

  #cacheOf2(url: URL, json: Record<string, string>): Said {
    if (this.broken.has('cache')) return { status: 500, body: { msg: 'no caches today' } };
    const { key = '' } = json;
    if (url.pathname.endsWith('/GetCacheEntryDownloadURL')) {
      const found = this.#newest([key, ...(json['restore_keys'] ?? [])]);
      const signed_download_url = found && this.#signed(url, found);
      return { status: 200, body: { ok: !!found, matched_key: found, signed_download_url } };
    }
    if (url.pathname.endsWith('/FinalizeCacheEntryUpload'))
      this.caches.set(key, this.#uploads.get(key) ?? Buffer.alloc(0));
    const answer = { ok: true, signed_upload_url: this.#signed(url, key), entry_id: '7' };
    return { status: 200, body: answer };
  }

  #newest(prefixes: readonly string[]): string | undefined {
    const keys = [...this.caches.keys()];
    return keys.findLast((key) => prefixes.some((prefix) => key.startsWith(prefix)));
  }

  #cacheOf1(
    method: string,
    url: URL,
    { json, body }: { json: Record<string, string>; body: Buffer },
  ): Said {
    if (this.broken.has('cache')) return { status: 500, body: { message: 'no caches today' } };
    const [, id = ''] = /\/(?:caches|entries)\/(.+)$/.exec(url.pathname) ?? [];
    const key = decodeURIComponent(id);
    if (url.pathname.includes('/entries/')) return { status: 200, body: this.caches.get(key) };
    if (method === 'PATCH') this.caches.set(key, body);
    if (method === 'POST' && id === '')
      return { status: 201, body: { cacheId: encodeURIComponent(json['key'] ?? '') } };
    if (method !== 'GET') return { status: 204 };
    const found = this.#newest((url.searchParams.get('keys') ?? '').split(','));
    if (found === undefined) return { status: 204 };
    const place = `${url.origin}/_apis/artifactcache/entries/${encodeURIComponent(found)}`;
    return { status: 200, body: { cacheKey: found, archiveLocation: place } };
  }
}

/** Serves the services on 127.0.0.1 and gives their address. */
export async function serveHostServices(services: HostServices) {
  const server = createServer(async (request: IncomingMessage, response) => {
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
    const { status, body } = await services.answer(
      request.method ?? '',
      url,
      await buffer(request),
    );
    const isJson = !Buffer.isBuffer(body);
    response.writeHead(status, {
      etag: '"1"',
      ...(isJson && { 'content-type': 'application/json' }),
    });
    response.end(isJson ? body && JSON.stringify(body) : body);
  });
  const { host, close } = await listen(server);
  return { address: `http://${host}`, close };
}

/** Makes a token as runners have it: a claim names the run for the artifact service. */
export function runtimeToken(): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return [part({ alg: 'none' }), part({ scp: 'Actions.Results:run:job' }), 'none'].join('.');
}
