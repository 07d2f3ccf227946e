import type { SourcePosition } from '../../errors.ts';
import type { Change, ConfigEdit, Plan, Revision } from '../../plan/index.ts';
import { name, nameLine, type Phrase, say } from './phrase.ts';
import { clip } from './printable.ts';
import { shortId } from './units.ts';

/**
 * Gives the bytes that a list shows for a change: what it alone moves or frees, so that they add up to the totals; of
 * what stays its size; `undefined` where only a tag goes.
 */
export function amountOf({ action, bytes, size }: Change): number | undefined {
  if (action === 'untag') return undefined;
  return action === 'keep' || action === 'hold' ? size : bytes;
}

/** The longest value of an edit that a line shows. */
const longestValue = 120;

/** Names a place in a file: `imageset-config.yaml:7`. */
export function formatPosition({ file, line }: SourcePosition): string {
  return `${file}:${line}`;
}

/** Names the line of the configuration that asks, or asked, for an image. */
export function causeOf({ causes }: Change): string {
  const [first] = causes;
  return first ? formatPosition(first.at) : '';
}

function valueName(value: string): Phrase {
  return [name(clip(value, longestValue))];
}

/** Says what the author changed: where, which field, from what to what. */
export function describeEdit({ at, path, from, to }: ConfigEdit): Phrase {
  const where = say`${nameLine(at)} ${name(path)}`;
  if (from === undefined)
    return say`${where} added${to === undefined ? '' : say`: ${valueName(to)}`}`;
  if (to === undefined) return say`${where} removed: ${valueName(from)}`;
  return say`${where} ${valueName(from)} → ${valueName(to)}`;
}

const origins: Readonly<Record<Revision['from'], string>> = {
  input: 'as given',
  state: 'last applied',
  event: 'before this change',
  files: 'files',
  none: 'nothing',
};

/** Names a base that no commit has. */
const uncommitted: Readonly<Record<Revision['from'], string>> = {
  ...origins,
  state: 'the configuration last applied',
  files: 'the earlier files',
};

function commitName({ commit }: Revision): Phrase | undefined {
  return commit === undefined ? undefined : [name(commit.slice(0, 7))];
}

/**
 * Says from what to what a plan leads: from `8b2e441` (last applied) to `c01d9aa`; of files that no commit has: rendered;
 * compared with run 17.
 */
export function describeRange({ base, head }: Plan): Phrase {
  const from = commitName(base);
  if (head.isRendered) {
    const run = base.run === undefined ? say`${uncommitted[base.from]}` : say`run ${base.run}`;
    return say`rendered; compared with ${from ?? run}`;
  }
  const to = commitName(head) ?? say`the files on disk`;
  return from
    ? say`from ${from} (${origins[base.from]}) to ${to}`
    : say`from ${uncommitted[base.from]} to ${to}`;
}

/** Names a plan by the start of its digest. */
export function planName(plan: Pick<Plan, 'digest'>): Phrase {
  return [name(shortId(plan.digest))];
}
