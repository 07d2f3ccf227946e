import { finalCause, type RegistryError } from '../errors.ts';
import type { PinFailure } from '../imageset/index.ts';

/** Images that failed because one host was given up. */
export interface GivenUp {
  readonly error: RegistryError;
  readonly failures: readonly [PinFailure, ...PinFailure[]];
}

/** Failures of a run: those that have one cause together, and each of the others. */
export interface GroupedFailures {
  readonly together: readonly GivenUp[];
  readonly alone: readonly PinFailure[];
}

/** Joins the failures of each host that was given up, so that thousands of them are told once. */
export function groupFailures(failures: readonly PinFailure[]): GroupedFailures {
  const groups = Map.groupBy(failures, ({ error }) => finalCause(error));
  const together = [...groups].flatMap(([error, [first, ...others]]) =>
    error && first && others.length > 0 ? [{ error, failures: [first, ...others] as const }] : [],
  );
  const joined = new Set(together.map(({ error }) => error));
  const alone = failures.filter(({ error }) => {
    const cause = finalCause(error);
    return cause === undefined || !joined.has(cause);
  });
  return { together, alone };
}

/** Images that are named where many fail together. */
const shown = 3;

/** Names the first images of a group, and counts the rest. */
export function sayImages({ failures }: GivenUp): string {
  const names = failures.slice(0, shown).map(({ placement }) => placement.origin);
  const more = failures.length - names.length;
  return `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
