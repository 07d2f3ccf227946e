import { join } from 'node:path';
import type { Diagnostic } from '../diagnostic.ts';
import type { PlanResult } from '../run/index.ts';
import {
  describeDeleteFiles,
  formatBytes,
  hasDeeds,
  renderPlanScreen,
  targetName,
} from '../views/index.ts';
import { type CommandAnswer, detailedExitCode, formatAnswer, readAnswerFormat } from './answer.ts';
import { defineCommand } from './command.ts';
import { createFindingsLog, fileFindings } from './config-files.ts';
import type { Console } from './console.ts';
import { exitCodeOfCollection, genericFailure } from './exit-code.ts';
import { planFlags } from './flag-tables.ts';
import { formatNextCommand, type PlanPlace } from './next-command.ts';
import { createPlanRequest } from './plan-request.ts';
import { readTargetRun } from './settings.ts';
import { words } from './words.ts';
import { emptyDirectory, ensureDirectory, writeTexts } from './workspace.ts';

/** Files that are also written to the place where `oc-mirror delete` looks for them. */
const isDeleteFile = (name: string) => /^delete-(images|imageset-config).*\.yaml$/.test(name);

/** Says what a terminal has no room for: there only the log file gets it. */
function tellMore(console: Console, line: string): void {
  if (console.isLive) console.detail(line);
  else console.result(line);
}

/** Writes the files of a plan and removes those of an earlier one, even if there is no new plan: it would look like this one's. */
function writePlan(console: Console, workingDirectory: string, files: PlanResult['files']): void {
  const directory = join(workingDirectory, 'plan');
  emptyDirectory(directory);
  const deleteFiles = new Map([...files].filter(([name]) => isDeleteFile(name)));
  for (const path of [
    ...writeTexts(directory, files),
    ...writeTexts(join(workingDirectory, 'delete'), deleteFiles),
  ]) {
    tellMore(console, path);
  }
  if (console.isLive && files.has('report.html')) {
    console.result(`${join(directory, 'report.html')}, and ${files.size - 1} more files beside it`);
  }
}

function logSummary(console: Console, plan: NonNullable<PlanResult['plan']>): void {
  const { totals, digest } = plan;
  const about = totals.bytesAreExact ? '' : 'at least ';
  const counts =
    `mirror ${totals.mirror + totals.retag} (${about}${formatBytes(totals.bytesToMirror)}), delete ${totals.delete}` +
    ` (frees ${about}${formatBytes(totals.bytesToFree)}), untag ${totals.untag}, hold ${totals.hold}, keep ${totals.keep}`;
  for (const line of [
    `plan ${digest} for ${targetName(plan)}`,
    counts,
    ...describeDeleteFiles(plan),
  ]) {
    tellMore(console, line);
  }
}

/** Says what the findings above mean for the plan; gives the exit code. */
function finish(console: Console, planned: PlanResult, findings: readonly Diagnostic[]): number {
  const { plan, failures, unread = [] } = planned;
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  if (plan && errors === 0) return 0;
  const count = errors === 1 ? '1 error' : `${errors} errors`;
  const failure = plan
    ? `the plan has ${count}; applying it does not do everything that the image sets ask for`
    : `no plan can be made${errors > 0 ? `: ${count}` : ''}; nothing was or will be changed`;
  console.log('error', words.executor(failure));
  return exitCodeOfCollection([...failures, ...unread]) || genericFailure;
}

/** Writes the remedy of a bound as the flag that sets it. */
function spellFix(finding: Diagnostic): Diagnostic {
  const { code, fix } = finding;
  return code === 'max-delete' && fix !== undefined
    ? { ...finding, fix: fix.replace(/^max-delete: /, '--max-delete ') }
    : finding;
}

/** Rows of a screen that the files of a plan and the next command take; without a terminal all files are named. */
const rowsBelow = { terminal: 7, elsewhere: 12 } as const;

/** Shows a plan on a screen, with its files and the command that does it, and gives the exit code. */
export function showPlan(console: Console, planned: PlanResult, place: PlanPlace): number {
  const findings = fileFindings(planned).map(spellFix);
  createFindingsLog(console)(findings);
  const { plan } = planned;
  if (plan) {
    const { columns, rows } = console.page;
    const below = console.isLive ? rowsBelow.terminal : rowsBelow.elsewhere;
    console.print(renderPlanScreen(plan, { columns, rows: rows - below }), paintPlanLine);
  }
  writePlan(console, place.workspace, planned.files);
  if (plan) {
    logSummary(console, plan);
    // The plan above counts them.
    if (plan.stale) console.result('to remove what is no longer wanted, add: --prune stale');
    // No command line applies a plan that max-delete forbids.
    const isForbidden = findings.some(({ code }) => code === 'max-delete');
    if (hasDeeds(plan) && !isForbidden) {
      console.result(`apply it with: ${formatNextCommand(place)}`);
    }
  }
  return finish(console, planned, findings);
}

/** Gives the plan for programs: `plan.json` itself, or the summary. */
function answerOf({ files }: PlanResult): CommandAnswer | undefined {
  const [json, markdown] = [files.get('plan.json'), files.get('summary.md')];
  return json === undefined ? undefined : { json, markdown: markdown ?? '' };
}

/** Plans mirroring and deleting, and writes the plan's files. Nothing in the registry changes. */
export const planCommand = defineCommand({
  name: 'plan',
  usage: [
    'plan [-c FILE…] [--base COMMIT | --before FILE…] [--workspace file://DIR] docker://HOST[:PORT][/PATH]',
  ],
  summary: 'write what would be mirrored and deleted, change nothing',
  flags: planFlags,
  prepare(parsed, world) {
    const run = readTargetRun(parsed, world);
    const format = readAnswerFormat(parsed.values.output);
    return async (console) => {
      if (format !== undefined) console.leaveStdout();
      const request = await createPlanRequest(parsed.values, world);
      run.open(console, 'plan');
      ensureDirectory(join(run.workspace, 'plan'));
      console.wait('planning');
      const planned = await world.jobs.plan(run.settings(console), request);
      // Files that a cancelled run did not read are no findings, and the files of the earlier plan stay.
      world.signal?.throwIfAborted();
      console.live(undefined);
      const code = showPlan(console, planned, { ...run, parsed });
      const answer = answerOf(planned);
      if (format !== undefined && answer) world.stdout.write(formatAnswer(answer, format));
      if (!parsed.values['detailed-exitcode']) return code;
      return detailedExitCode(code, planned.plan && hasDeeds(planned.plan) ? 'changes' : 'nothing');
    };
  },
});

/** Colours of the signs at the beginning of a line. */
const signColours: Readonly<Record<string, number>> = { '+': 32, '~': 36, '-': 31, '!': 33 };

const bold = 1;

function paint(code: number, text: string): string {
  return `\u001b[${code}m${text}\u001b[0m`;
}

/** Paints a line of a plan: titles and signs stand out. Colours repeat the words and add nothing to them. */
function paintPlanLine(line: string): string {
  const [, blanks = '', sign = '', rest = ''] = /^( {2})([-+~!]) (.*)$/s.exec(line) ?? [];
  const colour = signColours[sign];
  if (colour !== undefined) return `${blanks}${paint(colour, sign)} ${rest}`;
  return /^\S/.test(line) ? paint(bold, line) : line;
}
