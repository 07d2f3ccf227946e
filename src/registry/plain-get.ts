import { ConfigError } from '../errors.ts';
import { printable } from './redact.ts';
import { sendFollowing } from './redirect.ts';
import type { HttpAnswer, HttpGetOptions } from './repository.ts';
import type { RequestContext } from './request-context.ts';
import { errorFrom, readBytes } from './response.ts';
import { isTransientStatus, parseRetryAfter, retrying } from './retry.ts';

/** Bytes; update graphs have some megabytes. */
const defaultMaxBytes = 64 * 1024 * 1024;

/**
 * Gets what an HTTP service that is no registry has at a URL; any status that is final is an answer.
 * @throws RegistryError when there is no answer; ContentError `TOO_LARGE`; ConfigError `INPUT_INVALID` for no web address.
 */
export async function plainGet(
  context: RequestContext,
  url: string,
  { headers = {}, maxBytes = defaultMaxBytes }: HttpGetOptions = {},
): Promise<HttpAnswer> {
  const lowered = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const request = { method: 'GET', url: webAddress(url), headers: lowered } as const;
  return retrying(context, async () => {
    const answer = await sendFollowing(context.transport, request);
    if (isTransientStatus(answer.status)) {
      throw await errorFrom(
        answer,
        parseRetryAfter(answer.header('retry-after'), context.clock.now()),
      );
    }
    const body = await readBytes(answer, maxBytes);
    context.counters.bytesReceived += body.byteLength;
    return { status: answer.status, body, contentType: answer.header('content-type') };
  });
}

function webAddress(text: string): URL {
  const url = URL.parse(text);
  if (url && /^https?:$/.test(url.protocol)) return url;
  throw new ConfigError('INPUT_INVALID', `"${printable(text)}" is not a web address.`, {
    hint: 'It has to begin with https:// or http://.',
  });
}
