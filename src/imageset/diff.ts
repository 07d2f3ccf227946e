import { isRecord } from '../base/index.ts';
import type { SourcePosition } from '../errors.ts';
import { formatYamlPath, type ImageSet, rootKey, type YamlPath } from './config.ts';

/** One semantic difference between two versions of an image set. */
export interface Edit {
  /** Name of the image set. */
  readonly imageSet: string;
  /** `mirror.platform.channels[0].minVersion`, as the later version counts; a removed entry as the earlier did. */
  readonly path: string;
  readonly from?: string;
  readonly to?: string;
  /** In the later version, of a removed node its nearest ancestor there; in the earlier when there is no later. */
  readonly at: SourcePosition;
}

type Tree = Readonly<Record<string, unknown>>;

/** A node in both versions; `undefined` where a version lacks it. */
interface Pair {
  readonly before: unknown;
  readonly after: unknown;
  /** As the later version counts; the last step of a removed entry as the earlier did. */
  readonly path: YamlPath;
}

/** A child of a node, and the step that leads to it. */
interface Child {
  readonly value: unknown;
  readonly step: string | number;
}

/** The name by which people know an entry of a list. */
function shortName(item: unknown): string {
  if (!isRecord(item)) return String(item);
  const { catalog, name, path, os, architecture } = item;
  return JSON.stringify([catalog, name, path, os, architecture].filter((part) => part));
}

/** Tells apart what goes to different places under one name. */
function longName(item: unknown): string {
  if (!isRecord(item)) return String(item);
  const { targetCatalog, targetRepo, targetTag, version } = item;
  return JSON.stringify([shortName(item), targetCatalog, targetRepo, targetTag, version]);
}

/** Gives how an entry is recognised in both versions: by its name where names are unique, never by its index. */
function identity(lists: readonly (readonly unknown[])[]): (item: unknown) => string {
  const unique = lists.every((list) => new Set(list.map(shortName)).size === list.length);
  return unique ? shortName : longName;
}

/** Entries that still share a name get a number each. */
function entriesOf(list: readonly unknown[], nameOf: (item: unknown) => string) {
  const found = new Map<string, Child>();
  for (const [step, value] of list.entries()) {
    const name = nameOf(value);
    let key = name;
    for (let number = 2; found.has(key); number += 1) key = `${name}#${number}`;
    found.set(key, { value, step });
  }
  return found;
}

function fieldsOf(tree: unknown): Map<string, Child> {
  const entries = isRecord(tree) ? Object.entries(tree) : [];
  return new Map(entries.map(([step, value]) => [step, { value, step }]));
}

/** Puts a lower bound before its upper one, as people write them. */
const placeOfKey = (key: string): number => ['minVersion', 'maxVersion'].indexOf(key);

/** Writes a value on one line; a default that decoding writes out is nobody's wish. */
function summarize(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(summarize).join(', ')}]`;
  if (!isRecord(value)) return String(value);
  return Object.entries(value)
    .filter(([key, inner]) => key !== 'type' || inner !== 'ocp')
    .sort(([one], [other]) => placeOfKey(one) - placeOfKey(other))
    .map(
      ([key, inner]) => `${key}: ${isRecord(inner) ? `{${summarize(inner)}}` : summarize(inner)}`,
    )
    .join(', ');
}

function join(path: YamlPath, before: Map<string, Child>, after: Map<string, Child>): Pair[] {
  const keys = new Set([...after.keys(), ...before.keys()]);
  return [...keys].map((key) => {
    const [old, now] = [before.get(key), after.get(key)];
    const step = now?.step ?? old?.step ?? key;
    return { before: old?.value, after: now?.value, path: [...path, step] };
  });
}

/** Gives the pairs that differ and have nothing in common below. */
function differences(pair: Pair): Pair[] {
  const { before, after, path } = pair;
  const values = [before, after].filter((value) => value !== undefined);
  if (values.every(Array.isArray)) {
    const [old, now] = [before, after].map((list) => (Array.isArray(list) ? list : []));
    const nameOf = identity(values);
    return join(path, entriesOf(old ?? [], nameOf), entriesOf(now ?? [], nameOf)).flatMap(
      (entry) =>
        entry.before === undefined || entry.after === undefined ? [entry] : differences(entry),
    );
  }
  if (values.every(isRecord)) {
    return join(path, fieldsOf(before), fieldsOf(after)).flatMap(differences);
  }
  return before === after ? [] : [pair];
}

function wishes(imageSet: ImageSet | undefined): Tree {
  if (!imageSet) return {};
  const { kind, mirror, archiveSize } = imageSet;
  return { [rootKey(kind)]: mirror, ...(archiveSize !== undefined && { archiveSize }) };
}

/**
 * Tells what changed in what an image set means.
 *
 * Entries of lists are matched by name, so order, comments, anchors, quoting and defaults written out make no
 * difference; an added or removed entry is one edit. The order is that of the later version; what is gone from a node
 * comes last in it.
 */
export function diffImageSets(before: ImageSet | undefined, after: ImageSet | undefined): Edit[] {
  const known = after ?? before;
  if (!known) return [];
  const pairs = differences({ before: wishes(before), after: wishes(after), path: [] });
  return pairs.map((pair) => {
    const isGone = pair.after === undefined && after !== undefined;
    return {
      imageSet: known.identity,
      path: formatYamlPath(pair.path),
      ...(pair.before !== undefined && { from: summarize(pair.before) }),
      ...(pair.after !== undefined && { to: summarize(pair.after) }),
      at: known.locate(isGone ? pair.path.slice(0, -1) : pair.path),
    };
  });
}
