import { constants } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import type { Diagnostic } from '../diagnostic.ts';
import { messageOf } from '../errors.ts';
import { showsSummaries } from './host-kind.ts';
import type { Env } from './inputs.ts';

/** The services of a host that a run does without: what is then missing, and what takes its place. */
const services = {
  artifact: {
    missing: 'The files of this run are not uploaded as an artifact.',
    instead: 'They lie in the workspace; nothing else changes.',
  },
  cache: {
    missing: 'The workspace is not kept in a cache.',
    instead: 'A run costs more time; its result is the same.',
  },
  comment: {
    missing: 'The pull request gets no comment.',
    instead: 'The log and the files hold the same; nothing else changes.',
  },
  issue: {
    missing: 'No issue shows the check.',
    instead: 'The log and the job summary hold the same; nothing else changes.',
  },
  review: {
    missing: 'Reviewed plans cannot be looked up.',
    instead: 'What needs a review waits for the input approve.',
  },
  summary: {
    missing: 'There is no job summary.',
    instead: 'The log and the files hold the same; nothing else changes.',
  },
  outputs: {
    missing: 'Outputs cannot be set.',
    instead: 'The log and the files hold the same; nothing else changes.',
  },
  event: {
    missing: 'The event is not known: no pull request, and no commits.',
    instead: 'The files are compared with what was last applied.',
  },
} as const;

/** A service of the host that a run can do without. */
export type Service = keyof typeof services;

/** Why a service is missing, and what takes its place if that is more than what always does. */
export interface Gap {
  /** A sentence, or what was thrown. */
  readonly why: unknown;
  readonly instead?: string | undefined;
}

/** The reason of all that needs the REST interface. */
export const noInterface = 'There is no REST interface, or no token for it';

function asSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** Tells that a run goes on without a service, in the same words whatever the reason. */
export function describeGap(service: Service, { why, instead }: Gap): Diagnostic {
  const { missing, instead: always } = services[service];
  const reason = typeof why === 'string' ? why : messageOf(why) || 'The service refused it';
  const detail = `${asSentence(reason)} ${instead ?? always}`;
  return { severity: 'warning', code: `no-${service}`, summary: missing, detail };
}

async function findUnwritable(service: Service, path: string | undefined): Promise<Diagnostic[]> {
  if (!path) return [];
  try {
    await access(path, constants.W_OK);
    return [];
  } catch (why) {
    return [describeGap(service, { why })];
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
    const why = `The event file cannot be read: ${messageOf(cause)}`;
    return { payload: undefined, gaps: [describeGap('event', { why })] };
  }
}

/** Tells a summary that nobody would see: the file cannot be written, or the host does not show it. */
async function findSummaryGaps(env: Env): Promise<Diagnostic[]> {
  const path = env['GITHUB_STEP_SUMMARY'];
  if (!path) return [describeGap('summary', { why: 'The runner names no file for it' })];
  if (!showsSummaries(env))
    return [describeGap('summary', { why: 'This host does not show job summaries' })];
  return await findUnwritable('summary', path);
}

/** Checks that outputs can be set, and that a summary is shown. */
export async function findGaps(env: Env): Promise<readonly Diagnostic[]> {
  const outputs = findUnwritable('outputs', env['GITHUB_OUTPUT']);
  return (await Promise.all([outputs, findSummaryGaps(env)])).flat();
}

/** Findings about the run itself, next to those about the files of the user. Each code is reported once. */
export interface Notices {
  warn(code: string, summary: string, detail?: string): void;
  /** Tells that the run goes on without a service of the host. */
  miss(service: Service, gap: Gap): void;
  /** All notices so far that are not told yet, in order. */
  list(): readonly Diagnostic[];
}

/** Starts a collection; what is told already is not told again. */
export function createNotices(told: readonly Diagnostic[] = []): Notices {
  const codes = new Set(told.map(({ code }) => code));
  const notices: Diagnostic[] = [];
  const add = (notice: Diagnostic): void => {
    if (codes.has(notice.code)) return;
    codes.add(notice.code);
    notices.push(notice);
  };
  return {
    warn: (code, summary, detail) =>
      add({ severity: 'warning', code, summary, ...(detail && { detail }) }),
    miss: (service, gap) => add(describeGap(service, gap)),
    list: () => notices,
  };
}
