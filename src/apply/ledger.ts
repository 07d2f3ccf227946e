import { PlanError } from '../errors.ts';
import type { TargetArea } from '../imageset/index.ts';
import { type Clock, formatUtc } from '../log.ts';
import {
  forgetPending,
  nextRunId,
  notePending,
  type PendingRun,
  type State,
  type StateStore,
  type WritePurpose,
  withinTarget,
} from '../state/index.ts';

/** Milliseconds for which the others respect what a run says it is about; a run that goes on says it anew. */
export const leaseMs = 15 * 60_000;

/** The places and digests that a run tells the others about. */
type About = Pick<PendingRun, 'claims' | 'deletes'>;

/** Tells whether what a run said has lost its force; a time that no run of ours would name never had any. */
export function isOver({ until }: Pick<PendingRun, 'until'>, now: number): boolean {
  const end = Date.parse(until);
  return Number.isNaN(end) || end <= now || end > now + 2 * leaseMs;
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one, index) => one === b[index]);
}

/** The facts that a ledger works with. */
export interface LedgerOptions {
  readonly store: StateStore;
  readonly clock: Clock;
  /** The state when the plan was made. */
  readonly stored: State;
  /** The part of the registry that belongs to the target; places outside are ignored. */
  readonly area: TargetArea;
  readonly planDigest: string;
  /** Names of the image sets of the run, of its base and head. */
  readonly imageSets: Iterable<string>;
}

/** The messages between this run and the others. Nothing is written before this run has something to say. */
export class Ledger {
  readonly run: Pick<PendingRun, 'id' | 'token'>;
  readonly #options: LedgerOptions;
  #state: State;
  #hasOthers = false;
  #said: PendingRun | undefined;
  #saidAt = 0;
  #renewing: Promise<void> | undefined;

  constructor(options: LedgerOptions) {
    this.#options = options;
    this.#state = options.stored;
    this.run = { id: nextRunId(options.stored), token: options.store.token };
  }

  /** The stored state, as this run last saw it. */
  get state(): State {
    return this.#state;
  }

  /** Whether another run wrote since the plan's look at the state. */
  get hasOthers(): boolean {
    return this.#hasOthers;
  }

  /** Runs that may be at work, this one left out. */
  get others(): readonly PendingRun[] {
    return (this.#state.pending ?? []).filter(
      (one) => one.token !== this.run.token && !isOver(one, this.#options.clock.now()),
    );
  }

  /** Says what this run is about, where it did not say so before, and reads what the others say. */
  async say(about: Partial<About>): Promise<void> {
    const now = this.#options.clock.now();
    const { claims, deletes }: About = { claims: [], deletes: [], ...this.#said, ...about };
    const said = this.#said;
    const isNew = !said || !isSame(said.claims, claims) || !isSame(said.deletes, deletes);
    if (!isNew && now < this.#saidAt + leaseMs / 2) return;
    const { planDigest, imageSets } = this.#options;
    const next: PendingRun = {
      ...this.run,
      planDigest,
      imageSets: [...imageSets].sort(),
      until: formatUtc(now + leaseMs),
      claims,
      deletes,
    };
    await this.#write((before) => notePending(before, next), 'interim');
    this.#said = next;
    this.#saidAt = now;
  }

  /** Reads what the others say by now. */
  async look(): Promise<void> {
    const found = await this.#options.store.read();
    if (found) this.#take(found.state);
  }

  /**
   * Says it anew when half of the time is over.
   * @throws PlanError `PLAN_STALE` when all of it is over and nobody could be told
   */
  async renew(): Promise<void> {
    if (!this.#said || this.#options.clock.now() < this.#saidAt + leaseMs / 2) return;
    this.#renewing ??= this.#sayAnew().finally(() => {
      this.#renewing = undefined;
    });
    await this.#renewing;
  }

  /** Records what came of it: the run has ended. */
  async record(derive: (state: State) => State): Promise<void> {
    const isEnded = (one: PendingRun) =>
      one.token === this.run.token || isOver(one, this.#options.clock.now());
    await this.#write((before) => forgetPending(derive(before), isEnded), 'final');
    this.#said = undefined;
  }

  async #write(derive: (now: State) => State, purpose: WritePurpose): Promise<void> {
    const written = await this.#options.store.update(derive, purpose);
    this.#hasOthers ||= written.hasOthers;
    this.#take(written.state);
  }

  #take(state: State): void {
    this.#state = withinTarget(state, this.#options.area).state;
  }

  async #sayAnew(): Promise<void> {
    try {
      await this.say({});
    } catch (cause) {
      if (this.#options.clock.now() < this.#saidAt + leaseMs) return;
      throw new PlanError('PLAN_STALE', 'The other runs could not be told that this one goes on.', {
        cause,
        hint: 'Run again when the target answers: nothing more was touched.',
      });
    }
  }
}
