/**
 * How much the tests do that could go on for ever. `npm test` does a little; `TEST_EFFORT=1`, which `.ci/run` sets, does the
 * usual amount; `TEST_EFFORT=20` does twenty times as much, for a machine that has the night.
 */
const factor = Number(process.env['TEST_EFFORT'] ?? 0) || 0;

/** The length of this run. */
export const effort = {
  isShort: factor < 1,
  /** Milliseconds that a test may take, on a busy machine too. */
  limit: 600_000 * Math.max(1, factor),
  /** Gives the number of runs of a property; a short run does a tenth of the usual number. */
  runs: (usual: number): number => Math.ceil(usual * (factor < 1 ? 0.1 : factor)),
  /**
   * Gives all things, or in a short run a few that are spread evenly over them. `usual`: so many in a run of the usual
   * length; absent: all.
   */
  some<Thing>(things: readonly Thing[], few: number, usual = things.length): readonly Thing[] {
    const count = factor < 1 ? few : factor > 1 ? things.length : usual;
    if (things.length <= count) return things;
    const at = (nth: number) => Math.floor(((nth + 0.5) * things.length) / count);
    return Array.from({ length: count }, (_, nth) => things[at(nth)] as Thing);
  },
};
