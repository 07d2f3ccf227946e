/** Bounds what is under way at once, by weight. */
export interface Budget {
  /** Runs `work` once `cost` units are free; a cost above the capacity takes all of it. Order: first come, first served. */
  spend<Result>(cost: number, work: () => Promise<Result>): Promise<Result>;
}

/** Creates a budget of `capacity` units; work that waits costs nothing but its place in the queue. */
export function createBudget(capacity: number): Budget {
  let free = capacity;
  const waiting: { readonly cost: number; readonly start: () => void }[] = [];

  function startNext(): void {
    for (let next = waiting[0]; next && next.cost <= free; next = waiting[0]) {
      waiting.shift();
      free -= next.cost;
      next.start();
    }
  }

  return {
    async spend(wanted, work) {
      const cost = Math.min(wanted, capacity);
      await new Promise<void>((start) => {
        waiting.push({ cost, start });
        startNext();
      });
      try {
        return await work();
      } finally {
        free += cost;
        startNext();
      }
    },
  };
}
