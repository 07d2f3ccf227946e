import { ConfigError, RegistryError } from '../errors.ts';
import { oneLine } from './redact.ts';
import { isRead, sendFollowing } from './redirect.ts';
import type { HttpAnswer, HttpSendOptions } from './repository.ts';
import type { RequestContext } from './request-context.ts';
import { errorFrom, readBytes } from './response.ts';
import { asFinal, isTransientStatus, parseRetryAfter, retrying } from './retry.ts';
import type { WireRequest } from './transport.ts';

/** Bytes; update graphs have some megabytes. */
const defaultMaxBytes = 64 * 1024 * 1024;

/**
 * Sends a request to an HTTP service that is no registry; any status that is final is an answer.
 * @throws RegistryError when there is no answer; ContentError `TOO_LARGE`; ConfigError `INPUT_INVALID` for no web address.
 */
export async function plainSend(
  context: RequestContext,
  url: string,
  { method, body, headers = {}, maxBytes = defaultMaxBytes }: HttpSendOptions,
): Promise<HttpAnswer> {
  const lowered = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const request = { method, url: webAddress(url), headers: lowered, body };
  return retrying(context, async () => {
    try {
      return await sendOnce(context, request, maxBytes);
    } catch (error) {
      // A write without an answer may have been done.
      const isFinal = !isRead(method) && error instanceof RegistryError && error.status !== 429;
      throw isFinal ? asFinal(error) : error;
    }
  });
}

async function sendOnce(
  context: RequestContext,
  request: WireRequest,
  maxBytes: number,
): Promise<HttpAnswer> {
  const answer = await sendFollowing(context.transport, request);
  const { status } = answer;
  if (status === 429 || (isRead(request.method) && isTransientStatus(status))) {
    throw await errorFrom(
      answer,
      parseRetryAfter(answer.header('retry-after'), context.clock.now()),
    );
  }
  const body = await readBytes(answer, maxBytes);
  context.counters.bytesReceived += body.byteLength;
  return { status, body, contentType: answer.header('content-type') };
}

function webAddress(text: string): URL {
  const url = URL.parse(text);
  if (url && /^https?:$/.test(url.protocol)) return url;
  // An address may hold a password or be signed.
  const shown = oneLine(text.replace(/\?.*$/s, '').replace(/\/\/[^/]*@/, '//'));
  throw new ConfigError('INPUT_INVALID', `"${shown}" is not a web address.`, {
    hint: 'It has to begin with https:// or http://.',
  });
}
