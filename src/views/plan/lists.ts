import type { Action, Change, Plan } from '../../plan/index.ts';
import type { Allowance } from '../text/index.ts';
import {
  amountOf,
  capitalize,
  escapeMarkdown,
  formatBytes,
  formatNumber,
  listPhrases,
  markdownCode,
  markdownDetails,
  nameLine,
  phraseToMarkdown,
  say,
  shortDigest,
} from '../text/index.ts';
import { type ChangeGroup, groupChanges } from './groups.ts';
import { type Pages, pagesFor } from './pages.ts';
import { describeReason, describeRemedy } from './reasons.ts';
import { describeNote } from './totals-rows.ts';
import { actionList, placeName } from './words.ts';

/** Lines of the configuration, and different reasons, that a list names. */
const most = 3;

/** Tags with a common start that are written without it. */
const fewest = 4;

function askedFor(changes: readonly Change[], pages: Pages, action: Action): string {
  const causes = changes.flatMap((change) => change.causes[0]?.at ?? []);
  const lines = new Map(causes.map((at) => [`${at.file}:${at.line}`, [nameLine(at)]]));
  if (lines.size === 0) return '';
  const verb = action === 'mirror' || action === 'retag' ? 'Asked' : 'Was asked';
  const phrase = say`${verb} for in ${listPhrases([...lines.values()], most)}.`;
  return phraseToMarkdown(phrase, pagesFor(action, pages));
}

function shortTag({ repository, tag }: Change): string {
  const [, algorithm, hex] = /^(sha(?:256|512))-([0-9a-f]{64,})$/.exec(tag) ?? [];
  return algorithm ? `${repository}@${shortDigest(`${algorithm}:${hex}`)}` : `${repository}:${tag}`;
}

/** Gives the start that all texts have, up to its last hyphen. */
function commonStart(texts: readonly string[]): string {
  const [first = '', ...rest] = texts;
  let length = first.length;
  for (const text of rest) {
    while (!text.startsWith(first.slice(0, length))) length -= 1;
  }
  return first.slice(0, first.lastIndexOf('-', length - 1) + 1);
}

/** Names images of one repository: one by one, or the start of their tags once and then their ends. */
function nameImages(repository: string, changes: readonly Change[]): string {
  const places = changes.map((change) =>
    change.replacedBy === undefined ? shortTag(change) : placeName(change),
  );
  const start = commonStart(places);
  if (changes.length < fewest || start.length <= repository.length) {
    return places.map(markdownCode).join(', ');
  }
  const ends = places.map((place) => markdownCode(place.slice(start.length)));
  return `${markdownCode(`${start}…`)}: ${ends.join(', ')}`;
}

function imageNames(changes: readonly Change[], rows: number): string[] {
  const repositories = Map.groupBy(changes.slice(0, rows), ({ repository }) => repository);
  return [...repositories].map(([name, found]) => nameImages(name, found));
}

/** Lists held images one by one: each has its own holder and its own way out. */
function heldImages(changes: readonly Change[], rows: number): string[] {
  return changes.slice(0, rows).map((change) => {
    const why = phraseToMarkdown(describeReason(change));
    return `${markdownCode(placeName(change))}: ${why}. ${phraseToMarkdown(describeRemedy(change))}`;
  });
}

function bulletList(items: readonly string[], rest: number): string {
  const more = rest > 0 ? [`… and ${formatNumber(rest)} more in the report`] : [];
  return [...items, ...more].map((item) => `- ${item}`).join('\n');
}

/** Gives the reasons: all of them where they are few, else a summary. */
function reasonOfAll(changes: readonly Change[], plan: Plan): string {
  const reasons = new Set(changes.map((change) => phraseToMarkdown(describeReason(change))));
  if (reasons.size <= most) return [...reasons].map((text) => `${capitalize(text)}.`).join(' ');
  const [{ action }] = changes as readonly [Change];
  const note = phraseToMarkdown(describeNote(action, changes, plan));
  return note === '' ? '' : `${capitalize(note)}.`;
}

function summaryOf({ title, changes }: ChangeGroup, called: string): string {
  const bytes = changes.reduce((sum, change) => sum + (amountOf(change) ?? 0), 0);
  const size = bytes > 0 ? [formatBytes(bytes)] : [];
  const count = `${formatNumber(changes.length)} ${called}`;
  return [escapeMarkdown(title), count, ...size].join(' · ');
}

/** Everything that lists of images depend on. */
export interface ListOptions extends Allowance {
  readonly pages: Pages;
  /** How lists are called; absent: as what is to come. */
  readonly called?: Readonly<Record<Action, string>> | undefined;
}

/** Writes the folded lists of one action: one for each release, operator and kind. */
export function listSections(plan: Plan, action: Action, options: ListOptions): readonly string[] {
  const { rows, pages, called = actionList } = options;
  if (rows === 0) return [];
  // An image that was mirrored needs no reason: it is no longer lacking.
  const isThere = options.called !== undefined && (action === 'mirror' || action === 'retag');
  const hasReason = action !== 'hold' && !isThere;
  return groupChanges(plan, action).map((group) => {
    const { changes } = group;
    const facts = [
      ...(hasReason ? [reasonOfAll(changes, plan)] : []),
      askedFor(changes, pages, action),
    ];
    const items = action === 'hold' ? heldImages(changes, rows) : imageNames(changes, rows);
    const list = bulletList(items, changes.length - rows);
    const body = [facts.filter((text) => text !== '').join(' '), list];
    return markdownDetails(
      summaryOf(group, called[action]),
      body.filter((text) => text !== '').join('\n\n'),
    );
  });
}
