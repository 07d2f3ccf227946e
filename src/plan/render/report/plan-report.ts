import type { Plan } from '../../types.ts';
import { describePlan } from '../headline.ts';
import { findRisks } from '../risks.ts';
import { withShortNames } from '../short-names.ts';
import { describeTotals } from '../totals-rows.ts';
import { targetName } from '../words.ts';
import { operatorsSection, resourcesSection } from './cluster.ts';
import {
  computedSection,
  editsSection,
  findingsSection,
  notReceivedSection,
  risksSection,
} from './notes.ts';
import { renderPage } from './page.ts';
import { releasesSection } from './releases.ts';
import { listRows } from './rows.ts';

/** Writes the report of a plan: one HTML file that opens from disk and never asks a network. */
export function renderReport(planned: Plan): string {
  const plan = withShortNames(planned);
  return renderPage({
    title: 'Mirror plan',
    target: targetName(plan),
    headline: describePlan(plan),
    tiles: describeTotals(plan).map(({ action, ...row }) => ({
      label: action,
      tone: action,
      ...row,
    })),
    before: [risksSection(findRisks(plan)), findingsSection(plan.diagnostics), editsSection(plan)],
    rows: listRows(plan),
    after: [
      releasesSection(plan),
      operatorsSection(plan),
      resourcesSection(plan),
      notReceivedSection(plan),
      computedSection(plan),
    ],
  });
}
