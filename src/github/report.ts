import type { Result } from '../apply/index.ts';
import type { Diagnostic, Severity } from '../diagnostic.ts';
import { formatDiagnostic, sortDiagnostics } from '../diagnostic.ts';
import { ConfigError, codeOf, MirrorError, messageOf } from '../errors.ts';
import type { Plan } from '../plan/index.ts';
import { hasDeeds, totalsOf } from '../views/index.ts';
import { type ActionsHost, type OutputName, outputNames } from './host.ts';

/** The number of annotations of each severity that the host shows for one step. */
const maxAnnotations = 10;

/** Values of outputs. A missing value becomes an empty text, so every output is always set. */
export type Outputs = Readonly<Partial<Record<OutputName, string>>>;

/** Turns anything thrown into a finding, with its position if it has one. */
export function describeError(thrown: unknown): Diagnostic {
  const hint = thrown instanceof MirrorError ? thrown.hint : undefined;
  return {
    severity: 'error',
    code: codeOf(thrown).toLowerCase().replaceAll('_', '-'),
    summary: messageOf(thrown),
    ...(hint !== undefined && { detail: hint }),
    ...(thrown instanceof ConfigError && thrown.at && { at: thrown.at }),
  };
}

function annotate(host: ActionsHost, found: Diagnostic): void {
  const message = [found.summary, found.detail].filter(Boolean).join(' ');
  host.annotate({
    severity: found.severity,
    title: found.code,
    message: found.fix ? `${message}\n${found.fix}` : message,
    at: found.at,
  });
}

function annotateSome(
  host: ActionsHost,
  severity: Severity,
  findings: readonly Diagnostic[],
): void {
  const fits = findings.length <= maxAnnotations;
  const shown = fits ? findings : findings.slice(0, maxAnnotations - 1);
  for (const found of shown) annotate(host, found);
  if (fits) return;
  const rest = findings.slice(shown.length);
  for (const found of rest) host.print(formatDiagnostic(found));
  host.annotate({
    severity,
    title: `and ${rest.length} more`,
    message: `${rest.length} more findings of this severity are in the log and in the summary.`,
  });
}

/** Shows findings next to the code, errors first: at most ten of each severity, and the rest in one that counts them. */
export function annotateAll(host: ActionsHost, findings: readonly Diagnostic[]): void {
  const sorted = sortDiagnostics(findings);
  for (const severity of ['error', 'warning', 'notice'] as const) {
    annotateSome(
      host,
      severity,
      sorted.filter((found) => found.severity === severity),
    );
  }
}

/** Gives the outputs of a plan. */
export function outputsOf(plan: Plan): Outputs {
  const { totals } = plan;
  const hasChanges = hasDeeds(plan);
  return {
    'has-changes': String(hasChanges),
    'plan-digest': plan.digest,
    'mirror-count': String(totals.mirror + totals.retag),
    'delete-count': String(totals.delete),
    'hold-count': String(totals.hold),
    'bytes-to-mirror': String(totals.bytesToMirror),
    'bytes-to-free': String(totals.bytesToFree),
    shards: JSON.stringify(hasChanges ? ['1/1'] : []),
  };
}

/** Gives the outputs of an apply, from the changes that were really made. */
export function resultOutputs(result: Result): Outputs {
  const totals = totalsOf(result);
  return {
    'has-changes': String(totals.hasChanged),
    'plan-digest': result.waiting?.digest ?? result.planDigest,
    'mirror-count': String(totals.mirrored),
    'delete-count': String(totals.deleted),
    'hold-count': String(totals.held),
    'failed-count': String(totals.failed),
    'bytes-to-mirror': String(totals.bytesMirrored),
    'bytes-to-free': String(totals.bytesFreed),
    shards: JSON.stringify(totals.hasChanged ? ['1/1'] : []),
    outcome: result.status,
  };
}

const noPlan: Outputs = {
  'has-changes': 'false',
  'mirror-count': '0',
  'delete-count': '0',
  'hold-count': '0',
  'failed-count': '0',
  'bytes-to-mirror': '0',
  'bytes-to-free': '0',
  shards: '[]',
};

/** Sets every output of the action, each once. Never throws: the changes are already made. */
export function setOutputs(host: ActionsHost, outputs: Outputs): void {
  for (const name of outputNames) {
    try {
      host.setOutput(name, outputs[name] ?? noPlan[name] ?? '');
    } catch (error) {
      host.print(`The output ${name} could not be set: ${messageOf(error)}`);
    }
  }
}
