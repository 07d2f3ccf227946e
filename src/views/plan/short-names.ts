import type { Change, Plan } from '../../plan/index.ts';

/**
 * Shortens the names of image sets for readers of one repository: its own image sets are named by path, all others by
 * their full names.
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
