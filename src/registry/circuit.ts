import { RegistryError } from '../errors.ts';
import { isRefused } from './network-error.ts';
import type { RegistriesOptions } from './options.ts';
import { asFinal, isTransient } from './retry.ts';

/** Milliseconds without any answer after which a host is given up. */
const patienceMs = 30_000;

/** Rounds after which an origin that never answered, and that refuses connections, is given up. */
const mostRefusals = 2;

/** A request under way: it counts for the round in which it was sent. */
export interface Attempt {
  readonly round: number;
  readonly startedAt: number;
}

/**
 * Notices that an origin cannot be reached, once for all that would ask it.
 *
 * Effects: requests that fail together count as one round. An origin that never answered is given up when a failure is
 * final, when it refuses connections in two rounds, after as many rounds as the policy has attempts, or after 30 s. One
 * that answered before is given up after as many rounds that fill 30 s. From then on every request fails at once, with the
 * same error. Any answer begins the count anew.
 */
export class Circuit {
  readonly #options: Pick<RegistriesOptions, 'clock' | 'retry'>;
  #round = 0;
  #failed = 0;
  #since: number | undefined;
  #wasReached = false;
  #end: RegistryError | undefined;

  constructor(options: Pick<RegistriesOptions, 'clock' | 'retry'>) {
    this.#options = options;
  }

  /** Begins a request. @throws RegistryError when the origin was given up. */
  begin(): Attempt {
    if (this.#end) throw this.#end;
    return { round: this.#round, startedAt: this.#options.clock.now() };
  }

  /** Notes that the origin answered, whatever it said. */
  succeed(): void {
    this.#wasReached = true;
    this.#since = undefined;
    this.#failed = 0;
    this.#round += 1;
  }

  /** Notes a failure without an answer; gives the error that is to be thrown. */
  fail({ round, startedAt }: Attempt, error: unknown): unknown {
    if (!(error instanceof RegistryError) || error.code === 'BLOCKED') return error;
    if (this.#end) return this.#end;
    this.#since ??= startedAt;
    if (round === this.#round) {
      this.#round += 1;
      this.#failed += 1;
    }
    if (!this.#isOver(error)) return error;
    this.#end = asFinal(error);
    return this.#end;
  }

  #isOver(error: RegistryError): boolean {
    const { clock, retry } = this.#options;
    const isLong = clock.now() - (this.#since ?? 0) >= patienceMs;
    const isOften = this.#failed > retry.times;
    if (this.#wasReached) return isLong && isOften;
    const isAbsent = this.#failed >= mostRefusals && isRefused(error.cause);
    return isLong || isOften || isAbsent || !isTransient(error);
  }
}
