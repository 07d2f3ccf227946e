import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FakeRegistry } from './handler.ts';
import type { FakeResponse } from './message.ts';

/** A registry that listens. */
export interface ServedRegistry extends Listening {
  /** `http://127.0.0.1:port`. */
  readonly origin: string;
}

async function readBody(request: IncomingMessage): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of request) parts.push(part);
  return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
}

function flatHeaders(request: IncomingMessage): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : value,
    ]),
  );
}

function deliver(given: FakeResponse, method: string, response: ServerResponse): void {
  const { delivery = {}, status, headers, body } = given;
  if (delivery.reset) {
    response.socket?.resetAndDestroy();
    return;
  }
  const length = status === 204 ? {} : { 'content-length': String(body.byteLength) };
  response.writeHead(status, { ...length, ...headers });
  if (method === 'HEAD') {
    response.end();
  } else if (delivery.cutAfter === undefined) {
    response.end(body);
  } else {
    const isStalled = delivery.stall === true;
    response.write(body.subarray(0, delivery.cutAfter), () => {
      if (!isStalled) response.socket?.destroy();
    });
    response.flushHeaders();
  }
}

async function answerOver(
  registry: FakeRegistry,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const method = request.method ?? 'GET';
  const given = registry.handle({
    method,
    url: request.url ?? '/',
    headers: flatHeaders(request),
    body: await readBody(request),
  });
  if (given.delivery?.delayMs !== undefined) await sleep(given.delivery.delayMs);
  deliver(given, method, response);
}

/** A server that listens on a free port of 127.0.0.1. */
export interface Listening {
  /** `127.0.0.1:port`. */
  readonly host: string;
  close(): Promise<void>;
}

/** Lets a server listen on a free port of 127.0.0.1. */
export async function listen(server: Server): Promise<Listening> {
  const port = await new Promise<number>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
  return {
    host: `127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

/** Serves a registry on a free port of 127.0.0.1, over TLS if a certificate and key are given. */
export async function serve(registry: FakeRegistry, tls?: ServerOptions): Promise<ServedRegistry> {
  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    // The client is gone.
    answerOver(registry, request, response).catch(() => request.socket.destroy());
  };
  const server = tls ? createTlsServer(tls, onRequest) : createServer(onRequest);
  const listening = await listen(server);
  return { ...listening, origin: `${tls ? 'https' : 'http'}://${listening.host}` };
}
