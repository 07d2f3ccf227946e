import type { Result } from '../apply/index.ts';
import type { Plan } from '../plan/index.ts';

/** Writes the report of a plan. The code of reports is loaded here: a start does not need it. */
export async function writeReport(plan: Plan): Promise<string> {
  const { renderReport } = await import('./report/index.ts');
  return renderReport(plan);
}

/** Writes the report of an apply, like {@link writeReport}. */
export async function writeResultReport(result: Result): Promise<string> {
  const { renderResultReport } = await import('./report/index.ts');
  return renderResultReport(result);
}
