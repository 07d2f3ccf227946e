import { listNames } from '../base/index.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { finalCause, type MirrorError, type RegistryError } from '../errors.ts';
import type { PinFailure } from './pin-placements.ts';
import { type Placement, sayNeeds } from './placement.ts';

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

/** Names the first images of a group, and counts the rest. */
export function sayImages({ failures }: GivenUp): string {
  const names = failures.map(({ placement }) => placement.origin);
  return listNames(names, 3);
}

/** Places a finding at the line that asks for an image. */
export function findingAbout({ origin, causes }: Placement, found: Diagnostic): Diagnostic {
  return { ...found, text: origin, at: causes[0]?.at };
}

/** The summaries of an image and of a host: of images that are lost, and of those that an earlier run mirrored. */
const summaries = {
  lost: {
    severity: 'error',
    one: 'An image cannot be read at its source; it will not be mirrored.',
    rejected: 'The trust policy rejects an image; it will not be mirrored.',
    host: 'A registry cannot be reached; the images that lie there will not be mirrored.',
  },
  kept: {
    severity: 'warning',
    one: 'An image cannot be read at its source any more; what was mirrored stays.',
    rejected: 'The trust policy rejects an image; what was mirrored stays.',
    host: 'A registry cannot be reached any more; what was mirrored from it stays.',
  },
} as const;

/** Reports images that could not be pinned or may not be mirrored, and once for each host that was given up. */
export function diagnosePinFailures(
  failures: readonly PinFailure[],
  fate: keyof typeof summaries,
): Diagnostic[] {
  const { severity, one, rejected, host } = summaries[fate];
  const report = (placement: Placement, error: MirrorError, [summary, more]: [string, string]) =>
    findingAbout(placement, {
      severity,
      code: error.code === 'POLICY_REJECTED' ? 'policy-rejected' : 'source-unreadable',
      summary,
      detail: [error.message, error.hint, more].filter((part) => part).join(' '),
    });
  const { together, alone } = groupFailures(failures);
  return [
    ...together.map((group) => {
      const { placement } = group.failures[0];
      const count = `${group.failures.length} images were to come from it: ${sayImages(group)}.`;
      return report(placement, group.error, [host, count]);
    }),
    ...alone.map(({ placement, error }) => {
      const summary = error.code === 'POLICY_REJECTED' ? rejected : one;
      return report(placement, error, [summary, sayNeeds(placement)]);
    }),
  ];
}
