import type { ChannelContent, ChannelEntry } from './content.ts';
import type { Bounds } from './range.ts';
import type { FilterError, FilterFinding } from './result.ts';
import { failed, type Subject } from './subject.ts';
import type { WishPath } from './wish.ts';

/** What is kept of one channel. */
export interface ChannelSelection {
  /** Bundles to keep, whether or not they are entries. */
  readonly names: ReadonlySet<string>;
  readonly entries: readonly ChannelEntry[];
  /** Absent where everything is kept. */
  readonly head?: string;
  readonly finding?: FilterFinding;
}

/** What is kept of one channel, or why that cannot be told. */
export type ChannelOutcome = ChannelSelection | { readonly error: FilterError };

/** One channel under the filter, the range that applies to it, and where that is written. */
export interface ChannelQuestion {
  readonly channel: ChannelContent;
  readonly subject: Subject;
  readonly bounds: Bounds;
  readonly path: WishPath;
}

/** Tells whether there is any bound. */
export function hasBounds({ minVersion, maxVersion }: Bounds): boolean {
  return Boolean(minVersion || maxVersion);
}

function boundsOf({ minVersion, maxVersion }: Bounds): Bounds {
  return { ...(minVersion && { minVersion }), ...(maxVersion && { maxVersion }) };
}

/** Finds the range for a channel: its own, or else that of the package. */
export function askOf(channel: ChannelContent, subject: Subject): ChannelQuestion {
  const { wish } = subject;
  const listed = wish?.channels.find(({ name }) => name === channel.name);
  const owner = listed && hasBounds(listed) ? listed : wish;
  const question = { channel, subject, bounds: owner ? boundsOf(owner) : {} };
  if (!owner || !hasBounds(owner)) return { ...question, path: (listed ?? wish)?.path ?? [] };
  return { ...question, path: [...owner.path, owner.minVersion ? 'minVersion' : 'maxVersion'] };
}

/** Makes the failure of a channel; `message` goes on after `failed to filter catalog: `. */
export function fail(
  { channel, subject, bounds, path }: ChannelQuestion,
  facts: Pick<FilterError, 'code' | 'message' | 'candidates'>,
): ChannelOutcome {
  const message = `${failed}${facts.message}`;
  const where = { path, package: subject.content.name, channel: channel.name };
  return { error: { ...facts, ...where, message, ...(hasBounds(bounds) && { bounds }) } };
}
