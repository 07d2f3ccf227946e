import type { SourcePosition } from './errors.ts';

/** How grave a finding is; `error` fails a plan unless `fail-on` says otherwise. */
export type Severity = 'error' | 'warning' | 'notice';

/**
 * One finding about what a user wrote or what was found upstream.
 *
 * Shape: `summary` is constant text without names from outside, `detail` explains the fault and its remedy in full
 * sentences, `fix` is YAML (or a command) that mends it, `text` the offending text as written.
 */
export interface Diagnostic {
  readonly severity: Severity;
  /** Kebab-case, stable: `unknown-field`, `empty-range`, … */
  readonly code: string;
  readonly summary: string;
  readonly detail?: string | undefined;
  readonly fix?: string | undefined;
  readonly text?: string | undefined;
  readonly at?: SourcePosition | undefined;
}

const order: Record<Severity, number> = { error: 0, warning: 1, notice: 2 };

/** By code unit: the order must not depend on the machine's locale. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** Sorts findings by harm, then by place, so that two runs show the same order. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return [...diagnostics].sort(
    (a, b) =>
      order[a.severity] - order[b.severity] ||
      compareText(a.at?.file ?? '', b.at?.file ?? '') ||
      (a.at?.line ?? 0) - (b.at?.line ?? 0) ||
      (a.at?.column ?? 0) - (b.at?.column ?? 0) ||
      compareText(a.code, b.code) ||
      compareText(a.summary, b.summary),
  );
}

/** Tells whether a list holds a finding at least as grave as `lowest`. */
export function hasSeverity(diagnostics: readonly Diagnostic[], lowest: Severity): boolean {
  return diagnostics.some((found) => order[found.severity] <= order[lowest]);
}

/** Prints one finding as compilers do: `file:line:column: severity: message`. */
export function formatDiagnostic(found: Diagnostic): string {
  const at = found.at ? `${found.at.file}:${found.at.line}:${found.at.column}: ` : '';
  return `${at}${found.severity}: ${found.summary}${found.detail ? ` ${found.detail}` : ''}`;
}
