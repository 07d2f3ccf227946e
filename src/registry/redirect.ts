import { badAddress, namedAddress } from './named-address.ts';
import { redactUrl } from './redact.ts';
import type { Answer, Sender, WireRequest } from './transport.ts';

/** How many redirects one after another are followed. */
export const maxRedirects = 5;
const redirects: readonly number[] = [301, 302, 303, 307, 308];
/** Redirects that keep the method and the body. */
const keepingRedirects: readonly number[] = [307, 308];

/** Headers that follow a redirect to another origin: they describe the content wanted, never the client. */
const travelling: readonly string[] = ['accept', 'range'];

/** Tells whether a method only reads. */
export function isRead(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

/**
 * Gives the address to which an answer leads; `undefined` when it leads nowhere.
 *
 * Shape: a write is led on by 307 and 308 alone, which keep its method and body.
 * @throws RegistryError for an address that is not followed.
 */
function redirectOf(answer: Answer): URL | undefined {
  const location = answer.header('location');
  const followed = isRead(answer.asked.method) ? redirects : keepingRedirects;
  if (location === undefined || !followed.includes(answer.status)) return undefined;
  return namedAddress(answer, location);
}

/**
 * Sends a GET or HEAD and follows redirects; any other method is sent as it is.
 *
 * Effects: once a redirect leaves the origin only `Accept` and `Range` go along, and they alone come back.
 * @throws RegistryError after five redirects, and for an address that is not followed.
 */
export async function sendFollowing(sender: Sender, request: WireRequest): Promise<Answer> {
  let current = request;
  for (let hops = 0; ; hops += 1) {
    const answer = await sender.send(current);
    if (!isRead(request.method)) return answer;
    const url = await nextHop(answer, hops);
    if (!url) return answer;
    current = leadTo(current, url);
  }
}

/** Gives where an answer leads and lets go of its body; `undefined` when the answer is to be read. */
export async function nextHop(answer: Answer, hops: number): Promise<URL | undefined> {
  const url = redirectOf(answer);
  if (!url) return undefined;
  await answer.drop();
  if (hops < maxRedirects) return url;
  throw badAddress(answer, `${redactUrl(answer.asked.url)} redirects too often.`);
}

function leadTo(request: WireRequest, url: URL): WireRequest {
  if (url.origin === request.url.origin) return { ...request, url };
  const headers = Object.fromEntries(
    Object.entries(request.headers).filter(([name]) => travelling.includes(name)),
  );
  return { method: request.method, url, headers, namedBy: request.url };
}
