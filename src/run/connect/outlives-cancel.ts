import { CancelledError } from '../../errors.ts';

type Part = Readonly<Record<string | symbol, unknown>>;

function isPart(value: unknown): value is Part {
  return typeof value === 'object' && value !== null;
}

/**
 * Lets an interface work on when the run is cancelled: what was done has to be written down all the same.
 *
 * `late` gives the same interface with connections of its own that the signal does not end. It takes over what begins
 * after the signal, and what the signal ended in the middle.
 */
export function outlivesCancel<Interface extends object>(
  usual: Interface,
  late: () => Interface,
  signal: AbortSignal | undefined,
): Interface {
  if (!signal) return usual;
  const call = (of: object, name: string | symbol, words: readonly unknown[]): unknown =>
    Reflect.apply(Reflect.get(of, name), of, words);
  const wrapped =
    (name: string | symbol) =>
    (...words: readonly unknown[]) => {
      if (signal.aborted) return call(late(), name, words);
      const answer = call(usual, name, words);
      if (!(answer instanceof Promise)) return answer;
      return answer.catch((thrown: unknown) => {
        // Without the signal the run has ended, and its answer is no longer needed.
        if (thrown instanceof CancelledError && signal.aborted) return call(late(), name, words);
        throw thrown;
      });
    };
  return new Proxy(usual, {
    get(_, name) {
      const value: unknown = Reflect.get(usual, name);
      if (typeof value === 'function') return wrapped(name);
      if (!isPart(value)) return value;
      return outlivesCancel(value, () => Reflect.get(late(), name) as Part, signal);
    },
  });
}
