import type { Outcome, Result } from '../apply/index.ts';
import { sharedCause } from '../errors.ts';
import {
  contentKindOf,
  groupFailures,
  type ImageKind,
  isAttached,
  type Placement,
  placeKey,
} from '../imageset/index.ts';
import type { Pinned } from './gather.ts';
import type { ImageFailure } from './types.ts';

/** Gives the line of the configuration that asks for an image, and the bundles that need it. */
function wantedBy(placement: Placement | undefined): Pick<ImageFailure, 'neededBy' | 'at'> {
  const at = placement?.causes[0]?.at;
  return { ...(placement?.neededBy && { neededBy: placement.neededBy }), ...(at && { at }) };
}

function subject({ kind, origin }: { readonly kind: ImageKind; readonly origin: string }) {
  return { kind: contentKindOf(kind), origin };
}

/** The answers by which failures are told together, by their shared cause. */
type Answers = ReadonlyMap<string | undefined, string>;

/** Tells all failures of one cause by the answer to the first of them. */
function sharedAnswers(outcomes: readonly Outcome[]): Answers {
  const answers = new Map<string, string>();
  for (const outcome of outcomes) {
    const cause = outcome.result === 'failed' ? sharedCause(outcome) : undefined;
    if (outcome.result === 'failed' && cause && !answers.has(cause))
      answers.set(cause, outcome.message);
  }
  return answers;
}

/** `placement`: that of the image, also of a signature, which counts among the failures of its image's kind. */
function failureOf(
  outcome: Outcome,
  placement: Placement | undefined,
  answers: Answers,
): ImageFailure[] {
  if (outcome.result !== 'failed' && outcome.result !== 'skipped') return [];
  const { kind, origin } = outcome.change;
  const attached = isAttached({ kind }) && ({ isAttached: true } as const);
  const about = subject({ kind: placement?.kind ?? kind, origin });
  const failure = { ...about, ...wantedBy(placement), ...attached };
  if (outcome.result === 'skipped') {
    return [{ ...failure, message: outcome.detail, host: outcome.detail }];
  }
  const { message, side, hint } = outcome;
  const host = answers.get(sharedCause(outcome));
  return [
    {
      ...failure,
      message,
      ...(side && { side }),
      ...(hint !== undefined && { hint }),
      ...(host !== undefined && { host }),
    },
  ];
}

/** Lists the images that could not be mirrored, those first that could not even be named. */
export function imageFailuresOf(result: Result, pinned: Pinned): ImageFailure[] {
  const { together } = groupFailures(pinned.failures);
  const hosts = new Map(
    together.flatMap(({ error, failures }) => failures.map((one) => [one, error.message] as const)),
  );
  const unpinned = pinned.failures.map((failure): ImageFailure => {
    const { placement, error } = failure;
    const host = hosts.get(failure);
    return {
      ...subject(placement),
      ...wantedBy(placement),
      message: error.message,
      side: error.side,
      ...(error.code === 'POLICY_REJECTED' && { isRejected: true }),
      ...(error.hint !== undefined && { hint: error.hint }),
      ...(host !== undefined && { host }),
    };
  });
  const wanted = new Map(pinned.pinned.map((placement) => [placeKey(placement.target), placement]));
  const images = new Map(
    pinned.pinned.map((one) => [`${one.target.repository}@${one.content.digest}`, one]),
  );
  const answers = sharedAnswers(result.outcomes);
  const failed = result.outcomes.flatMap((outcome) => {
    const { repository, subject: image } = outcome.change;
    const placement = image
      ? images.get(`${repository}@${image}`)
      : wanted.get(placeKey(outcome.change));
    return failureOf(outcome, placement, answers);
  });
  return [...unpinned, ...failed];
}
