import { isSeq } from 'yaml';
import { isNeededElsewhere, removeItem } from '../../yaml/index.ts';
import type { YamlPath } from '../config.ts';
import { contains } from './contains.ts';
import type { Meaning } from './meaning.ts';
import type { Mend } from './mend.ts';

/** A list of a file whose entries have names that may not be there twice. */
interface NamedList<T> {
  readonly what: string;
  readonly path: YamlPath;
  readonly items: readonly T[];
  readonly holds: (whole: T, part: T) => boolean;
}

interface Repeated {
  readonly index: number;
  readonly by: number;
}

/** Finds the entries that say nothing which another one of the same name does not say. */
function findRepeated<T extends { readonly name: string }>(list: NamedList<T>): Repeated[] {
  const gone = new Set<number>();
  return list.items.flatMap((item, index) => {
    const by = list.items.findIndex(
      (other, at) =>
        at !== index && !gone.has(at) && other.name === item.name && list.holds(other, item),
    );
    // Of two that say the same the first one stays.
    const isGone = by >= 0 && (by < index || !list.holds(item, list.items[by] ?? item));
    if (isGone) gone.add(index);
    return isGone ? [{ index, by }] : [];
  });
}

function mendList<T extends { readonly name: string }>(
  meaning: Meaning,
  list: NamedList<T>,
): Mend[] {
  const node = meaning.nodeAt(list.path);
  if (!isSeq(node)) return [];
  return findRepeated(list).flatMap(({ index, by }) => {
    const [own, other] = [index, by].map((at) => meaning.nodeAt([...list.path, at]));
    const isClear = [index, by].every((at) => meaning.isClear([...list.path, at]));
    if (!own || !other || !isClear || isNeededElsewhere(meaning.document, own)) return [];
    const splice = removeItem(meaning.text, node, index);
    const name = list.items[index]?.name;
    const reason = `the ${list.what} "${name}" is deleted here: another entry of it says the same or more`;
    return splice ? [{ ...splice, at: own.range?.[0] ?? 0, reason }] : [];
  });
}

/** Joins entries that are listed twice where one of them says everything that the other one says. */
export function mendDuplicates(meaning: Meaning): Mend[] {
  const { mirror, root } = meaning;
  const releases = mendList(meaning, {
    what: 'release channel',
    path: [root, 'platform', 'channels'],
    items: mirror.platform?.channels ?? [],
    holds: contains.release,
  });
  const operators = (mirror.operators ?? []).flatMap((catalog, outer) => {
    const path = [root, 'operators', outer, 'packages'];
    const packages = catalog.packages ?? [];
    const channels = packages.flatMap((one, index) =>
      mendList(meaning, {
        what: 'channel',
        path: [...path, index, 'channels'],
        items: one.channels ?? [],
        holds: contains.channel,
      }),
    );
    if (channels.length > 0) return channels;
    return mendList(meaning, { what: 'package', path, items: packages, holds: contains.package });
  });
  return [...releases, ...operators];
}
