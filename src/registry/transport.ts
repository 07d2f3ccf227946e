import type { Dispatcher } from 'undici';
import { ConfigError } from '../errors.ts';
import { Circuit } from './circuit.ts';
import type { ProxyRoute } from './dispatcher.ts';
import { type Asked, networkError } from './network-error.ts';
import type { RegistriesOptions } from './options.ts';
import { isLoopback, proxyFor } from './proxy.ts';
import { type AddressReach, type Namer, reachOfHost, refuseAddress } from './reach.ts';
import { watched } from './stall.ts';

/** The host that is spoken to, as the user names it: the key of its certificates. */
export interface Peer {
  readonly name: string;
  readonly isInsecure: boolean;
}

/** One HTTP request, complete. */
export interface WireRequest extends Asked {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | AsyncIterable<Uint8Array> | undefined;
  /** Absent: whatever host the URL names. */
  readonly peer?: Peer | undefined;
  /** The address whose answer named this one; absent: the user did. */
  readonly namedBy?: URL | undefined;
  /** The request ends a blob: what it asks for may take minutes after the last byte. */
  readonly isCommit?: true | undefined;
  /** The request only checks whether a registry answers, which takes no registry long. */
  readonly isGreeting?: true | undefined;
}

/** One HTTP answer; its body has to be read or dropped, or its connection is lost. */
export interface Answer {
  readonly asked: Asked;
  readonly status: number;
  readonly body: AsyncIterable<Uint8Array>;
  /** The remedy of a refusal, where more is known than its status. */
  readonly remedy?: string | undefined;
  /** Gives a header by its name in lower case. */
  header(name: string): string | undefined;
  /** Lets go of the body, unread. */
  drop(): Promise<void>;
}

const defaultIdleTimeoutMs = 60_000;
/** Storing a large blob may take a registry minutes after the last byte. */
const commitTimeoutMs = 600_000;
const greetingTimeoutMs = 12_000;

type TransportOptions = Pick<
  RegistriesOptions,
  'trust' | 'retry' | 'env' | 'userAgent' | 'signal' | 'clock' | 'trustAdvice' | 'plainAdvice'
>;

/** Sends one request; see {@link Transport}. */
export type Sender = Pick<Transport, 'send'>;

/**
 * The only place that sends HTTP.
 *
 * Effects: one pool of connections for each origin, kept until `close`; every request is counted. Redirects, retries and
 * 401 are not its business.
 */
export class Transport {
  readonly #options: TransportOptions;
  readonly #counters: { requests: number };
  readonly #pools = new Map<string, Promise<Dispatcher>>();
  readonly #circuits = new Map<string, Circuit>();
  readonly #reaches = new Map<string, Promise<AddressReach>>();

  constructor(options: TransportOptions, counters: { requests: number }) {
    this.#options = options;
    this.#counters = counters;
  }

  /** Tells whether a host need not prove who it is: it was declared so, or it is this machine. */
  async isInsecure(peer: Peer): Promise<boolean> {
    const hostname = peer.name.replace(/:\d+$/, '');
    if (peer.isInsecure || isLoopback(hostname)) return true;
    return (await this.#options.trust.lookup(peer.name)).insecure === true;
  }

  /**
   * Sends one request, once.
   * @throws RegistryError when there is no answer, CancelledError when the run was cancelled.
   */
  async send(request: WireRequest): Promise<Answer> {
    const { method, url, headers, body } = request;
    const { retry, signal, userAgent } = this.#options;
    const idleTimeoutMs = retry.idleTimeoutMs ?? defaultIdleTimeoutMs;
    const peer = request.peer ?? { name: url.host, isInsecure: false };
    const dispatcher = await this.#poolOf(url, peer, await this.#namerOf(request));
    const circuit = this.#circuitOf(url, request.peer);
    const attempt = circuit.begin();
    this.#counters.requests += 1;
    const stall = new AbortController();
    try {
      const given = await dispatcher.request({
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method,
        // Else every HEAD would cost its connection.
        reset: false,
        headers: { 'user-agent': userAgent, ...headers },
        // The library types a body by Node's streams; it takes every async iterable.
        body: (watched(body, { stall, idleTimeoutMs, url }) ?? null) as Uint8Array | null,
        headersTimeout: headersTimeout(request, idleTimeoutMs),
        bodyTimeout: idleTimeoutMs,
        signal: eitherSignal(signal, body && stall.signal),
      });
      circuit.succeed();
      return answerOf(given, { method, url });
    } catch (error) {
      const { env, trustAdvice, plainAdvice } = this.#options;
      const asked = { method, url, proxy: proxyFor(url, env), trustAdvice, plainAdvice };
      throw circuit.fail(attempt, networkError(error, asked, signal));
    }
  }

  /** Closes all connections, those in use too. */
  async close(): Promise<void> {
    const opened = await Promise.allSettled(this.#pools.values());
    this.#pools.clear();
    await Promise.all(
      opened.map((pool) => (pool.status === 'fulfilled' ? pool.value.destroy() : undefined)),
    );
  }

  #circuitOf({ origin }: URL, peer: Peer | undefined): Circuit {
    const key = `${origin} ${peer?.isInsecure}`;
    const circuit = this.#circuits.get(key) ?? new Circuit(this.#options);
    this.#circuits.set(key, circuit);
    return circuit;
  }

  /** Gives the server that named an address, if it is to be restricted: another host, which the user does not list. */
  async #namerOf({ url, namedBy }: WireRequest): Promise<Namer | undefined> {
    if (!namedBy || namedBy.hostname === url.hostname) return undefined;
    if ((await this.#options.trust.lookup(url.host)).isListed) return undefined;
    const reach = this.#reaches.get(namedBy.hostname) ?? reachOfHost(namedBy);
    this.#reaches.set(namedBy.hostname, reach);
    const namer = { url: namedBy, reach: await reach };
    refuseAddress(namer, url);
    return namer;
  }

  #poolOf(url: URL, peer: Peer, namedBy?: Namer): Promise<Dispatcher> {
    const key = `${url.origin} ${peer.name} ${peer.isInsecure} ${namedBy?.reach} ${namedBy?.url.host}`;
    const known = this.#pools.get(key);
    if (known) return known;
    const opened = this.#open(url, peer, namedBy);
    this.#pools.set(key, opened);
    opened.catch(() => this.#pools.delete(key));
    return opened;
  }

  async #open(url: URL, peer: Peer, namedBy?: Namer): Promise<Dispatcher> {
    // Load CA files only for https.
    const isSecure = url.protocol === 'https:';
    const trust = isSecure ? await this.#options.trust.lookup(peer.name) : {};
    const isInsecure = await this.isInsecure(peer);
    // The HTTP library takes longer to load than many commands run: load it at the first request.
    const { openDispatcher } = await import('./dispatcher.ts');
    return openDispatcher(url, { trust, isInsecure, proxy: await this.#proxyOf(url), namedBy });
  }

  async #proxyOf(url: URL): Promise<ProxyRoute | undefined> {
    const text = proxyFor(url, this.#options.env);
    if (text === undefined) return undefined;
    const proxy = URL.parse(text);
    if (!proxy) throw badProxy();
    const isSecure = proxy.protocol === 'https:';
    return { url: proxy, trust: isSecure ? await this.#options.trust.lookup(proxy.host) : {} };
  }
}

function headersTimeout({ isCommit, isGreeting }: WireRequest, idleTimeoutMs: number): number {
  if (isGreeting) return Math.min(greetingTimeoutMs, idleTimeoutMs);
  return isCommit ? Math.max(commitTimeoutMs, idleTimeoutMs) : idleTimeoutMs;
}

function eitherSignal(one: AbortSignal | undefined, other: AbortSignal | undefined) {
  return one && other ? AbortSignal.any([one, other]) : (one ?? other ?? null);
}

/** A proxy's address may hold a password: it is not shown. */
function badProxy(): ConfigError {
  return new ConfigError('INPUT_INVALID', 'HTTPS_PROXY or HTTP_PROXY is no web address.', {
    hint: 'Write it as http://proxy.example.com:3128.',
  });
}

function answerOf(given: Dispatcher.ResponseData, asked: Asked): Answer {
  return {
    asked,
    status: given.statusCode,
    body: given.body,
    header(name) {
      const value = given.headers[name];
      return Array.isArray(value) ? value.join(', ') : value;
    },
    async drop() {
      // Reads a short rest, so that the connection can be used again, and closes on a long one.
      await given.body.dump({ limit: 131_072 }).catch(() => {});
    },
  };
}
