import type { OperatorChannel, Plan } from '../../plan/index.ts';
import {
  type Allowance,
  columnsOf,
  cutLines,
  formatCount,
  formatNumber,
  markdownBlock,
  markdownCode,
  markdownDetails,
  markdownTable,
} from '../text/index.ts';
import { changedChannels } from './operators.ts';
import { countResources, diffResources } from './resource-diff.ts';

/** Writes the folded diff of the cluster resources. */
export function resourcesSection(plan: Plan, { rows }: Allowance): string {
  const lines = diffResources(plan).map(({ sign, text }) => `${sign} ${text}`);
  if (lines.length === 0 || rows === 0) return '';
  const shown = cutLines(lines, rows, (rest) => `  … ${rest} more lines in the report`);
  const block = markdownBlock('diff', shown.join('\n'));
  return markdownDetails(`Cluster resources: ${countResources(plan)}`, block);
}

/** Versions that a cell lists. */
const maxVersions = 8;

function versionsCell(versions: readonly string[]): string {
  const rest = versions.length - maxVersions;
  const shown = versions.slice(0, maxVersions).map(markdownCode).join(' ');
  return rest > 0 ? `${shown} and ${formatNumber(rest)} more` : shown || '–';
}

const columns = [
  ...columnsOf('left', 'package', 'channel', 'head', 'new', 'goes'),
  ...columnsOf('right', 'stay'),
];

function row({ package: owner, channel, head, added, removed, kept }: OperatorChannel): string[] {
  return [
    markdownCode(owner),
    markdownCode(channel),
    head === undefined ? 'the channel goes' : markdownCode(head),
    versionsCell(added),
    versionsCell(removed.map(({ version }) => version)),
    formatNumber(kept.length),
  ];
}

/** Writes the folded table of operator channels in which something changes. */
export function operatorsSection(plan: Plan, { rows }: Allowance): string {
  const channels = changedChannels(plan);
  if (channels.length === 0 || rows === 0) return '';
  const catalogs = Map.groupBy(channels.slice(0, rows), ({ catalog }) => catalog);
  const tables = [...catalogs].map(
    ([catalog, found]) => `${markdownCode(catalog)}\n\n${markdownTable(columns, found.map(row))}`,
  );
  const rest = channels.length - rows;
  const more = rest > 0 ? [`… and ${formatNumber(rest)} more, in the report.`] : [];
  const packages = new Set(channels.map(({ catalog, package: owner }) => `${catalog} ${owner}`));
  const summary = `Operators: ${formatCount(channels.length, 'channel')} of ${formatCount(packages.size, 'package')} ${channels.length === 1 ? 'changes' : 'change'}`;
  return markdownDetails(summary, [...tables, ...more].join('\n\n'));
}
