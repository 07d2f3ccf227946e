import { createHash } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { escapeCommandMessage } from '../views/index.ts';
import type { ActionsHost, Annotation } from './host.ts';
import type { Env } from './inputs.ts';

/** Formats a workflow command: `::name key=value,…::message`. Properties without a value are left out. */
function formatCommand(
  name: string,
  message: string,
  properties: Readonly<Record<string, string | number | undefined>> = {},
): string {
  const written = Object.entries(properties)
    .filter(([, value]) => value)
    .map(([key, value]) => `${key}=${escapeProperty(String(value))}`);
  return `::${[name, written.join(',')].filter(Boolean).join(' ')}::${escapeCommandMessage(message)}\n`;
}

function escapeProperty(text: string): string {
  return escapeCommandMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** Formats an output for the file of `GITHUB_OUTPUT`. A value cannot contain the end mark, which is its own hash. */
function formatOutput(name: string, value: string): string {
  const end = `end_${createHash('sha256').update(value).digest('hex')}`;
  return `${name}<<${end}\n${value}\n${end}\n`;
}

/** The part of the host that is spoken to through the log and the files of the runner. */
export type RunnerCommands = Pick<
  ActionsHost,
  'print' | 'debug' | 'annotate' | 'startGroup' | 'endGroup' | 'mask' | 'setOutput'
>;

/**
 * Opens the commands of a runner. `write` appends to the log.
 * @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
 */
export function openRunnerCommands(env: Env, write: (text: string) => unknown): RunnerCommands {
  return {
    print: (line) => write(`${line}\n`),
    debug: (line) => write(formatCommand('debug', line)),
    annotate({ severity, title, message, at }: Annotation) {
      const place = at && { file: at.file, line: at.line, col: at.column };
      write(formatCommand(severity, message, { title, ...place }));
    },
    startGroup: (title) => write(formatCommand('group', title)),
    endGroup: () => write(formatCommand('endgroup', '')),
    mask: (secret) => write(formatCommand('add-mask', secret)),
    setOutput(name, value) {
      const path = env['GITHUB_OUTPUT'];
      if (path) appendFileSync(path, formatOutput(name, value));
      else write(`\n${formatCommand('set-output', value, { name })}`);
    },
  };
}
