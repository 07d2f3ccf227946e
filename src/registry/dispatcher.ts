import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import { Agent, type Dispatcher, ProxyAgent } from 'undici';
import { ConfigError } from '../errors.ts';
import type { HostTrust } from './options.ts';

/** What makes connections to one origin differ from those to another. */
export interface Route {
  readonly trust: HostTrust;
  readonly isInsecure: boolean;
  /** URL of a proxy. */
  readonly proxy: string | undefined;
}

/** Connecting takes a round trip or two: longer means that packets are dropped. */
const connectTimeoutMs = 15_000;

let systemAuthorities: readonly string[] | undefined;

/** Node's own authorities, `NODE_EXTRA_CA_CERTS` and the operating system's; read once, they are some hundred files. */
function authorities(): readonly string[] {
  systemAuthorities ??= [...getCACertificates('default'), ...getCACertificates('system')];
  return systemAuthorities;
}

function secureContext({ trust, isInsecure }: Route, host: string): SecureContext {
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
  const tls =
    url.protocol === 'https:'
      ? {
          secureContext: secureContext(route, url.host),
          rejectUnauthorized: !route.isInsecure,
        }
      : {};
  const common = { pipelining: 1, keepAliveTimeout: 15_000 };
  if (route.proxy === undefined) {
    return new Agent({ ...common, connect: { ...tls, timeout: connectTimeoutMs } });
  }
  return new ProxyAgent({
    ...common,
    uri: route.proxy,
    // Plain http goes through a proxy as such: many proxies open tunnels to port 443 only.
    proxyTunnel: false,
    requestTls: { ...tls, timeout: connectTimeoutMs },
  });
}
