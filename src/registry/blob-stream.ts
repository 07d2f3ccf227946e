import { ContentError } from '../errors.ts';
import { algorithmOf, type Descriptor, Digester } from '../oci/index.ts';
import { networkError } from './network-error.ts';
import type { Counters } from './request-context.ts';
import { backOff, type RetryContext } from './retry.ts';
import type { Answer } from './transport.ts';

/** A body, and how many bytes at its start were given before. */
export interface BlobBody {
  readonly answer: Answer;
  readonly skip: number;
}

/** Where a blob's bytes come from, and what is counted. */
export interface BlobSource {
  readonly first: BlobBody;
  /** Opens the body again from a byte on. */
  reopen(offset: number): Promise<BlobBody>;
  readonly context: RetryContext & { readonly counters: Pick<Counters, 'bytesReceived'> };
}

/** How a body ended; `failure` is absent when it came to its end. */
interface Ending {
  failure?: unknown;
}

/**
 * Passes a blob on while it is verified: size, digest, nothing after.
 *
 * Effects: a body that breaks is reopened where it broke; the attempts of the policy count from the last byte of progress.
 * @throws ContentError `TRUNCATED`, `TRAILING_BYTES`, `SIZE_MISMATCH` or `DIGEST_MISMATCH`, after the chunks before it.
 */
export async function* verifiedStream(
  descriptor: Descriptor,
  source: BlobSource,
): AsyncGenerator<Uint8Array> {
  const { first, context } = source;
  const digester = new Digester(algorithmOf(descriptor.digest));
  let body = first;
  let given = 0;
  let failures = 0;
  for (;;) {
    const before = given;
    const ending: Ending = {};
    for await (const chunk of readBody(body, ending, context.signal)) {
      given += chunk.byteLength;
      context.counters.bytesReceived += chunk.byteLength;
      if (given > descriptor.size) throw tooLong(descriptor);
      digester.update(chunk);
      yield chunk;
    }
    if (given === descriptor.size) break;
    failures = given > before ? 1 : failures + 1;
    const failure = ending.failure ?? truncated(descriptor, given);
    body = await reopen(source, given, { failure, failures });
  }
  const actual = digester.end();
  if (actual !== descriptor.digest) throw wrongDigest(descriptor, actual);
}

/** Gives the bytes of a body after those to skip, and notes how it ended instead of throwing. */
async function* readBody(
  { answer, skip }: BlobBody,
  ending: Ending,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const chunks = answer.body[Symbol.asyncIterator]();
  let left = skip;
  try {
    for (;;) {
      // An error that the reader throws into this generator is not caught here: the connection is not at fault.
      const next = await chunks.next().catch((error: unknown) => {
        ending.failure = networkError(error, answer.asked, signal);
      });
      if (!next || next.done) return;
      const chunk = next.value;
      if (left < chunk.byteLength) yield left === 0 ? chunk : chunk.subarray(left);
      left = Math.max(0, left - chunk.byteLength);
    }
  } finally {
    await chunks.return?.();
  }
}

async function reopen(
  source: BlobSource,
  offset: number,
  past: { readonly failure: unknown; readonly failures: number },
): Promise<BlobBody> {
  let { failure, failures } = past;
  for (;;) {
    await backOff(source.context, failures, failure);
    try {
      return await source.reopen(offset);
    } catch (error) {
      failure = error;
      failures += 1;
    }
  }
}

const damaged = 'The content in the registry is damaged: its publisher has to push it again.';

function truncated({ digest, size }: Descriptor, given: number): ContentError {
  return new ContentError('TRUNCATED', `The blob ${digest} ended early.`, {
    expected: `${size} bytes`,
    actual: `${given} bytes`,
    hint: 'Run again; if it stays so, the registry stores less than the manifest says.',
  });
}

function tooLong({ digest, size }: Descriptor): ContentError {
  const message = `The blob ${digest} is longer than its manifest says.`;
  return new ContentError('TRAILING_BYTES', message, { expected: `${size} bytes`, hint: damaged });
}

function wrongDigest({ digest }: Descriptor, actual: string): ContentError {
  const message = `The blob ${digest} is not what its digest names.`;
  return new ContentError('DIGEST_MISMATCH', message, { expected: digest, actual, hint: damaged });
}
