/**
 * Waits for works that go on at the same time, and throws what the first of them, in their order, failed with.
 *
 * The order is that in which people look for a cause: an answer that came sooner does not hide it.
 */
export async function settleInOrder<Results extends readonly unknown[]>(
  works: {
    readonly [Index in keyof Results]: Promise<Results[Index]>;
  },
): Promise<Results> {
  const settled = await Promise.allSettled(works);
  const failed = settled.find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
  return settled.map((one) =>
    one.status === 'fulfilled' ? one.value : undefined,
  ) as unknown as Results;
}
