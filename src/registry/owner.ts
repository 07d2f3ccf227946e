import { isIP } from 'node:net';

/** Second levels below which countries register names: `example.co.uk` has one owner, `co.uk` has none. */
const secondLevel = /^(?:ac|co|com|edu|go|gob|gouv|gov|govt|ltd|mil|ne|net|nom|or|org|plc|sch)$/;

/** Domains below which each name has another owner. */
const shared = new Set([
  'amazonaws.com',
  'appspot.com',
  'azurecr.io',
  'azurewebsites.net',
  'cloudfront.net',
  'duckdns.org',
  'fly.dev',
  'github.io',
  'gitlab.io',
  'herokuapp.com',
  'jfrog.io',
  'netlify.app',
  'nip.io',
  'ngrok.io',
  'onrender.com',
  'pages.dev',
  'run.app',
  'sslip.io',
  'vercel.app',
  'web.app',
  'workers.dev',
]);

/** Domains of one owner. */
const siblings: readonly ReadonlySet<string>[] = [new Set(['redhat.com', 'redhat.io'])];

/**
 * Gives the part of a host name that somebody registered; an address and a name without a dot stand for themselves.
 * @see https://publicsuffix.org, of which only the rules that registries meet are known here
 */
export function registrableDomain(hostname: string): string {
  const name = hostname.toLowerCase().replace(/\.$/, '');
  if (isIP(name.replace(/^\[|\]$/g, '')) !== 0) return name;
  const labels = name.split('.');
  const [second = '', top = ''] = labels.slice(-2);
  const isBelowCountry = top.length === 2 && secondLevel.test(second);
  return labels.slice(isBelowCountry || shared.has(`${second}.${top}`) ? -3 : -2).join('.');
}

/** Tells whether two hosts belong to one owner, as far as their names tell; `localhost` and 127.0.0.1 do not tell it. */
export function isSameOwner(hostname: string, other: string): boolean {
  const [one, two] = [registrableDomain(hostname), registrableDomain(other)];
  return one === two || siblings.some((names) => names.has(one) && names.has(two));
}
