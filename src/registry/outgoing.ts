import { ContentError } from '../errors.ts';
import type { Descriptor } from '../oci/index.ts';
import type { BlobOpener } from './repository.ts';

/** A blob on its way out: its failures and those of the target have to be told apart. */
export interface Outgoing {
  readonly descriptor: Descriptor;
  readonly open: BlobOpener;
  /** Gives the error that the source threw, if it did. */
  failure(): SourceFailure | undefined;
}

/** Carries a failure of the source past the retries of the target. */
export class SourceFailure {
  readonly cause: unknown;

  constructor(cause: unknown) {
    this.cause = cause;
  }
}

/**
 * Watches a source: remembers its error, also that it gave another number of bytes than promised.
 *
 * An HTTP library reports both as a broken connection.
 */
export function watchSource(descriptor: Descriptor, open: BlobOpener): Outgoing {
  let failure: SourceFailure | undefined;
  const fail = (cause: unknown): SourceFailure => {
    failure = new SourceFailure(cause);
    return failure;
  };
  async function* watch(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let size = 0;
    try {
      for await (const chunk of bytes) {
        size += chunk.byteLength;
        if (size > descriptor.size) break;
        yield chunk;
      }
    } catch (error) {
      throw fail(error);
    }
    if (size !== descriptor.size) throw fail(wrongSize(descriptor, size));
  }
  return {
    descriptor,
    failure: () => failure,
    async open() {
      try {
        return watch(await open());
      } catch (error) {
        throw fail(error);
      }
    },
  };
}

function wrongSize({ digest, size }: Descriptor, actual: number): ContentError {
  return new ContentError('SIZE_MISMATCH', `The source of blob ${digest} has another size.`, {
    expected: `${size} bytes`,
    actual: `${actual} bytes`,
  });
}
