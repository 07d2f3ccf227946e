import { RegistryError } from '../errors.ts';
import { redactUrl } from './redact.ts';

/** A watch over a body, and its action when the body stands still. */
interface Watch {
  readonly stall: AbortController;
  readonly idleTimeoutMs: number;
  readonly url: URL;
}

/**
 * Ends a request whose body is no longer taken: the timeout for an answer begins only after the last byte.
 *
 * Effects: the time between one chunk and the wish for the next counts; the source's own time does not.
 */
export function watched(
  body: Uint8Array | AsyncIterable<Uint8Array> | undefined,
  watch: Watch,
): Uint8Array | AsyncIterable<Uint8Array> | undefined {
  return body === undefined || body instanceof Uint8Array ? body : watchedChunks(body, watch);
}

async function* watchedChunks(
  chunks: AsyncIterable<Uint8Array>,
  { stall, idleTimeoutMs, url }: Watch,
): AsyncGenerator<Uint8Array> {
  let timer: NodeJS.Timeout | undefined;
  try {
    for await (const chunk of chunks) {
      timer = setTimeout(() => stall.abort(stalled(url)), idleTimeoutMs);
      yield chunk;
      clearTimeout(timer);
    }
  } finally {
    clearTimeout(timer);
  }
}

function stalled(url: URL): RegistryError {
  return new RegistryError('TIMEOUT', `${url.host} stopped taking the bytes of an upload.`, {
    url: redactUrl(url),
    hint: `Check the network and proxy on the way to ${url.host}, and its load.`,
  });
}
