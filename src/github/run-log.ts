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
  /** Prints one timed line, below the groups. */
  line(verb: string, text: string): void;
  /** Everything logged so far. */
  text(): string;
}

function time(clock: Clock): string {
  return new Date(clock.now()).toISOString().slice(11, 19);
}

/** The phases of a run as groups in the log of the host. */
interface Groups {
  readonly listener: Listener;
  /** Ends the group that is open. */
  end(): void;
}

/** Follows the events of a run; a phase with lines is one group. */
function createGroups(host: ActionsHost, print: (shown: string) => void): Groups {
  let title = '';
  let isOpen = false;
  const end = (): void => {
    if (isOpen) host.endGroup();
    isOpen = false;
  };
  const show = (event: ApplyEvent): void => {
    const shown = formatEvent(event, time(host.clock));
    if (shown === undefined) return;
    if (!isOpen) host.startGroup(title);
    isOpen = true;
    print(shown);
  };
  const listener: Listener = (event) => {
    if (!isApplyEvent(event)) return;
    if (event.type !== 'phase') return show(event);
    end();
    title = `${event.phase} (${event.total})`;
  };
  return { listener, end };
}

/** Starts the log of a run. */
export function createRunLog(host: ActionsHost): RunLog {
  const lines: string[] = [];
  const print = (shown: string): void => {
    lines.push(shown);
    host.print(shown);
  };
  const groups = createGroups(host, print);
  const say = (verb: string, text: string): void => {
    // A name from outside must not begin a line or a workflow command.
    print(`${time(host.clock)}  ${verb.padEnd(9)} ${text.replaceAll(/[\r\n]+/g, ' ')}`);
  };
  return {
    line(verb, text) {
      groups.end();
      say(verb, text);
    },
    listener: groups.listener,
    logger: {
      log(level, message) {
        if (level === 'trace' || level === 'debug') host.debug(message);
        else say(level, message);
      },
      event({ kind, origin }) {
        say('info', `collected ${kind === 'release-collected' ? 'release' : 'catalog'} ${origin}`);
      },
    },
    text: () => lines.map((text) => `${text}\n`).join(''),
  };
}
