import { BlockList, isIP } from 'node:net';

type Environment = Readonly<Record<string, string | undefined>>;

/** Tells whether a host name or address is this machine; as URLs have it, IPv6 in brackets. */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|(.+\.)?localhost|127(\.\d{1,3}){3}|\[::1\])$/i.test(hostname);
}

function variable(env: Environment, name: string): string {
  return (env[name.toLowerCase()] || env[name.toUpperCase()] || '').trim();
}

function portOf(url: URL): string {
  return url.port || (url.protocol === 'https:' ? '443' : '80');
}

function isInNetwork(hostname: string, entry: string): boolean {
  const [network = '', bits = ''] = entry.split('/');
  const address = hostname.replace(/^\[|\]$/g, '');
  const version = isIP(address);
  if (version === 0 || isIP(network) !== version || !/^\d+$/.test(bits)) return false;
  const family = version === 4 ? 'ipv4' : 'ipv6';
  if (Number(bits) > (version === 4 ? 32 : 128)) return false;
  const list = new BlockList();
  list.addSubnet(network, Number(bits), family);
  return list.check(address, family);
}

function isExcepted(url: URL, entry: string): boolean {
  if (entry === '*') return true;
  if (entry.includes('/')) return isInNetwork(url.hostname, entry);
  const [, name = '', port] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
  if (port !== undefined && port !== portOf(url)) return false;
  const domain = name.replace(/^\*?\.?/, '').toLowerCase();
  const host = url.hostname.toLowerCase();
  if (domain === '') return false;
  return host.endsWith(`.${domain}`) || (host === domain && !/^\*?\./.test(name));
}

/**
 * Gives the proxy for a URL as curl and Go read the environment; `undefined` means none.
 *
 * Shape: `NO_PROXY` lists hosts (their subdomains included), `.domain`, `host:port`, addresses and networks such as
 * `10.0.0.0/8`, or `*`. This machine is never reached through a proxy.
 */
export function proxyFor(url: URL, env: Environment): string | undefined {
  if (isLoopback(url.hostname)) return undefined;
  const proxy = variable(env, url.protocol === 'https:' ? 'https_proxy' : 'http_proxy');
  if (proxy === '') return undefined;
  const exceptions = variable(env, 'no_proxy')
    .split(/[\s,]+/)
    .filter(Boolean);
  if (exceptions.some((entry) => isExcepted(url, entry))) return undefined;
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}
