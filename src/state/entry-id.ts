/** Names one entry: ten digits that count up, a dash, and the 16 hex digits of the run that wrote it. */
export type EntryId = string & { readonly [entry]: true };
declare const entry: unique symbol;

/** The form of the token of a run. */
export const tokenPattern = /^[0-9a-f]{16}$/;
const idPattern = /^(\d{10})-([0-9a-f]{16})$/;

/** Writes the id of an entry; all ids have the same length, so that none begins with another. */
export function entryId(number: number, token: string): EntryId {
  return `${String(number).padStart(10, '0')}-${token}` as EntryId;
}

/** Tells whether a value is the id of an entry. */
export function isEntryId(value: unknown): value is EntryId {
  return typeof value === 'string' && idPattern.test(value);
}

/** Gives the number of an entry. */
export function numberOf(id: EntryId): number {
  return Number(id.slice(0, 10));
}

/** Gives the token of the run that wrote an entry. */
export function tokenOf(id: EntryId): string {
  return id.slice(11);
}
