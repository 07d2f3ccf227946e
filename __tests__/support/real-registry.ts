import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ImageSink } from '../../src/fake-upstream/index.ts';

/** Tells whether Debian's build of Distribution is here. */
export function hasRealRegistry(): boolean {
  try {
    execFileSync('docker-registry', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** A registry process on 127.0.0.1, with the requests that it answered. */
export interface RealRegistry {
  /** `127.0.0.1:<port>`. */
  readonly host: string;
  /** Lines of its access log: `"PUT /v2/… HTTP/1.1" 201 …`. */
  readonly requests: string[];
  stop(): void;
}

const config = (directory: string) => ({
  REGISTRY_HTTP_ADDR: '127.0.0.1:0',
  REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY: directory,
  REGISTRY_STORAGE_DELETE_ENABLED: 'true',
  REGISTRY_LOG_ACCESSLOG_DISABLED: 'false',
});

/** Starts Distribution with an empty store below `directory`. */
export async function startRealRegistry(directory: string): Promise<RealRegistry> {
  mkdirSync(directory, { recursive: true });
  const requests: string[] = [];
  const path = join(import.meta.dirname, 'registry.yml');
  const child = spawn('docker-registry', ['serve', path], {
    env: { PATH: process.env['PATH'], ...config(directory) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const host = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`docker-registry ended with ${code}`)));
    const read = (chunk: Buffer): void => {
      for (const line of chunk.toString('utf8').split('\n')) {
        const [, port] = /listening on 127\.0\.0\.1:(\d+)/.exec(line) ?? [];
        if (port !== undefined) resolve(`127.0.0.1:${port}`);
        if (/"(?:GET|HEAD|PUT|POST|PATCH|DELETE) \/v2\//.test(line)) requests.push(line);
      }
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
  });
  return { host, requests, stop: () => void child.kill() };
}

/** Gives the requests that change something. */
export function writesOf(requests: readonly string[]): string[] {
  return requests.filter((line) => /"(?:PUT|POST|PATCH|DELETE) /.test(line));
}

async function send(
  method: string,
  url: string,
  body?: Uint8Array,
  type?: string,
): Promise<Response> {
  const answer = await fetch(url, {
    method,
    ...(body && { body: Buffer.from(body) }),
    ...(type && { headers: { 'content-type': type } }),
  });
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${await answer.text()}`);
  return answer;
}

/** Puts images into a registry by plain requests, so that a test needs no engine to prepare its world. */
export function plainSink(host: string): ImageSink {
  const root = (repository: string) => `http://${host}/v2/${repository}`;
  return {
    async putBlob(repository, { descriptor, bytes }) {
      const start = await send('POST', `${root(repository)}/blobs/uploads/`);
      const place = new URL(start.headers.get('location') ?? '', `http://${host}`);
      place.searchParams.set('digest', descriptor.digest);
      await send('PUT', place.href, bytes(), 'application/octet-stream');
    },
    async putManifest(repository, manifest, tag) {
      const { digest, mediaType } = manifest.descriptor;
      await send('PUT', `${root(repository)}/manifests/${tag ?? digest}`, manifest.raw, mediaType);
    },
  };
}
