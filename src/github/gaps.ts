import { constants } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import type { Diagnostic } from '../diagnostic.ts';
import { messageOf } from '../errors.ts';
import type { Env } from './inputs.ts';

/** Names a convenience that is not to be had; the run goes on without. */
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

/** What the event file says, and what is wrong with it. */
export interface EventFile {
  /** Decoded; absent where there is none, or it is broken. */
  readonly payload: unknown;
  readonly gaps: readonly Diagnostic[];
}

/** Reads the event file; a broken one costs the facts of the event and no more. */
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

/** Looks whether the files can be written through which a runner takes outputs and the summary. */
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
