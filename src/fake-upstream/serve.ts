import { createServer } from 'node:http';
import { listen } from '../fake-registry/index.ts';
import type { Upstream } from './upstream.ts';

/** The update service and signatures of an upstream on 127.0.0.1. */
export interface ServedUpstream {
  /** The environment for a mirror. */
  readonly env: { readonly UPDATE_URL_OVERRIDE: string; readonly OCP_SIGNATURE_URL: string };
  /** Paths and queries of requests, in order. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

/** Serves the graphs and signatures of an upstream; a registry serves its images. */
export async function serveUpstream(upstream: Pick<Upstream, 'answer'>): Promise<ServedUpstream> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    asked.push(url.pathname + url.search);
    const { status, contentType, body } = upstream.answer(url);
    response.writeHead(status, { 'content-type': contentType });
    response.end(body);
  });
  const { host, close } = await listen(server);
  const base = `http://${host}`;
  return {
    env: { UPDATE_URL_OVERRIDE: `${base}/graph`, OCP_SIGNATURE_URL: `${base}/signatures/` },
    asked,
    close,
  };
}
