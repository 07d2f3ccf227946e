import type { StaleImages } from '../plan/index.ts';
import { describeStale, phraseToText } from '../views/index.ts';
import type { Console } from './console.ts';

/** Tells what is mirrored and no longer wanted, and the command that plans its removal. */
export function tellStale(
  console: Console,
  plan: { readonly stale?: StaleImages | undefined },
): void {
  const found = describeStale(plan);
  if (found) console.result(`${phraseToText(found)}; see \`plan --prune stale\``);
}
