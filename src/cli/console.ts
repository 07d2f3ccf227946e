import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../errors.ts';
import type { LogEvent, Logger, LogLevel } from '../log.ts';
import type { StaleImages } from '../plan/index.ts';
import { describeStale, formatDuration, phraseToText } from '../views/index.ts';
import type { Room } from './live-block.ts';
import { formatFileStamp, formatLogTime } from './units.ts';
import { words } from './words.ts';
import type { Screen, World } from './world.ts';

/** The levels of `--log-level`. */
export type ConsoleLevel = 'info' | 'debug' | 'trace' | 'error';

/** The amount of output. */
export interface ConsoleOptions {
  readonly level: ConsoleLevel;
  /** The screen shows only warnings, errors and results; the log file is complete. */
  readonly quiet: boolean;
}

type ConsoleWorld = Pick<World, 'clock' | 'env' | 'stdout' | 'stderr' | 'version'>;

const rank: Readonly<Record<LogLevel, number>> = { trace: 0, debug: 1, info: 2, warn: 3, error: 4 };

const colour: Readonly<Record<LogLevel, number>> = {
  trace: 35,
  debug: 34,
  info: 32,
  warn: 33,
  error: 31,
};

/** Control characters: names from outside must not control a terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern looks for them
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** The same for a live block, whose lines hold no tab. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern looks for them
const blockControls = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g;

/**
 * The log of a command: lines in oc-mirror's shape, on the screen and in a file.
 *
 * It writes to stderr until {@link openLog} names a directory, then to stdout and to `oc-mirror-<stamp>.log`. Lines of
 * a file have no colours. If the file cannot be written, one warning says so and the run goes on without it.
 */
export class Console implements Logger {
  /** Names the files of this run: `20260821_100000`. */
  readonly stamp: string;
  readonly #world: ConsoleWorld;
  readonly #options: ConsoleOptions;
  #screen: Screen;
  #file: number | undefined;
  /** Makes the live block; absent: none is shown. */
  #draw: (() => string) | undefined;
  /** The block on the screen. */
  #live = '';
  #endTicks: (() => void) | undefined;
  #logPath: string | undefined;
  /** The screen for errors; absent: that of the other lines, as with oc-mirror. */
  #errors: Screen | undefined;
  #isStdoutFree = true;

  constructor(world: ConsoleWorld, options: ConsoleOptions) {
    this.#world = world;
    this.#options = options;
    this.#screen = world.stderr;
    this.stamp = formatFileStamp(world.clock.now());
  }

  /** Tells whether a live line can be shown: the screen is a terminal and not quiet. */
  get isLive(): boolean {
    return this.#screen.isTerminal && !this.#options.quiet && this.#options.level !== 'error';
  }

  /** The number of images that were mirrored, for the last line of a cancelled run. */
  tally: { readonly done: number; readonly total: number } | undefined;

  /** Gives the room on the screen. */
  get room(): Room {
    return { columns: this.#screen.columns, rows: this.#screen.rows };
  }

  /** Gives the room for a text that should fit one screen; a file or pipe has 40 rows of any width. */
  get page(): Room {
    return this.#screen.isTerminal ? this.room : { columns: Number.POSITIVE_INFINITY, rows: 40 };
  }

  /** The path of the log file; absent: none is written. */
  get logPath(): string | undefined {
    return this.#file === undefined ? undefined : this.#logPath;
  }

  /** Sends errors to stderr; the other lines go where they went. */
  divideErrors(): void {
    this.#errors = this.#world.stderr;
  }

  /** Keeps the log on stderr: stdout is for an answer that a program reads. */
  leaveStdout(): void {
    this.#isStdoutFree = false;
  }

  /** Begins the log file `oc-mirror-<stamp>.log` in a directory, and writes to stdout from now on. */
  openLog(directory: string): void {
    if (this.#isStdoutFree) this.#screen = this.#world.stdout;
    try {
      mkdirSync(directory, { recursive: true });
      this.#logPath = join(directory, `oc-mirror-${this.stamp}.log`);
      this.#file = openSync(this.#logPath, 'a', 0o644);
    } catch (error) {
      this.#giveUpFile(error);
    }
  }

  log(level: LogLevel, message: string): void {
    this.#write(level, message, this.#options.quiet ? 'warn' : 'trace');
  }

  event({ kind, origin }: LogEvent): void {
    this.log('info', words[kind](origin));
  }

  /** Greets as oc-mirror does, and names the version. */
  greet(): void {
    this.log('info', words.hello);
    this.log('info', words.version(this.#world.version));
  }

  /** Logs a result: a quiet screen shows it too. */
  result(message: string): void {
    this.#write('info', message, 'trace');
  }

  /** Shows a text as it is, its lines painted on a terminal; the log file has it too. */
  print(text: string, paint: (line: string) => string): void {
    const lines = text.replace(controls, '\ufffd').trimEnd().split('\n');
    const shown = this.#isPainted() ? lines.map(paint) : lines;
    this.#show(shown.map((line) => `${line}\n`).join(''));
    this.#append(lines.map((line) => `${line}\n`).join(''));
  }

  /** Tells which images are mirrored and no longer wanted, and the command that plans their removal. */
  stale(plan: { readonly stale?: StaleImages | undefined }): void {
    const found = describeStale(plan);
    if (found) this.result(`${phraseToText(found)}; see \`plan --prune stale\``);
  }

  /** Logs one line of a long list; a terminal shows the live line instead, so only the file gets this one. */
  detail(message: string): void {
    this.#write('info', message, this.isLive || this.#options.quiet ? 'error' : 'trace');
  }

  /** Keeps a block below the log, drawn anew while time goes by and when the terminal changes; `undefined` ends it. */
  live(draw: (() => string) | undefined): void {
    this.#endTicks?.();
    this.#draw = this.isLive ? draw : undefined;
    this.#endTicks = this.#draw && this.#screen.onTick?.(() => this.refresh());
    this.refresh();
  }

  /** Shows below the log that a work without numbers goes on, until the next block: `collecting  12 s`. */
  wait(work: string): void {
    const { clock } = this.#world;
    const startedAt = clock.now();
    this.live(() => `${work}  ${formatDuration(clock.now() - startedAt)}`);
  }

  /** Draws the live block anew. */
  refresh(): void {
    const text = this.#draw?.() ?? '';
    if (text !== this.#live) this.#replaceLive(text);
  }

  #replaceLive(text: string): void {
    if (!this.isLive) return;
    this.#screen.write(`${this.#erase()}${text.replace(blockControls, '\ufffd')}`);
    this.#live = text;
  }

  /** Gives what takes the block off the screen: a terminal that became narrower has wrapped its lines. */
  #erase(): string {
    const columns = Math.max(1, this.#screen.columns);
    const rows = this.#live
      .split('\n')
      .map((line) => Math.max(1, Math.ceil(line.length / columns)));
    const above = rows.reduce((sum, row) => sum + row, 0) - 1;
    return `\r${above > 0 ? `\u001b[${above}A` : ''}\u001b[J`;
  }

  /** Ends the log file. */
  close(): void {
    this.live(undefined);
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #write(level: LogLevel, message: string, threshold: LogLevel): void {
    if (rank[level] < rank[this.#options.level]) return;
    const time = formatLogTime(this.#world.clock.now());
    const tag = ` [${level.toUpperCase()}]`.padEnd(9);
    const text = message.replace(controls, '\ufffd');
    if (rank[level] >= rank[threshold]) {
      const painted = this.#isPainted() ? `\u001b[${colour[level]}m${tag}\u001b[0m` : tag;
      const isApart = level === 'error' && this.#errors !== undefined;
      this.#show(`${time} ${painted} : ${text}\n`, isApart ? this.#errors : this.#screen);
    }
    this.#append(`${time} ${tag} : ${text}\n`);
  }

  #isPainted(): boolean {
    return this.#screen.isTerminal && !this.#world.env['NO_COLOR'];
  }

  #show(line: string, screen = this.#screen): void {
    if (this.#live !== '') this.#replaceLive('');
    screen.write(line);
    this.refresh();
  }

  #append(line: string): void {
    if (this.#file === undefined) return;
    try {
      writeSync(this.#file, line);
    } catch (error) {
      this.#giveUpFile(error);
    }
  }

  #giveUpFile(error: unknown): void {
    this.#file = undefined;
    this.log('warn', `No log file is written: ${messageOf(error)}`);
  }
}
