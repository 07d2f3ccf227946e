import { type Diagnostic, type Severity, sortDiagnostics } from '../../diagnostic.ts';
import {
  clip,
  escapeLogLine,
  escapeMarkdown,
  formatCount,
  markdownBlock,
  markdownCode,
  markdownLink,
  type PageOf,
  textSentence,
  visible,
} from '../text/index.ts';

/** The longest block of YAML that a view shows, in UTF-16 units. */
const longestFix = 4000;

const severities: readonly Severity[] = ['error', 'warning', 'notice'];

/** Counts findings by how grave they are: `2 errors, 1 warning`. */
export function countFindings(findings: readonly Diagnostic[]): string {
  return severities
    .map((severity) => ({
      severity,
      count: findings.filter((found) => found.severity === severity).length,
    }))
    .filter(({ count }) => count > 0)
    .map(({ severity, count }) => formatCount(count, severity))
    .join(', ');
}

/** Describes a finding in sentences: summary, detail, remedy. */
function sentences({ summary, detail }: Diagnostic): string {
  return [summary, detail].filter((part) => part !== undefined && part !== '').join(' ');
}

function positionOf({ at }: Diagnostic): string | undefined {
  return at && `${at.file}:${at.line}:${at.column}`;
}

/** Introduces the text of a remedy: it replaces another, is added at a place, belongs into no file of the plan, or is a command. */
export function fixLead({
  text,
  at,
  fix,
}: Diagnostic): 'Write instead' | 'Write there' | 'Remedy' | 'Run' {
  if (at !== undefined && fix?.startsWith('imageset-mirror ')) return 'Run';
  if (text !== undefined) return 'Write instead';
  return at === undefined ? 'Remedy' : 'Write there';
}

const severityWord: Readonly<Record<Severity, string>> = {
  error: 'Error',
  warning: 'Warning',
  notice: 'Notice',
};

/** Writes one finding in Markdown: its place, linked where `pageOf` knows it, the text there, the fault, and the YAML that mends it. */
export function markdownFinding(found: Diagnostic, pageOf?: PageOf): string {
  const position = positionOf(found);
  const page = found.at && pageOf?.(found.at);
  const where = position === undefined ? '' : ` · ${markdownLink(markdownCode(position), page)}`;
  const text = found.text === undefined ? '' : ` · ${markdownCode(found.text)}`;
  return [
    `${severityWord[found.severity]}${where}${text}`,
    escapeMarkdown(sentences(found)),
    ...(found.fix
      ? [`${fixLead(found)}:\n\n${markdownBlock('yaml', clip(found.fix, longestFix))}`]
      : []),
  ].join('\n\n');
}

/** Writes findings in Markdown, the gravest first; after `limit` of them the rest is counted. */
export function markdownFindings(
  findings: readonly Diagnostic[],
  limit: number,
  pageOf?: PageOf,
): string[] {
  const sorted = sortDiagnostics(findings);
  const rest = sorted.slice(limit);
  return [
    ...sorted.slice(0, limit).map((found) => markdownFinding(found, pageOf)),
    ...(rest.length > 0
      ? [`… and ${countFindings(rest)} more, in the log and in the report.`]
      : []),
  ];
}

function indent(text: string): string[] {
  return text
    .trimEnd()
    .split(/\r?\n/)
    .map((line) => `      ${visible(line)}`);
}

function findingLines(found: Diagnostic): string[] {
  const position = positionOf(found);
  const head = `${position === undefined ? '' : `${visible(position)}: `}${found.severity}: `;
  return [
    escapeLogLine(`${head}${textSentence(sentences(found))}`),
    ...(found.text === undefined ? [] : ['    written:', ...indent(found.text)]),
    ...(found.fix === undefined
      ? []
      : [`    ${fixLead(found).toLowerCase()}:`, ...indent(found.fix)]),
  ].map(escapeLogLine);
}

/**
 * Writes findings for a terminal or a log: one `file:line:column: severity: message` each, the offending text and the
 * YAML that mends it below, counts in the last line. Empty when there are none.
 */
export function formatFindings(findings: readonly Diagnostic[]): string {
  if (findings.length === 0) return '';
  const lines = sortDiagnostics(findings).flatMap(findingLines);
  return `${[...lines, '', countFindings(findings)].join('\n')}\n`;
}
