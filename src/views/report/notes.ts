import { type Diagnostic, sortDiagnostics } from '../../diagnostic.ts';
import { countLost, type Plan } from '../../plan/index.ts';
import type { Risk } from '../plan/index.ts';
import { describeNotReceived, fixLead, retireRemedy } from '../plan/index.ts';
import {
  describeEdit,
  describeRange,
  escapeHtml,
  formatCount,
  htmlCode,
  htmlSentence,
  name,
  type Phrase,
  phraseToHtml,
  say,
  visible,
} from '../text/index.ts';
import { type PageSection, section } from './page.ts';

function code(text: string): Phrase {
  return [name(text)];
}

const harmWords: Readonly<Record<Risk['harm'], string>> = {
  danger: 'Risk',
  care: 'Caution',
  note: 'Note',
};

/** Writes a list of phrases, or nothing. */
export function listHtml(
  id: string,
  title: string,
  phrases: readonly Phrase[],
): PageSection | undefined {
  if (phrases.length === 0) return undefined;
  const items = phrases.map((phrase) => `<li>${phraseToHtml(phrase)}</li>`);
  return section(id, title, `<ul class="plain">${items.join('')}</ul>`);
}

/** Edits that the report lists; the plan file has the rest. */
const maxEdits = 30;

/** Writes what the author changed. */
export function editsSection({ edits }: Plan): PageSection | undefined {
  const rest = edits.length - maxEdits;
  const more =
    rest > 0 ? [say`… and ${formatCount(rest, 'more edit')} in ${code('plan.json')}`] : [];
  return listHtml('why', 'Why', [...edits.slice(0, maxEdits).map(describeEdit), ...more]);
}

/** Writes the risks; the first word of each says how grave it is. */
export function risksHtml(risks: readonly Risk[]): PageSection | undefined {
  if (risks.length === 0) return undefined;
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
    fix ? `<p>${fixLead(found)}:</p><pre>${block(fix)}</pre>` : '',
  ].join('');
  return `<li class="${harm}"><b class="tag">${severity}</b><div>${body}</div></li>`;
}

function block(text: string): string {
  return escapeHtml(text.trimEnd().split(/\r?\n/).map(visible).join('\n'));
}

/** Writes findings, the gravest first. */
export function findingsHtml(findings: readonly Diagnostic[]): PageSection | undefined {
  if (findings.length === 0) return undefined;
  const items = sortDiagnostics(findings).map(finding).join('');
  return section('findings', 'Findings', `<ul class="risks">${items}</ul>`);
}

/** Writes facts as a list of terms. */
export function factsSection(id: string, title: string, facts: readonly Fact[]): PageSection {
  const items = facts.map(
    ([term, fact]) => `<dt>${escapeHtml(term)}</dt><dd>${phraseToHtml(fact)}</dd>`,
  );
  return section(id, title, `<dl>${items.join('')}</dl>`);
}

/** Lists the image sets that the run was not given; nothing where there are none. */
export function notReceivedHtml(plan: Plan): PageSection | undefined {
  const lines = [...describeNotReceived(plan), retireRemedy];
  if (lines.length === 1) return undefined;
  const items = lines.map((line) => `<li>${phraseToHtml(line)}</li>`);
  return section('not-received', 'Not part of this run', `<ul>${items.join('')}</ul>`);
}

/** A term and its meaning. */
export type Fact = readonly [term: string, fact: Phrase];

/** Says how a plan came about: commits, image sets by digest, bounds, the tool. */
export function computedSection(plan: Plan): PageSection {
  const { maxDelete, prune, protect } = plan.options;
  const bound =
    'share' in maxDelete ? `${Math.round(maxDelete.share * 100)} %` : `${maxDelete.count}`;
  const lost = countLost(plan.changes);
  const deletes = plan.totals.delete;
  const counted =
    deletes > 0 ? ` (${formatCount(deletes, 'delete')}, ${lost} without a successor)` : '';
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
