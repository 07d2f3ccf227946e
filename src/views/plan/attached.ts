import { isAttached } from '../../imageset/index.ts';
import type { Action, Change, Plan } from '../../plan/index.ts';
import { formatCount, formatNumber, type Phrase, phraseToText, say } from '../text/index.ts';

/** Gives a plan as views list it: image sets by their short names, and images without their signatures. */
export function shownPlan(planned: Plan): Plan {
  const plan = withShortNames(planned);
  if (!plan.totals.signatures) return plan;
  return { ...plan, changes: plan.changes.filter((change) => !isAttached(change)) };
}

const verbs: Readonly<Record<Action, string>> = {
  mirror: 'to mirror',
  retag: 'to renew',
  keep: 'kept',
  delete: 'to delete',
  untag: 'to untag',
  hold: 'held',
};

/** Counts in one sentence the signatures by their action; nothing where there are none. */
export function describeAttached({ totals: { signatures } }: Pick<Plan, 'totals'>): Phrase[] {
  if (!signatures) return [];
  const parts = (Object.keys(verbs) as Action[]).flatMap((action) =>
    signatures[action] > 0 ? [`${formatNumber(signatures[action])} ${verbs[action]}`] : [],
  );
  const all = Object.values(signatures).reduce((sum, count) => sum + count, 0);
  const noun = formatCount(all, 'signature or attestation', 'signatures and attestations');
  return [say`With the images: ${noun}, ${parts.join(', ')}.`];
}

/** Gives the same sentence as lines of a terminal. */
export function attachedLines(plan: Pick<Plan, 'totals'>): string[] {
  return describeAttached(plan).map(phraseToText);
}

/**
 * Shortens the names of image sets for readers of one repository: its own image sets are named by path, all others by
 * their full names.
 */
function withShortNames(plan: Plan): Plan {
  const { repository } = plan;
  if (repository === undefined) return plan;
  const start = `${repository}//`;
  const shorten = (text: string): string =>
    text.startsWith(start) ? text.slice(start.length) : text;
  const named = <One extends { readonly name: string }>(one: One): One => ({
    ...one,
    name: shorten(one.name),
  });
  return {
    ...plan,
    imageSets: plan.imageSets.map(named),
    ...(plan.notReceived && { notReceived: plan.notReceived.map(named) }),
    changes: plan.changes.map((change): Change => {
      const causes = change.causes.map((cause) => ({
        ...cause,
        imageSet: shorten(cause.imageSet),
      }));
      if (!change.holders) return { ...change, causes };
      const holders = change.holders.map((one) => (one.kind === 'image-set' ? named(one) : one));
      return { ...change, causes, holders };
    }),
  };
}
