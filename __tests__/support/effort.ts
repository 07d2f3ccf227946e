/**
 * How much a test does that could go on for ever. With each change it does a little, spread over all that there is; with
 * the integration tests all of it; `TEST_EFFORT=20` makes it twenty times as much, for a machine that has the night.
 */
export interface Effort {
  /** Gives the runs of a property of which the integration tests do `usual`. */
  runs(usual: number): number;
  /** Chooses from things that are tried one after the other. */
  some<Thing>(things: readonly Thing[]): readonly Thing[];
}

/** With each change: a fifth, and of things that are tried every seventh. */
export const short: Effort = {
  runs: (usual) => Math.ceil(usual / 5),
  some: (things) => things.filter((_, index) => index % 7 === 3),
};

/** With the integration tests, and at night. */
export const long: Effort = {
  runs: (usual) => usual * Math.max(1, Number(process.env['TEST_EFFORT'] ?? 1) || 1),
  some: (things) => things,
};

/** Milliseconds that a test with this effort may take, on a busy machine too. */
export function patience(effort: Effort): number {
  return effort === short ? 180_000 : effort.runs(600_000);
}
