import type { OperatorNeed, Placement } from './placement.ts';

/** Bundles that a sentence names. */
const mostNamed = 3;

function nameOne({ bundle, package: owner, catalog }: OperatorNeed): string {
  return `bundle "${bundle}" of package "${owner}" in catalog "${catalog}"`;
}

/** Says which bundles need an image: `Needed by bundle "foo.v1.0.0" of package "foo" in catalog "…"`; empty where none does. */
export function sayNeeds({ neededBy = [] }: Pick<Placement, 'neededBy'>): string {
  if (neededBy.length === 0) return '';
  const named = neededBy.slice(0, mostNamed).map(nameOne).join(', ');
  const more = neededBy.length - mostNamed;
  return `Needed by ${named}${more > 0 ? ` and ${more} more` : ''}.`;
}
