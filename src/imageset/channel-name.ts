import { editDistance } from '../base/index.ts';

const streams = ['stable', 'fast', 'candidate', 'eus'];

/** No channel has a name as long as this; matching takes its square. */
const longestName = 100;

/**
 * Reads `stabel-4.16.3` as the release channel `stable-4.16`: the stream that it is near to, else its own, else stable.
 * Gives `undefined` for a name without a version, and for one that is right.
 */
export function meantChannel(name: string): string | undefined {
  if (name.length > longestName) return undefined;
  const [, stream = '', minor] = /^(.*?)[-_ ]?v?(\d+\.\d+)(?:\.\d+)?$/.exec(name) ?? [];
  if (minor === undefined) return undefined;
  const written = stream.toLowerCase();
  // One letter of a short name may be wrong, two of a longer one.
  const near = streams.find((one) => editDistance(one, written) <= (one.length < 5 ? 1 : 2));
  const own = /^[a-z]+(?:-[a-z]+)*$/.test(stream) ? stream : 'stable';
  const meant = `${near ?? own}-${minor}`;
  return meant === name ? undefined : meant;
}
