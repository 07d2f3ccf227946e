import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import { Agent, type Dispatcher, Pool, ProxyAgent } from 'undici';
import { ConfigError } from '../errors.ts';
import { ProxyFailure } from './network-error.ts';
import type { HostTrust } from './options.ts';
import { guardedLookup, type Namer } from './reach.ts';

/** The settings in which connections to one origin differ from those to another. */
export interface Route {
  readonly trust: HostTrust;
  readonly isInsecure: boolean;
  readonly proxy: ProxyRoute | undefined;
  /** The server that named the origin; absent: the user did. */
  readonly namedBy?: Namer | undefined;
}

/** A proxy, and how to connect to it. */
export interface ProxyRoute {
  readonly url: URL;
  readonly trust: HostTrust;
}

/** Connecting takes a round trip or two: longer means that packets are dropped. */
const connectTimeoutMs = 10_000;

let systemAuthorities: readonly string[] | undefined;

/** Node's own authorities, `NODE_EXTRA_CA_CERTS` and the operating system's; read once, they are some hundred files. */
function authorities(): readonly string[] {
  systemAuthorities ??= [...getCACertificates('default'), ...getCACertificates('system')];
  return systemAuthorities;
}

function secureContext(
  { trust, isInsecure }: Pick<Route, 'trust' | 'isInsecure'>,
  host: string,
): SecureContext {
  const ca = isInsecure ? [] : [...new Set([...authorities(), ...(trust.ca ?? [])])];
  const { clientCertificate, clientKey } = trust;
  try {
    return createSecureContext({
      ...(ca.length > 0 && { ca }),
      ...(clientCertificate !== undefined && { cert: clientCertificate }),
      ...(clientKey !== undefined && { key: clientKey }),
    });
  } catch (cause) {
    throw new ConfigError('INPUT_INVALID', `The certificates for ${host} cannot be used.`, {
      hint: 'Check that they are PEM, and that the client key belongs to the client certificate.',
      cause,
    });
  }
}

/**
 * Opens a pool of connections to one origin.
 *
 * Effects: the TLS context is made once for the pool, not for each connection. The number of connections is not
 * limited here: what is in flight is.
 */
export function openDispatcher(url: URL, route: Route): Dispatcher {
  const tls = tlsOptions(url, route);
  const common = { pipelining: 1, keepAliveTimeout: 15_000 };
  const { namedBy, proxy } = route;
  if (proxy === undefined) {
    const lookup = namedBy && { lookup: guardedLookup(namedBy, url) };
    return new Agent({ ...common, connect: { ...tls, ...lookup, timeout: connectTimeoutMs } });
  }
  const { trust } = proxy;
  const isInsecure = trust.insecure === true;
  return new ProxyAgent({
    ...common,
    uri: proxy.url.href,
    // Plain http goes through a proxy as such: many proxies open tunnels to port 443 only.
    proxyTunnel: false,
    requestTls: { ...tls, timeout: connectTimeoutMs },
    proxyTls: { ...tlsOptions(proxy.url, { trust, isInsecure }), timeout: connectTimeoutMs },
    factory: (origin, options) => new Pool(origin, ofProxy(options, origin, proxy)),
    clientFactory: (origin, options) => new Pool(origin, ofProxy(options, origin, proxy)),
  });
}

function tlsOptions(url: URL, route: Pick<Route, 'trust' | 'isInsecure'>) {
  if (url.protocol !== 'https:') return {};
  return { secureContext: secureContext(route, url.host), rejectUnauthorized: !route.isInsecure };
}

/** Marks failures on the way to the proxy: no server behind it was asked. */
function ofProxy(options: Pool.Options, origin: string | URL, { url }: ProxyRoute): Pool.Options {
  const { connect } = options;
  if (new URL(origin).origin !== url.origin || typeof connect !== 'function') return options;
  const marked: typeof connect = (target, callback) => {
    connect(target, (...[error, socket]) => {
      if (error) callback(new ProxyFailure(error.message, { cause: error }), null);
      else callback(null, socket);
    });
  };
  return { ...options, connect: marked };
}
