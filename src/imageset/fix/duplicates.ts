import { isDeepStrictEqual } from 'node:util';
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

/** Gives the indexes of the entries of each name that is there more than once. */
function groupsOf(items: readonly { readonly name: string }[]): number[][] {
  const groups = Map.groupBy(items.keys(), (index) => items[index]?.name);
  return [...groups.values()].filter(({ length }) => length > 1);
}

/** Finds the entries of one name that add nothing to another entry of this name. */
function findRepeated<T>({ items, holds }: NamedList<T>, group: readonly number[]): Repeated[] {
  const kept = new Set(group);
  return group.flatMap((index) => {
    const item = items[index] as T;
    const by = [...kept].find((at) => at !== index && holds(items[at] as T, item));
    // The first of two equal entries stays.
    const isGone = by !== undefined && (by < index || !holds(item, items[by] as T));
    if (isGone) kept.delete(index);
    return isGone ? [{ index, by }] : [];
  });
}

function mendList<T extends { readonly name: string }>(
  meaning: Meaning,
  list: NamedList<T>,
): Mend[] {
  const node = meaning.nodeAt(list.path);
  if (!isSeq(node)) return [];
  const repeated = groupsOf(list.items).flatMap((group) => findRepeated(list, group));
  return repeated.flatMap(({ index, by }) => {
    const [own, other] = [index, by].map((at) => meaning.nodeAt([...list.path, at]));
    const isClear = [index, by].every((at) => meaning.isClear([...list.path, at]));
    if (!own || !other || !isClear || isNeededElsewhere(meaning.document, own)) return [];
    const splice = removeItem(meaning.text, node, index);
    const name = list.items[index]?.name;
    const reason = `the ${list.what} "${name}" is deleted here: another entry of it says the same or more`;
    return splice ? [{ ...splice, at: own.range?.[0] ?? 0, reason }] : [];
  });
}

/** Deletes an entry that is listed twice where the other one covers everything that it asks for. */
export function mendDuplicates(meaning: Meaning): Mend[] {
  const { mirror, top } = meaning;
  const releases = mendList(meaning, {
    what: 'release channel',
    path: [top, 'platform', 'channels'],
    items: mirror.platform?.channels ?? [],
    holds: contains.release,
  });
  const images = mendList(meaning, {
    what: 'image',
    path: [top, 'additionalImages'],
    items: mirror.additionalImages ?? [],
    holds: isDeepStrictEqual,
  });
  const operators = (mirror.operators ?? []).flatMap((catalog, outer) => {
    const path = [top, 'operators', outer, 'packages'];
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
  return [...releases, ...images, ...operators];
}
