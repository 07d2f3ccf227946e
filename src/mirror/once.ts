/** Runs the work of each key once; whoever asks again shares the first's outcome, its failure too. */
export interface Once<Result> {
  run(key: string, work: () => Promise<Result>): Promise<Result>;
  /** Drops the outcomes of keys, so that their work can be done again. */
  forget(isMeant: (key: string) => boolean): void;
}

/** Creates a register of work that is done, or under way. */
export function createOnce<Result>(): Once<Result> {
  const outcomes = new Map<string, Promise<Result>>();
  return {
    run(key, work) {
      const outcome = outcomes.get(key) ?? work();
      outcomes.set(key, outcome);
      return outcome;
    },
    forget(isMeant) {
      for (const key of [...outcomes.keys()].filter(isMeant)) outcomes.delete(key);
    },
  };
}
