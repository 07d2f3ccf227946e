import type { Phrase } from '../text/index.ts';

/** The harm: a cluster loses something, a reviewer must decide, or a reviewer should know. */
export type Harm = 'danger' | 'care' | 'note';

/** One thing to know before a plan is approved. */
export interface Risk {
  readonly harm: Harm;
  readonly text: Phrase;
}

const order: Readonly<Record<Harm, number>> = { danger: 0, care: 1, note: 2 };

/** Sorts risks by harm; those of equal harm keep their order. */
export function sortRisks(risks: readonly Risk[]): Risk[] {
  return risks.toSorted((a, b) => order[a.harm] - order[b.harm]);
}
