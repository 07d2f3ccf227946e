import { RegistryError } from '../errors.ts';
import { redactUrl } from './redact.ts';
import type { Answer, Sender, WireRequest } from './transport.ts';

const maxRedirects = 5;
const redirects: readonly number[] = [301, 302, 303, 307, 308];

/** Headers that go wherever a redirect leads: what is wanted, never who wants it. */
const travelling: readonly string[] = ['accept', 'range'];

/**
 * Sends a GET or HEAD and follows redirects; any other method is sent as it is.
 *
 * Effects: once a redirect leaves the origin only `Accept` and `Range` go along, and they alone come back.
 * @throws RegistryError after five redirects, and for a target that is not http or https.
 */
export async function sendFollowing(sender: Sender, request: WireRequest): Promise<Answer> {
  let current = request;
  for (let hops = 0; ; hops += 1) {
    const answer = await sender.send(current);
    const location = answer.header('location');
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (!isRead || !redirects.includes(answer.status) || location === undefined) return answer;
    await answer.drop();
    const url = URL.parse(location, current.url.href);
    if (hops === maxRedirects || !url || !/^https?:$/.test(url.protocol)) {
      throw badRedirect(answer, hops === maxRedirects ? 'too many redirects' : 'no web address');
    }
    current = leadTo(current, url);
  }
}

function leadTo(request: WireRequest, url: URL): WireRequest {
  if (url.origin === request.url.origin) return { ...request, url };
  const headers = Object.fromEntries(
    Object.entries(request.headers).filter(([name]) => travelling.includes(name)),
  );
  return { method: request.method, url, headers };
}

function badRedirect(answer: Answer, why: string): RegistryError {
  const { method, url } = answer.asked;
  return new RegistryError('UNEXPECTED_STATUS', `${redactUrl(url)} redirects badly: ${why}.`, {
    method,
    url: redactUrl(url),
    status: answer.status,
    hint: `Check the storage and the external URL in the configuration of ${url.host}.`,
  });
}
