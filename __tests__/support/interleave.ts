/** Lets one run do its next step; resolves when that step was done. */
export type Turn = <Result>(step: () => Result, isReady?: () => boolean) => Promise<Result>;

/** A world in which runs take turns. */
export interface World {
  /** Begins its runs, each with the turns that it has to wait for. */
  start(turns: readonly Turn[]): readonly Promise<unknown>[];
  /** Says what there is by now: with what each run has seen so far, all that matters for what comes. */
  describe(): string;
  /** Looks at it when all have ended. */
  check(): Promise<void> | void;
}

/** A world with more orders than this is not small. */
const maxOrders = 20_000;

interface Waiting {
  isReady(): boolean;
  go(): void;
}

/** Waits until every run either waits for its turn or has ended: nothing here takes time. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function textOf(result: unknown): string {
  return JSON.stringify(result, (key, value) => {
    // The facts of an entry follow from its name and from the entries that it has seen.
    if (key === 'facts') return undefined;
    return value instanceof Map ? [...value] : value;
  });
}

/** Turns of runs, and what each run has seen at its own. */
function makeTurns(count: number) {
  // A run may wait for several requests at once; they are done in the order in which it asked.
  const waiting: Waiting[][] = Array.from({ length: count }, () => []);
  const seen: string[] = waiting.map(() => '');
  const turns = waiting.map(
    (own, run): Turn =>
      (step, isReady = () => true) =>
        new Promise((resolve, reject) => {
          const go = () => {
            own.shift();
            try {
              const result = step();
              seen[run] += `${textOf(result)}\n`;
              resolve(result);
            } catch (thrown) {
              reject(thrown);
            }
          };
          own.push({ isReady, go });
        }),
  );
  return { turns, waiting, seen };
}

/** Lets runs take turns as a schedule says, up to where all that follows is known; gives how many could have gone at each step. */
async function runOnce(
  world: World,
  { count, schedule, known }: { count: number; schedule: readonly number[]; known: Set<string> },
): Promise<readonly number[]> {
  const { turns, waiting, seen } = makeTurns(count);
  const ended = Promise.all(world.start(turns));
  ended.catch(() => {});
  const options: number[] = [];
  for (;;) {
    await settled();
    if (options.length > schedule.length || options.length === 0) {
      const now = `${world.describe()}\n${seen.join('\n---\n')}`;
      if (known.has(now) && options.length > 0) return options;
      known.add(now);
    }
    const ready = waiting.flatMap(([next]) => (next?.isReady() ? [next] : []));
    if (ready.length === 0) break;
    ready[schedule[options.length] ?? 0]?.go();
    options.push(ready.length);
  }
  if (waiting.some(({ length }) => length > 0)) {
    throw new Error(`nobody can go on after ${schedule.join()}`);
  }
  await ended;
  await world.check();
  return options;
}

/**
 * Runs a small world for every order in which its runs can take their steps; gives how many that were.
 *
 * `makeWorld` makes the same world each time. Orders that come to the same world with runs that have seen the same are
 * followed once.
 */
export async function everyOrder(count: number, makeWorld: () => World): Promise<number> {
  const known = new Set<string>();
  let schedule: readonly number[] = [];
  for (let orders = 1; orders <= maxOrders; orders += 1) {
    const options = await runOnce(makeWorld(), { count, schedule, known });
    const taken = options.map((_, at) => schedule[at] ?? 0);
    let last = options.length - 1;
    while (last >= 0 && (taken[last] ?? 0) + 1 >= (options[last] ?? 0)) last -= 1;
    if (last < 0) return orders;
    schedule = [...taken.slice(0, last), (taken[last] ?? 0) + 1];
  }
  throw new Error(`there are more than ${maxOrders} orders`);
}
