import pLimit from 'p-limit';

/** Runs the work of each key once. A later caller shares the outcome of the first, also its failure. */
export interface Once<Result> {
  run(key: string, work: () => Promise<Result>): Promise<Result>;
  /** Drops the outcomes of keys, so that their work can be done again. */
  forget(isMeant: (key: string) => boolean): void;
}

/** Creates a register of work that is done or under way. */
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

/** Bounds the weight of the work that is under way at once. */
export interface Budget {
  /** Runs `work` when `cost` units are free; a cost above the capacity takes all of it. Order: first come, first served. */
  spend<Result>(cost: number, work: () => Promise<Result>): Promise<Result>;
}

/** Creates a budget of `capacity` units. */
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

/**
 * Maps items in parallel, at most `parallel` of them at once, and gives the results in the order of the items.
 *
 * It fails as soon as one item fails; items that wait are still worked on.
 */
export async function mapParallel<Item, Result>(
  items: Iterable<Item>,
  parallel: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const limit = pLimit(Math.max(1, parallel));
  return await Promise.all(Array.from(items, (item) => limit(() => work(item))));
}

/** Gives bytes that are already in memory as a stream of one chunk. */
export async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Reads a stream to its end; the caller knows how long it is at most. */
export async function readAll(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}
