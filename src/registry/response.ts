import { ContentError, RegistryError, type RegistryErrorCode } from '../errors.ts';
import { networkError } from './network-error.ts';
import { oneLine, redactUrl } from './redact.ts';
import type { Answer } from './transport.ts';

/** Bytes of an error body that are looked at. */
const maxErrorBytes = 64 * 1024;

/**
 * Reads a body into memory.
 * @throws ContentError `TOO_LARGE` past `maxBytes`; RegistryError when the connection fails on the way.
 */
export async function readBytes(answer: Answer, maxBytes: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const part of answer.body) {
      size += part.byteLength;
      if (size > maxBytes) throw tooLarge(answer, maxBytes);
      parts.push(part);
    }
  } catch (error) {
    throw networkError(error, answer.asked);
  }
  return joined(parts, size);
}

/** Plain bytes and no Buffer: two of the same content are then equal to whoever compares them. */
function joined(parts: readonly Uint8Array[], size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.byteLength;
  }
  return bytes;
}

function tooLarge(answer: Answer, maxBytes: number): ContentError {
  const url = redactUrl(answer.asked.url);
  return new ContentError('TOO_LARGE', `The answer of ${url} is too long.`, {
    expected: `at most ${maxBytes} bytes`,
  });
}

/** Reads a body as a JSON object; no registry answers with anything else. */
export async function readJson(answer: Answer, maxBytes: number): Promise<Record<string, unknown>> {
  const bytes = await readBytes(answer, maxBytes);
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Falls through: malformed JSON and JSON of another kind are the same fault.
  }
  const url = redactUrl(answer.asked.url);
  throw new RegistryError('UNEXPECTED_STATUS', `${url} did not answer with a JSON object.`, {
    method: answer.asked.method,
    url,
    status: answer.status,
    hint: 'Check that the host is a registry and not a login page or a proxy.',
  });
}

/**
 * Passes an answer whose status is one of `allowed`.
 * @throws RegistryError by {@link errorFrom} for any other.
 */
export async function expectStatus(answer: Answer, ...allowed: readonly number[]): Promise<Answer> {
  if (allowed.includes(answer.status)) return answer;
  throw await errorFrom(answer);
}

interface SpecError {
  readonly code: string;
  readonly message: string;
}

async function readSpecErrors(answer: Answer): Promise<readonly SpecError[]> {
  if (answer.asked.method === 'HEAD') return [];
  try {
    const { errors } = await readJson(answer, maxErrorBytes);
    if (!Array.isArray(errors)) return [];
    return errors.flatMap((entry: unknown) => {
      const { code, message } = Object(entry) as Record<string, unknown>;
      if (typeof code !== 'string') return [];
      return [{ code: oneLine(code, 60), message: typeof message === 'string' ? message : '' }];
    });
  } catch {
    // A proxy's HTML, a body that is cut or too long: the status alone has to do.
    await answer.drop();
    return [];
  }
}

const codes: Readonly<Record<number, RegistryErrorCode>> = {
  401: 'UNAUTHORIZED',
  403: 'DENIED',
  404: 'NOT_FOUND',
  405: 'UNSUPPORTED',
  429: 'TOO_MANY_REQUESTS',
};

function hintFor(status: number, { host, pathname }: URL): string | undefined {
  if (status === 401) {
    return `Check the credentials for ${host} in the pull secret or auth file: they are missing, wrong or expired.`;
  }
  if (status === 403) {
    return `Give the account that is used for ${host} the right to do this, or use another account.`;
  }
  if (status === 404 && /\/blobs\/\w+:/.test(pathname)) {
    return `A manifest promises this blob, and ${host} lacks it: the image has to be pushed there again.`;
  }
  if (status === 404) return 'Check the name of the repository and the tag or digest.';
  if (status === 413)
    return `Raise the largest request body that ${host}, or a proxy before it, takes.`;
  if (status === 429) return `Lower "parallel", or ask the operator of ${host} for a higher limit.`;
  return status >= 500 ? `Look into the log of ${host}, and run again.` : undefined;
}

/**
 * Turns an answer into an error, and reads its body for the codes of the specification.
 *
 * Shape: the message holds method, redacted URL, status and what the registry says, on one line.
 * @see distribution-spec v1.1, "Error Codes"
 */
export async function errorFrom(answer: Answer, retryAfterMs?: number): Promise<RegistryError> {
  const { status, asked } = answer;
  const errors = await readSpecErrors(answer);
  const url = redactUrl(asked.url);
  const said = errors
    .slice(0, 3)
    .map(({ code, message }) => (message ? `${code}: ${oneLine(message)}` : code))
    .join('; ');
  const wait =
    retryAfterMs === undefined ? '' : ` It asks to wait ${Math.ceil(retryAfterMs / 1_000)} s.`;
  const message = `${asked.method} ${url} answered ${status}${said ? ` (${said})` : ''}.${wait}`;
  return new RegistryError(codes[status] ?? 'UNEXPECTED_STATUS', message, {
    method: asked.method,
    url,
    status,
    specCodes: errors.map(({ code }) => code),
    hint: answer.remedy ?? hintFor(status, asked.url),
    retryAfterMs,
  });
}

/**
 * Gives the next page that a `Link` header names.
 * @throws RegistryError when the page lies at another origin: credentials and trust end here.
 * @see distribution-spec v1.1, "Listing Tags"
 */
export function nextPage(answer: Answer): URL | undefined {
  const target = /<([^>]*)>\s*;[^,]*rel="?next"?/i.exec(answer.header('link') ?? '')?.[1];
  if (target === undefined) return undefined;
  const { url } = answer.asked;
  const next = URL.parse(target, url.href);
  if (next?.host === url.host) return new URL(`${url.origin}${next.pathname}${next.search}`);
  throw new RegistryError('UNEXPECTED_STATUS', `${url.host} names a next page at another host.`, {
    method: answer.asked.method,
    url: redactUrl(url),
    hint: `Check the external URL in the configuration of ${url.host}.`,
  });
}
