import { CopyError } from '../errors.ts';

/** Runs work of one side; what fails there says so, once. */
export async function atSide<Result>(
  { side, operation, reference }: Pick<CopyError, 'side' | 'operation' | 'reference'>,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    throw asCopyError({ side, operation, reference, cause });
  }
}

/** Passes bytes of the source on; a stream that breaks names its side. */
export async function* streamOf(
  chunks: AsyncIterable<Uint8Array>,
  { reference, onBytes }: { readonly reference: string; onBytes(count: number): void },
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of chunks) {
      onBytes(chunk.byteLength);
      yield chunk;
    }
  } catch (cause) {
    throw asCopyError({ side: 'source', operation: 'reading', reference, cause });
  }
}

function asCopyError(facts: ConstructorParameters<typeof CopyError>[0]): CopyError {
  return facts.cause instanceof CopyError ? facts.cause : new CopyError(facts);
}
