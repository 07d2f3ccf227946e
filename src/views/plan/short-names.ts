import type { Plan } from '../../plan/index.ts';

/**
 * Gives a plan as people of its repository read it: image sets of this repository go by their paths alone, those of others
 * by their whole names.
 */
export function withShortNames(plan: Plan): Plan {
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
    changes: plan.changes.map((change) => ({
      ...change,
      causes: change.causes.map((cause) => ({ ...cause, imageSet: shorten(cause.imageSet) })),
      ...(change.holders && {
        holders: change.holders.map((one) => (one.kind === 'image-set' ? named(one) : one)),
      }),
    })),
  };
}
