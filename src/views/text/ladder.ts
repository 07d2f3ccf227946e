import { formatNumber } from './units.ts';

/** How much of every list a view shows. */
export interface Allowance {
  /** Images of each list. */
  readonly rows: number;
  /** Edits, risks and findings, each. */
  readonly lines: number;
}

/** The sections of a view; each is shown whole or not at all. */
export interface Sections {
  /** The first of them are the last to go. */
  readonly head: readonly string[];
  /** Lists that a view can do without, the most important first. */
  readonly lists?: readonly string[];
  /** The end of the view; it goes only when head and tail alone are too long. */
  readonly tail?: readonly string[];
}

interface Room {
  readonly limit: number;
  /** Counts in the unit of the limit. */
  measure(text: string): number;
}

/** Joins sections with an empty line between them; empty ones are left out. */
export function joinSections(sections: readonly string[]): string {
  return sections.filter((section) => section !== '').join('\n\n');
}

function leftOut(count: number): string {
  return count === 0 ? '' : `… ${count} more ${count === 1 ? 'list' : 'lists'} in the report.`;
}

/** Leaves out lists that do not fit, then the end, then sections of the head from its end. */
function leaveOut({ head, lists = [], tail = [] }: Sections, { limit, measure }: Room): string {
  const wanted = lists.filter((list) => list !== '');
  const join = (shown: readonly string[], end = tail): string =>
    joinSections([...head, ...shown, leftOut(wanted.length - shown.length), ...end]);
  const shown: string[] = [];
  for (const list of wanted) if (measure(join([...shown, list])) <= limit) shown.push(list);
  const text = join(shown);
  if (measure(text) <= limit) return text;
  const parts = [...head];
  while (parts.length > 1 && measure(joinSections(parts)) > limit) parts.pop();
  return joinSections(parts);
}

/**
 * Writes a view within a limit: with the most generous allowance that fits, else with the smallest and without the
 * sections that do not fit. No section is cut, so no block stays open. The text ends with a newline, which counts.
 *
 * The smallest rendering of the first section has a bounded length.
 */
export function fitLimit(
  allowances: readonly Allowance[],
  render: (allowance: Allowance) => Sections,
  { limit, measure }: Room,
): string {
  const room = { limit: limit - 1, measure };
  let sections: Sections = { head: [] };
  for (const allowance of allowances) {
    sections = render(allowance);
    const { head, lists = [], tail = [] } = sections;
    const text = joinSections([...head, ...lists, ...tail]);
    if (measure(text) <= room.limit) return `${text}\n`;
  }
  return `${leaveOut(sections, room)}\n`;
}

/** Counts as GitHub does for comments: characters; UTF-16 units are never fewer. */
export function countCharacters(text: string): number {
  return text.length;
}

/** Counts as the runner does for job summaries: bytes of UTF-8. */
export function countBytes(text: string): number {
  return Buffer.byteLength(text);
}

/** Gives the first lines of a list, and one that counts the others. */
export function cutLines(
  lines: readonly string[],
  limit: number,
  count: (rest: string) => string,
): string[] {
  const rest = lines.length - limit;
  return [...lines.slice(0, limit), ...(rest > 0 ? [count(formatNumber(rest))] : [])];
}
