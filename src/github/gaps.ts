import { constants } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import type { Diagnostic } from '../diagnostic.ts';
import { messageOf } from '../errors.ts';
import type { Env } from './inputs.ts';

/** Reports a convenience that is missing; the run goes on without it. */
function gap(code: string, summary: string, cause: unknown): Diagnostic {
  return {
    severity: 'warning',
    code,
    summary,
    detail: `${messageOf(cause)}. The log and the files hold the same; nothing else changes.`,
  };
}

async function findUnwritable(
  path: string | undefined,
  facts: { readonly code: string; readonly summary: string },
): Promise<Diagnostic[]> {
  if (!path) return [];
  try {
    await access(path, constants.W_OK);
    return [];
  } catch (cause) {
    return [gap(facts.code, facts.summary, cause)];
  }
}

/** The content of the event file, and its faults. */
export interface EventFile {
  /** Decoded; `undefined` when the file is missing or broken. */
  readonly payload: unknown;
  readonly gaps: readonly Diagnostic[];
}

/** Reads the event file. A broken file costs the facts of the event, nothing else. */
export async function readEventFile({ GITHUB_EVENT_PATH: path }: Env): Promise<EventFile> {
  if (!path) return { payload: undefined, gaps: [] };
  try {
    return { payload: JSON.parse(await readFile(path, 'utf8')), gaps: [] };
  } catch (cause) {
    const summary =
      'The event file cannot be read, so the run knows no pull request and no commits.';
    return { payload: undefined, gaps: [gap('no-event', summary, cause)] };
  }
}

/** Checks that the files of the runner for outputs and for the summary can be written. */
export async function findGaps(env: Env): Promise<readonly Diagnostic[]> {
  const found = await Promise.all([
    findUnwritable(env['GITHUB_OUTPUT'], {
      code: 'no-outputs',
      summary: 'Outputs cannot be set: the file of GITHUB_OUTPUT cannot be written.',
    }),
    findUnwritable(env['GITHUB_STEP_SUMMARY'], {
      code: 'no-summary',
      summary: 'The job summary cannot be written.',
    }),
  ]);
  return found.flat();
}
