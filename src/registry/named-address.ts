import { RegistryError } from '../errors.ts';
import { redactUrl } from './redact.ts';
import type { Answer } from './transport.ts';

/**
 * Reads an address that a server names in an answer: where a redirect leads, where an upload goes on.
 *
 * Shape: relative or absolute. The server's own host named by http is reached by https, as before: a proxy that ends TLS
 * and does not say so makes registries name themselves like this.
 * @throws RegistryError for an address that is none of the web, and for another host without TLS after one with TLS.
 */
export function namedAddress(answer: Answer, text: string): URL {
  const from = answer.asked.url;
  const url = URL.parse(text, from.href);
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw badAddress(answer, `${from.host} leads to an address that is neither https nor http.`);
  }
  if (from.protocol !== 'https:' || url.protocol === 'https:') return url;
  if (url.hostname !== from.hostname) {
    throw badAddress(answer, `${from.host} leads from https to http at ${url.host}.`);
  }
  url.protocol = from.protocol;
  url.port = from.port;
  return url;
}

/** Makes the error for an address that is not followed. */
export function badAddress({ asked, status }: Answer, message: string): RegistryError {
  const { method, url } = asked;
  return new RegistryError('UNEXPECTED_STATUS', message, {
    method,
    url: redactUrl(url),
    status,
    hint: `Check the storage and the external URL in the configuration of ${url.host}.`,
  });
}
