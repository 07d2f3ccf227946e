import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Upstream } from './upstream.ts';

/** An upstream's update service and signatures on 127.0.0.1. */
export interface ServedUpstream {
  /** The environment that points a mirror at it. */
  readonly env: { readonly UPDATE_URL_OVERRIDE: string; readonly OCP_SIGNATURE_URL: string };
  /** Paths and queries that were asked for, in order. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

/** Serves the graphs and signatures of an upstream; its images are a registry's to serve. */
export async function serveUpstream(upstream: Pick<Upstream, 'answer'>): Promise<ServedUpstream> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    asked.push(url.pathname + url.search);
    const { status, contentType, body } = upstream.answer(url);
    response.writeHead(status, { 'content-type': contentType });
    response.end(body);
  });
  const base = `http://127.0.0.1:${await listen(server)}`;
  return {
    env: { UPDATE_URL_OVERRIDE: `${base}/graph`, OCP_SIGNATURE_URL: `${base}/signatures/` },
    asked,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}
