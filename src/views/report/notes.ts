import { type Diagnostic, sortDiagnostics } from '../../diagnostic.ts';
import { countLost, type Plan } from '../../plan/index.ts';
import type { Risk } from '../plan/index.ts';
import { describeNotReceived, fixWord, retireRemedy } from '../plan/index.ts';
import {
  describeEdit,
  describeRange,
  escapeHtml,
  formatCount,
  htmlCode,
  htmlSentence,
  type Phrase,
  phraseToHtml,
  say,
  visible,
} from '../text/index.ts';
import { section } from './page.ts';

const harmWords: Readonly<Record<Risk['harm'], string>> = {
  danger: 'Risk',
  care: 'Mind',
  note: 'Note',
};

/** Writes a list of phrases, or nothing. */
export function listHtml(id: string, title: string, phrases: readonly Phrase[]): string {
  if (phrases.length === 0) return '';
  const items = phrases.map((phrase) => `<li>${phraseToHtml(phrase)}</li>`);
  return section(id, title, `<ul class="plain">${items.join('')}</ul>`);
}

/** Writes what the author changed. */
export function editsSection({ edits }: Plan): string {
  return listHtml('why', 'Why', edits.map(describeEdit));
}

/** Writes the risks; the first word of each says how grave it is. */
export function risksHtml(risks: readonly Risk[]): string {
  if (risks.length === 0) return '';
  const items = risks.map(
    ({ harm, text }) =>
      `<li class="${harm}"><b class="tag">${harmWords[harm]}</b><span>${phraseToHtml(text)}</span></li>`,
  );
  return section('risks', 'Before you approve', `<ul class="risks">${items.join('')}</ul>`);
}

function finding(found: Diagnostic): string {
  const { severity, summary, detail, text, fix, at } = found;
  const place = at ? htmlCode(`${at.file}:${at.line}:${at.column}`) : '';
  const harm = severity === 'error' ? 'danger' : severity === 'warning' ? 'care' : 'note';
  const body = [
    `<p>${place} <strong>${htmlSentence(summary)}</strong> ${detail ? htmlSentence(detail) : ''}</p>`,
    text === undefined ? '' : `<p>Written: ${htmlCode(text)}</p>`,
    fix ? `<p>Write ${fixWord(found)}:</p><pre>${block(fix)}</pre>` : '',
  ].join('');
  return `<li class="${harm}"><b class="tag">${severity}</b><div>${body}</div></li>`;
}

function block(text: string): string {
  return escapeHtml(text.trimEnd().split(/\r?\n/).map(visible).join('\n'));
}

/** Writes findings, the gravest first. */
export function findingsHtml(findings: readonly Diagnostic[]): string {
  if (findings.length === 0) return '';
  const items = sortDiagnostics(findings).map(finding).join('');
  return section('findings', 'Findings', `<ul class="risks">${items}</ul>`);
}

/** Writes facts as a list of terms. */
export function factsSection(id: string, title: string, facts: readonly Fact[]): string {
  const items = facts.map(
    ([term, fact]) => `<dt>${escapeHtml(term)}</dt><dd>${phraseToHtml(fact)}</dd>`,
  );
  return section(id, title, `<dl>${items.join('')}</dl>`);
}

/** Lists the image sets that the run was not given; nothing where there are none. */
export function notReceivedHtml(plan: Plan): string {
  const lines = [...describeNotReceived(plan), retireRemedy];
  if (lines.length === 1) return '';
  const items = lines.map((line) => `<li>${phraseToHtml(line)}</li>`);
  return section('not-received', 'Not part of this run', `<ul>${items.join('')}</ul>`);
}

/** A term and its meaning. */
export type Fact = readonly [term: string, fact: Phrase];

/** Says how a plan came about: commits, image sets by digest, bounds, the tool. */
export function computedSection(plan: Plan): string {
  const { maxDelete, prune, protect } = plan.options;
  const bound =
    'share' in maxDelete ? `${Math.round(maxDelete.share * 100)} %` : `${maxDelete.count}`;
  const lost = countLost(plan.changes);
  const deletes = plan.totals.delete;
  const counted =
    deletes > 0 ? ` (${formatCount(deletes, 'delete')}, ${lost} without a successor)` : '';
  const code = (text: string): Phrase => [{ name: text }];
  return factsSection('computed', 'How it was computed', [
    ['Plan', code(plan.digest)],
    ['Commits', describeRange(plan)],
    ['Tool', say`${plan.tool}`],
    [
      'Options',
      say`prune ${prune}, max-delete ${bound}${counted}, ${protect.length} protected patterns`,
    ],
    ...plan.imageSets.map((set): Fact => ['Image set', say`${code(set.name)} ${code(set.digest)}`]),
  ]);
}
