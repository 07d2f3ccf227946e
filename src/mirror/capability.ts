/** Something a registry may or may not be able to do. */
export type Ability = 'unknown' | 'yes' | 'no';

/** Finds out once whether a registry can do something: the first asks alone, so that it is not asked by all at once. */
export class Capability {
  #ability: Ability = 'unknown';
  #first: Promise<unknown> | undefined;

  get ability(): Ability {
    return this.#ability;
  }

  /** Does work that gives `undefined` where the registry cannot; then it is never tried again. */
  async use<Result>(work: () => Promise<Result | undefined>): Promise<Result | undefined> {
    while (this.#ability === 'unknown' && this.#first) await this.#first.catch(() => undefined);
    if (this.#ability === 'no') return undefined;
    const outcome = work();
    if (this.#ability === 'unknown') this.#first = outcome;
    try {
      const result = await outcome;
      this.#ability = result === undefined ? 'no' : 'yes';
      return result;
    } finally {
      this.#first = undefined;
    }
  }
}
