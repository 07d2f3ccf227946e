import { nearestName } from '../imageset/index.ts';

/** Asks whether a near name was meant: `Did you mean "lint"?`, or gives nothing. */
export function askMeant(written: string, known: readonly string[]): string | undefined {
  const near = nearestName(written, known);
  return near === undefined ? undefined : `Did you mean "${near}"?`;
}
