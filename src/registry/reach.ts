import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { RegistryError } from '../errors.ts';
import { redactUrl } from './redact.ts';

/** From where an address can be reached: from this machine, its link, its site, or the world. */
export type AddressReach = 'loopback' | 'link-local' | 'private' | 'public';

const networks: readonly (readonly [Exclude<AddressReach, 'public'>, string, number])[] = [
  ['loopback', '127.0.0.0', 8],
  ['loopback', '0.0.0.0', 8],
  ['loopback', '::1', 128],
  ['loopback', '::', 128],
  ['link-local', '169.254.0.0', 16],
  ['link-local', 'fe80::', 10],
  ['private', '10.0.0.0', 8],
  ['private', '172.16.0.0', 12],
  ['private', '192.168.0.0', 16],
  ['private', '100.64.0.0', 10],
  ['private', 'fc00::', 7],
  ['private', 'fec0::', 10],
];

const lists = networks.map(([reach, network, bits]) => {
  const list = new BlockList();
  list.addSubnet(network, bits, network.includes(':') ? 'ipv6' : 'ipv4');
  return { reach, list };
});

/** Gives the IPv4 address inside an IPv6 address that stands for one. */
function embedded(address: string): string {
  const parts = /^(?:::ffff:|64:ff9b::)([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i.exec(address);
  if (!parts) return address.replace(/^(?:::ffff:|64:ff9b::)(?=\d+\.)/i, '');
  const [high, low] = parts.slice(1).map((part) => Number.parseInt(part, 16)) as [number, number];
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

/** Tells from where an IP address can be reached. */
export function reachOf(address: string): AddressReach {
  const plain = embedded(address);
  const family = isIP(plain) === 4 ? 'ipv4' : 'ipv6';
  return lists.find(({ list }) => list.check(plain, family))?.reach ?? 'public';
}

/** The server that named an address, and from where that server can be reached. */
export interface Namer {
  readonly url: URL;
  readonly reach: AddressReach;
}

/** A server may name addresses of its own zone: this machine all but those of its link, a site those of the site. */
function mayName(by: AddressReach, named: AddressReach): boolean {
  if (named === 'public' || named === by) return true;
  return named === 'private' && by !== 'public';
}

/** Gives the address that a URL names by itself, without a look-up. */
function literalOf({ hostname }: URL): string | undefined {
  const address = hostname.replace(/^\[|\]$/g, '');
  return isIP(address) === 0 ? undefined : address;
}

/** Makes the error for an address that its namer may not name. */
function refusal(by: Namer, { host }: URL, reach: AddressReach): RegistryError {
  const words = { loopback: 'on this machine', 'link-local': 'on the local link' } as const;
  const where =
    reach === 'loopback' || reach === 'link-local' ? words[reach] : 'in a private network';
  const message = `${by.url.host} leads to ${host}, which lies ${where}: it was not asked.`;
  return new RegistryError('BLOCKED', message, {
    url: redactUrl(by.url),
    hint: `If ${host} belongs to ${by.url.host}, put its authority as ca.crt into certs.d/${host}: that says that you mean this host.`,
  });
}

/** Refuses an address that its namer may not name; a name is looked at when it is connected to. */
export function refuseAddress(by: Namer, url: URL): void {
  const address = literalOf(url);
  const reach = address === undefined ? 'public' : reachOf(address);
  if (!mayName(by.reach, reach)) throw refusal(by, url, reach);
}

/** Looks names up for connections to a URL, and refuses addresses that its namer may not name. */
export function guardedLookup(by: Namer, url: URL): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, []);
      const refused = addresses.map(({ address }) => reachOf(address));
      const reach = refused.find((one) => !mayName(by.reach, one));
      if (reach) return callback(refusal(by, url, reach), []);
      const [first] = addresses;
      if (options.all || !first) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

/** Tells from where a host can be reached: by its most public address; a host without known addresses counts as public. */
export function reachOfHost(url: URL): Promise<AddressReach> {
  const address = literalOf(url);
  if (address !== undefined) return Promise.resolve(reachOf(address));
  return new Promise((resolve) => {
    lookup(url.hostname, { all: true }, (error, addresses = []) => {
      const all = error ? [] : addresses.map((one) => reachOf(one.address));
      const order: readonly AddressReach[] = ['public', 'private', 'link-local', 'loopback'];
      resolve(order.find((reach) => all.includes(reach)) ?? 'public');
    });
  });
}
