/** How much of every list a view shows. */
export interface Allowance {
  /** Changes of each action. */
  readonly rows: number;
  /** Edits, risks and findings, each. */
  readonly lines: number;
}

/**
 * Gives the first rendering that fits, from the most generous allowance to the smallest.
 *
 * `measure` counts in the unit of the limit. The smallest rendering holds a bounded number of lines of bounded length;
 * should even that be too long, it is cut at the end of a line.
 */
export function fitLimit(
  allowances: readonly Allowance[],
  render: (allowance: Allowance) => string,
  { limit, measure }: { readonly limit: number; readonly measure: (text: string) => number },
): string {
  let text = '';
  for (const allowance of allowances) {
    text = render(allowance);
    if (measure(text) <= limit) return text;
  }
  const lines = text.split('\n');
  while (lines.length > 1 && measure(lines.join('\n')) > limit) lines.pop();
  return lines.join('\n');
}

/** Counts as GitHub does for comments: characters; UTF-16 units are never fewer. */
export function countCharacters(text: string): number {
  return text.length;
}

/** Counts as the runner does for job summaries: bytes of UTF-8. */
export function countBytes(text: string): number {
  return Buffer.byteLength(text);
}
