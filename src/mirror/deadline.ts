import { RegistryError } from '../errors.ts';
import type { Clock } from '../log.ts';
import type { Repository } from '../registry/index.ts';

/** The moment by which an image has to be copied. */
export interface Deadline {
  readonly clock: Pick<Clock, 'now'>;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The time that was given, in milliseconds, for the message. */
  readonly ms: number;
}

function check({ clock, at, ms }: Deadline): void {
  if (clock.now() < at) return;
  throw new RegistryError('TIMEOUT', `It took longer than the ${ms / 1000} s that one image has.`, {
    hint: 'Allow more time for one image, or copy fewer at once.',
  });
}

async function* checked(
  bytes: AsyncIterable<Uint8Array>,
  deadline: Deadline,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    check(deadline);
    yield chunk;
  }
}

/** Makes a step fail from the deadline on. */
function before<Words extends readonly unknown[], Result>(
  deadline: Deadline,
  step: (...words: Words) => Promise<Result>,
) {
  return async (...words: Words): Promise<Result> => {
    check(deadline);
    return await step(...words);
  };
}

/**
 * Opens a repository until a moment: from then on each new step, and the next piece of a blob, fails with `TIMEOUT`.
 *
 * A transfer that is under way ends with the piece that is being moved.
 */
export function withDeadline(repository: Repository, deadline: Deadline): Repository {
  const { manifests, blobs } = repository;
  return {
    ...repository,
    manifests: {
      resolve: before(deadline, manifests.resolve),
      fetch: before(deadline, manifests.fetch),
      push: before(deadline, manifests.push),
      delete: manifests.delete,
    },
    blobs: {
      exists: before(deadline, blobs.exists),
      fetch: before(deadline, async (descriptor) =>
        checked(await blobs.fetch(descriptor), deadline),
      ),
      push: before(deadline, blobs.push),
      mount: before(deadline, blobs.mount),
    },
  };
}
