import { listNames } from '../base/index.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { type ErrorCode, finalCause, MirrorError, sharedCause } from '../errors.ts';
import type { PinFailure } from './pin-placements.ts';
import { type Placement, sayNeeds } from './placement.ts';

/** Images that failed together: one host was given up, or refuses one entry of credentials. */
export interface GivenUp {
  readonly error: MirrorError;
  readonly failures: readonly [PinFailure, ...PinFailure[]];
}

/** Failures of a run: those that have one cause together, and each of the others. */
export interface GroupedFailures {
  readonly together: readonly GivenUp[];
  readonly alone: readonly PinFailure[];
}

/** The summaries of failures that images share because of their credentials, or of a setting; all others are those of a host. */
const sharedSummaries: Partial<Record<ErrorCode, 'refused' | 'unset'>> = {
  UNAUTHORIZED: 'refused',
  CREDENTIALS: 'refused',
  INPUT_INVALID: 'unset',
};

/** Gives what failures of one cause share: the last answer of a host that was given up, or the remedy for credentials. */
function causeOf({ error }: PinFailure): string | undefined {
  return finalCause(error)?.message ?? sharedCause(error);
}

/** Joins the failures that have one cause, so that thousands of them are told once. */
export function groupFailures(failures: readonly PinFailure[]): GroupedFailures {
  const groups = [...Map.groupBy(failures, causeOf)];
  const together = groups.flatMap(([cause, [first, ...others]]) => {
    if (cause === undefined || !first || others.length === 0) return [];
    const { error } = first;
    const told = finalCause(error) ?? (error.cause instanceof MirrorError ? error.cause : error);
    return [{ error: told, failures: [first, ...others] as const }];
  });
  const joined = new Set<PinFailure>(together.flatMap((group) => group.failures));
  return { together, alone: failures.filter((failure) => !joined.has(failure)) };
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
    refused: 'Credentials do not work; the images that need them will not be mirrored.',
    unset: 'A setting for registries cannot be used; the images that need it will not be mirrored.',
  },
  kept: {
    severity: 'warning',
    one: 'An image cannot be read at its source any more; what was mirrored stays.',
    rejected: 'The trust policy rejects an image; what was mirrored stays.',
    host: 'A registry cannot be reached any more; what was mirrored from it stays.',
    refused: 'Credentials do not work any more; what was mirrored with them stays.',
    unset: 'A setting for registries cannot be used any more; what was mirrored with it stays.',
  },
} as const;

/** Takes what a source answered, where that names the image by itself. */
function plainError({ origin }: Placement, error: MirrorError): MirrorError {
  const { cause } = error;
  const isPlain =
    cause instanceof MirrorError && cause.code === error.code && cause.message.includes(origin);
  return isPlain ? cause : error;
}

/** Reports images that could not be pinned or may not be mirrored; those that have one cause are one finding. */
export function diagnosePinFailures(
  failures: readonly PinFailure[],
  fate: keyof typeof summaries,
): Diagnostic[] {
  const { severity, one, rejected } = summaries[fate];
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
      const count = `${group.failures.length} images fail for this: ${sayImages(group)}.`;
      const summary = summaries[fate][sharedSummaries[group.error.code] ?? 'host'];
      return report(placement, group.error, [summary, count]);
    }),
    ...alone.map(({ placement, error: thrown }) => {
      const error = plainError(placement, thrown);
      const summary = error.code === 'POLICY_REJECTED' ? rejected : one;
      return report(placement, error, [summary, sayNeeds(placement)]);
    }),
  ];
}
