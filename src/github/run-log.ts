import type { ApplyEvent, Outcome } from '../apply/index.ts';
import type { Clock, Logger } from '../log.ts';
import type { Host } from './host.ts';
import type { Listener } from './jobs.ts';

/** The log of one run: shown while it goes on, and kept for the artifact. */
export interface RunLog {
  readonly logger: Logger;
  /** Prints one timed line for each image, folded by phase. */
  readonly listener: Listener;
  /** Prints one timed line. */
  line(verb: string, text: string): void;
  /** Everything logged so far. */
  text(): string;
}

function time(clock: Clock): string {
  return new Date(clock.now()).toISOString().slice(11, 19);
}

/** Formats bytes for people: `18.2 MB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${power === 0 ? value : value.toFixed(1)} ${units[power]}`;
}

function describe(outcome: Outcome): string {
  const { repository, tag } = outcome.change;
  const place = `${repository}:${tag}`;
  if (outcome.result === 'failed') return `${place}  failed: ${outcome.message}`;
  const detail = outcome.detail ? `  ${outcome.detail}` : '';
  if (outcome.result !== 'done') return `${place}  ${outcome.result}${detail}`;
  const moved = outcome.bytes > 0 ? `  ${formatBytes(outcome.bytes)}` : '';
  return `${place}${moved}  ${(outcome.ms / 1000).toFixed(1)} s${detail}`;
}

/** Follows the events of an apply; the folding of the host's log is closed with the phase. */
function createListener(host: Host, line: RunLog['line']): Listener {
  let isOpen = false;
  let count = 0;
  const close = (): void => {
    if (isOpen) host.endGroup();
    isOpen = false;
  };
  const beginPhase = (event: ApplyEvent & { type: 'phase' }): void => {
    close();
    count = 0;
    if (event.phase === 'done' || event.total === 0) return;
    host.startGroup(`${event.phase} (${event.total})`);
    isOpen = true;
  };
  return (event) => {
    if (event.type === 'phase') beginPhase(event);
    if (event.type !== 'outcome') return;
    count += 1;
    const position = `${String(count).padStart(String(event.total).length)} / ${event.total}`;
    line(event.outcome.change.action, `${position}  ${describe(event.outcome)}`);
  };
}

/** Starts the log of a run. */
export function createRunLog(host: Host): RunLog {
  const lines: string[] = [];
  const line = (verb: string, text: string): void => {
    // A name from outside must neither begin a line nor a workflow command.
    const shown = `${time(host.clock)}  ${verb.padEnd(9)} ${text.replaceAll(/[\r\n]+/g, ' ')}`;
    lines.push(shown);
    host.print(shown);
  };
  return {
    line,
    listener: createListener(host, line),
    logger: {
      log(level, message) {
        if (level === 'trace' || level === 'debug') host.debug(message);
        else line(level, message);
      },
    },
    text: () => lines.map((text) => `${text}\n`).join(''),
  };
}
