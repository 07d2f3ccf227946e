import type { Outcome } from '../apply/index.ts';
import { sharedCause } from '../errors.ts';
import { type Change, changeKey } from '../plan/index.ts';
import type { Listener, RunEvent } from '../run/index.ts';
import type { Console } from './console.ts';
import { formatBlock } from './live-block.ts';
import { outcomeLine, words } from './words.ts';
import type { World } from './world.ts';

interface Phase {
  readonly verb: string;
  readonly startedAt: number;
  readonly inFlight: Map<string, { readonly startedAt: number; readonly size: number }>;
  total: number;
  totalBytes: number;
  bytes: number;
  /** Images that are done. */
  done: number;
}

type ProgressWorld = Pick<World, 'clock'>;

class Progress {
  readonly #console: Console;
  readonly #world: ProgressWorld;
  readonly #destination: string;
  readonly #told = new Set<string>();
  #phase: Phase;

  constructor(console: Console, world: ProgressWorld, destination: string) {
    this.#console = console;
    this.#world = world;
    this.#destination = destination;
    this.#phase = this.#begin('mirror', { total: 0 });
  }

  #begin(verb: string, { total, bytes = 0 }: { total: number; bytes?: number | undefined }): Phase {
    const counts = { total, totalBytes: bytes, bytes: 0, done: 0 };
    return { verb, startedAt: this.#world.clock.now(), inFlight: new Map(), ...counts };
  }

  startPhase(event: RunEvent & { type: 'phase' }): void {
    if (event.phase === 'done') {
      this.#console.live(undefined);
      return;
    }
    this.#phase = this.#begin(event.phase, event);
    if (event.phase === 'mirror') {
      this.#console.log('info', words.startCopying);
      this.#console.log('info', words.toCopy(event.total));
      this.#console.tally = { done: 0, total: event.total };
    }
    if (event.phase === 'delete') this.#console.log('info', words.toDelete(event.total));
    this.#console.live(() => this.#draw());
  }

  startImage(change: Change): void {
    const startedAt = this.#world.clock.now();
    this.#phase.inFlight.set(changeKey(change), { startedAt, size: change.size });
  }

  count({ done, total, bytes }: { done: number; total: number; bytes: number }): void {
    Object.assign(this.#phase, { total, bytes, done: Math.max(done, this.#phase.done) });
    this.#console.refresh();
  }

  endImage({ outcome, index, total }: RunEvent & { type: 'outcome' }): void {
    const phase = this.#phase;
    phase.inFlight.delete(changeKey(outcome.change));
    phase.done = index + 1;
    this.#learnSize(outcome);
    if (outcome.result === 'done' && phase.verb === 'mirror') {
      const { tally } = this.#console;
      this.#console.tally = { total, done: (tally?.done ?? 0) + 1 };
    }
    this.#tell(outcome, `${String(index + 1).padStart(String(total).length)} / ${total}`);
  }

  /** Leaves bytes that were there already, or that did not come, out of the bytes to wait for. */
  #learnSize(outcome: Outcome): void {
    const phase = this.#phase;
    if (phase.totalBytes === 0) return;
    const moved = outcome.result === 'done' ? outcome.bytes : 0;
    phase.totalBytes = Math.max(phase.bytes, phase.totalBytes - outcome.change.bytes + moved);
  }

  #tell(outcome: Outcome, number: string): void {
    // After Ctrl-C, or on a full disk, one line says why; hundreds of lines would hide it.
    if (outcome.result === 'skipped') return;
    const told = this.#shorten(outcome);
    const line = `${number}  ${outcomeLine(told, this.#destination)}`;
    if (told.result !== 'failed') this.#console.detail(line);
    else this.#console.log('error', told.hint === undefined ? line : `${line} ${told.hint}`);
  }

  /** Leaves out of a failure the cause that was told before: fifty times the same reason would hide any other. */
  #shorten(outcome: Outcome): Outcome {
    const cause = outcome.result === 'failed' ? sharedCause(outcome) : undefined;
    if (outcome.result !== 'failed' || cause === undefined) return outcome;
    const { hint: _, ...failure } = outcome;
    if (this.#told.has(cause)) return { ...failure, message: 'for the same reason' };
    this.#told.add(cause);
    return outcome;
  }

  #draw(): string {
    const now = this.#world.clock.now();
    const { inFlight, startedAt } = this.#phase;
    const images = [...inFlight].map(([place, image]) => {
      return { place, size: image.size, elapsedMs: now - image.startedAt };
    });
    return formatBlock({ ...this.#phase, elapsedMs: now - startedAt }, images, this.#console.room);
  }
}

function isPreparation({ type }: RunEvent): boolean {
  return type === 'collecting' || type === 'archiving' || type === 'loading';
}

/** Logs what comes before images move. */
function tellPreparation(console: Console, event: RunEvent): void {
  if (event.type === 'collecting') console.log('info', words.collecting(event.kind));
  if (event.type === 'archiving') console.log('info', words.archiving);
  if (isPreparation(event)) console.wait(event.type);
  if (event.type !== 'loading') return;
  if (event.index === 1) console.log('info', words.extracting);
  console.result(words.chunk(event.index, event.total, event.path));
}

/**
 * Makes a listener that shows the progress of a run: a live block on a terminal, else a line `n / N` for each image.
 *
 * `destination` is the target without transport.
 */
export function createProgress(
  console: Console,
  world: ProgressWorld,
  destination: string,
): Listener {
  const progress = new Progress(console, world, destination);
  return (event) => {
    tellPreparation(console, event);
    if (event.type === 'phase') progress.startPhase(event);
    if (event.type === 'started') progress.startImage(event.change);
    if (event.type === 'outcome') progress.endImage(event);
    if (event.type === 'progress') progress.count(event);
  };
}
