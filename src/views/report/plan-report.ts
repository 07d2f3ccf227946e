import type { Plan } from '../../plan/index.ts';
import {
  describeAttached,
  describePlan,
  describeTotals,
  findRisks,
  shownPlan,
  targetName,
} from '../plan/index.ts';
import { operatorsHtml, resourcesHtml } from './cluster.ts';
import { groupsSection } from './groups.ts';
import {
  computedSection,
  editsSection,
  findingsHtml,
  notReceivedHtml,
  risksHtml,
} from './notes.ts';
import { renderPage } from './page.ts';
import { releasesSection } from './releases.ts';
import { listRows } from './rows.ts';
import { sizeSection } from './treemap.ts';

/** Writes the report of a plan: one HTML file that opens from disk and never asks a network. */
export function renderReport(planned: Plan): string {
  const plan = shownPlan(planned);
  return renderPage({
    title: 'Mirror plan',
    target: targetName(plan),
    headline: [...describePlan(plan), ...describeAttached(plan)],
    tiles: describeTotals(plan).map(({ action, ...row }) => ({
      label: action,
      tone: action,
      ...row,
    })),
    before: [
      risksHtml(findRisks(plan)),
      findingsHtml(plan.diagnostics),
      editsSection(plan),
      releasesSection(plan),
      sizeSection(plan),
      groupsSection(plan),
    ],
    rows: listRows(plan),
    after: [operatorsHtml(plan), resourcesHtml(plan), notReceivedHtml(plan), computedSection(plan)],
  });
}
