import type { ApplyEvent } from '../apply/index.ts';
import type { Clock, Logger } from '../log.ts';
import { isApplyEvent, type Listener } from '../run/index.ts';
import { formatEvent } from '../views/index.ts';
import type { ActionsHost } from './host.ts';

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

/** Follows the events of a run; each phase is one group in the log of the host. */
function createListener(host: ActionsHost, print: (shown: string) => void): Listener {
  let isOpen = false;
  const beginPhase = ({ phase, total }: ApplyEvent & { type: 'phase' }): void => {
    if (isOpen) host.endGroup();
    isOpen = phase !== 'done' && total > 0;
    if (isOpen) host.startGroup(`${phase} (${total})`);
  };
  return (event) => {
    if (!isApplyEvent(event)) return;
    if (event.type === 'phase') beginPhase(event);
    const shown = formatEvent(event, time(host.clock));
    // A phase is the title of its group.
    if (shown !== undefined && event.type !== 'phase') print(shown);
  };
}

/** Starts the log of a run. */
export function createRunLog(host: ActionsHost): RunLog {
  const lines: string[] = [];
  const print = (shown: string): void => {
    lines.push(shown);
    host.print(shown);
  };
  const line = (verb: string, text: string): void => {
    // A name from outside must not begin a line or a workflow command.
    print(`${time(host.clock)}  ${verb.padEnd(9)} ${text.replaceAll(/[\r\n]+/g, ' ')}`);
  };
  return {
    line,
    listener: createListener(host, print),
    logger: {
      log(level, message) {
        if (level === 'trace' || level === 'debug') host.debug(message);
        else line(level, message);
      },
      event({ origin }) {
        line('info', `collected release ${origin}`);
      },
    },
    text: () => lines.map((text) => `${text}\n`).join(''),
  };
}
