import type { Clock } from '../log.ts';

/** Whether the answer to a request shows that its host is overloaded. */
export type HostLoad = 'fine' | 'overloaded';

/** Leave to send one request; given back exactly once. */
export interface Slot {
  release(load: HostLoad): void;
}

/**
 * Bounds the requests in flight to one host, and learns how many the host can take.
 *
 * Effects: starts at its upper bound; an overloaded answer halves the limit, once for all requests that were sent before
 * the limit changed; as many fine answers in a row as the limit allows add one. The longest waiting goes first.
 */
export class Limiter {
  readonly #max: number;
  readonly #clock: Clock;
  readonly #signal: AbortSignal | undefined;
  readonly #waiting: (() => void)[] = [];
  #limit: number;
  #inFlight = 0;
  #fineInRow = 0;
  #cuts = 0;
  #notBefore = 0;

  constructor(max: number, clock: Clock, signal?: AbortSignal) {
    this.#max = Math.max(1, max);
    this.#limit = this.#max;
    this.#clock = clock;
    this.#signal = signal;
  }

  /** How many may be in flight now. */
  get limit(): number {
    return this.#limit;
  }

  /** Nothing is sent before this time, in milliseconds since the epoch: the host asked for it. */
  pauseUntil(time: number): void {
    this.#notBefore = Math.max(this.#notBefore, time);
  }

  /** Waits for a free slot and for the end of a pause; rejects when the run is cancelled meanwhile. */
  async acquire(): Promise<Slot> {
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
      this.#admit();
    });
    const cutsBefore = this.#cuts;
    const release = (load: HostLoad) => this.#release(load, cutsBefore);
    const pause = this.#notBefore - this.#clock.now();
    if (pause > 0) {
      await this.#clock.sleep(pause, this.#signal).catch((cause: unknown) => {
        release('fine');
        throw cause;
      });
    }
    return { release };
  }

  #admit(): void {
    while (this.#inFlight < this.#limit) {
      const next = this.#waiting.shift();
      if (!next) return;
      this.#inFlight += 1;
      next();
    }
  }

  #release(load: HostLoad, cutsBefore: number): void {
    this.#inFlight -= 1;
    if (load === 'fine') this.#grow();
    else if (cutsBefore === this.#cuts) this.#halve();
    this.#admit();
  }

  #grow(): void {
    this.#fineInRow += 1;
    if (this.#fineInRow < this.#limit) return;
    this.#limit = Math.min(this.#max, this.#limit + 1);
    this.#fineInRow = 0;
  }

  #halve(): void {
    this.#cuts += 1;
    this.#limit = Math.max(1, Math.floor(this.#limit / 2));
    this.#fineInRow = 0;
  }
}
