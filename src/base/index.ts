/**
 * Limits, JSON within them and paths into it, order, nearest names, work in parallel, and files written whole: several layers need these, none
 * repeats them.
 *
 * A program that reads foreign content decides first how much it is willing to read. So each limit is a number with a
 * name, it is checked before the work that it bounds, and the error names the thing that is too large, the limit, and the
 * reason why honest content never reaches it. Limits bound memory and time together: a text within them is read in memory that is
 * a small multiple of its length, and in time that grows with its length alone.
 *
 * The layer refuses to know the meaning of the JSON, and its sender.
 */
export * from './byte-queue.ts';
export * from './file.ts';
export * from './flow.ts';
export * from './json.ts';
export { evaluatePath, type JsonPath, parseJsonPath } from './json-path.ts';
export * from './limit.ts';
export * from './name-pattern.ts';
export * from './nearest.ts';
export * from './order.ts';
export * from './similar.ts';
