import { sortedUnique } from '../base/index.ts';
import type { ContentKind } from './collector.ts';
import {
  formatYamlPath,
  type ImageSet,
  type OperatorCatalog,
  rootKey,
  type YamlPath,
} from './config.ts';
import { readImageSpec } from './image-spec.ts';
import type { Cause } from './placement.ts';

/** An entry of a configuration by its name, so that it is found again after an edit has moved it. */
export interface EntryName {
  readonly kind: ContentKind;
  /** A release channel, `graph-image`, or a catalog or an image without tag and digest; empty: everything of the kind. */
  readonly name: string;
  /** A package of the catalog; absent: the whole entry. */
  readonly part?: string;
}

/** Gives the repository of a reference; a text that is no reference stays as it is. */
export function repositoryOf(text: string): string {
  const { spec } = readImageSpec(text);
  return spec ? `${spec.transport}${spec.domain}/${spec.path}` : text;
}

function operatorEntry({ catalog, packages = [] }: OperatorCatalog, part: number | undefined) {
  const name = part === undefined ? undefined : packages[part]?.name;
  return {
    kind: 'operator',
    name: repositoryOf(catalog),
    ...(name !== undefined && { part: name }),
  } as const;
}

function indexIn(path: string, pattern: RegExp): number | undefined {
  const [, index] = pattern.exec(path) ?? [];
  return index === undefined ? undefined : Number(index);
}

/** No channel has this name: theirs have a version. */
const graphEntry: EntryName = { kind: 'release', name: 'graph-image' };

/** Gives the entry to which a path of a configuration leads; `undefined` where it leads to none. */
export function entryAt({ mirror }: ImageSet, path: string): EntryName | undefined {
  const operator = mirror.operators?.[indexIn(path, /\.operators\[(\d+)\]/) ?? -1];
  if (operator) return operatorEntry(operator, indexIn(path, /\.packages\[(\d+)\]/));
  const image = mirror.additionalImages?.[indexIn(path, /\.additionalImages\[(\d+)\]/) ?? -1];
  if (image) return { kind: 'additional', name: repositoryOf(image.name) };
  const channel = mirror.platform?.channels?.[indexIn(path, /\.channels\[(\d+)\]/) ?? -1];
  if (channel) return { kind: 'release', name: channel.name };
  if (path.endsWith('.platform.graph')) return graphEntry;
  return path.includes('.platform') ? { kind: 'release', name: '' } : undefined;
}

/** Lists the entries of a configuration, packages of catalogs each. */
export function entriesOf({ mirror }: ImageSet): readonly EntryName[] {
  const { platform, operators = [], additionalImages = [] } = mirror;
  return [
    ...(platform?.release ? [{ kind: 'release', name: '' } as const] : []),
    ...(platform?.graph ? [graphEntry] : []),
    ...(platform?.channels ?? []).map(({ name }) => ({ kind: 'release', name }) as const),
    ...operators.flatMap((entry) => [
      operatorEntry(entry, undefined),
      ...(entry.packages ?? []).map((_, part) => operatorEntry(entry, part)),
    ]),
    ...additionalImages.map(
      ({ name }) => ({ kind: 'additional', name: repositoryOf(name) }) as const,
    ),
  ];
}

/** Tells whether two names mean the same entry, or one means a part of the other. */
export function isSameEntry(a: EntryName, b: EntryName): boolean {
  if (a.kind !== b.kind) return false;
  if (a.name === '' || b.name === '') return true;
  return a.name === b.name && (a.part === undefined || b.part === undefined || a.part === b.part);
}

/** Writes a name as text, `operator registry.test/index acm`; `undefined` where it has a blank, so that it could not be read. */
export function formatEntry(entry: EntryName | undefined): string | undefined {
  if (!entry) return undefined;
  const { kind, name, part } = entry;
  const words = [kind, name, ...(part === undefined ? [] : [part])];
  return words.some((word) => /\s/.test(word)) ? undefined : words.join(' ');
}

/** Reads what {@link formatEntry} writes. */
export function parseEntry(text: string): EntryName | undefined {
  const [kind, name = '', part] = text.split(' ');
  if (kind !== 'release' && kind !== 'operator' && kind !== 'additional') return undefined;
  return { kind, name, ...(part !== undefined && { part }) };
}

/** Writes which entries of which image sets want an image, as the state remembers it: sorted, each once. */
export function formatWishes(causes: readonly Cause[], imageSets: readonly string[]): string[] {
  const wishes = causes.flatMap(({ entry, imageSet }) =>
    entry !== undefined && imageSets.includes(imageSet) ? [`${entry}${separator}${imageSet}`] : [],
  );
  return sortedUnique(wishes);
}

/** Reads a wish as the state remembers it: the image set, and the entry unless it is unreadable. */
export function parseWish(wish: string): { readonly imageSet: string; readonly entry?: EntryName } {
  const at = wish.indexOf(separator);
  const entry = parseEntry(wish.slice(0, Math.max(at, 0)));
  return { imageSet: wish.slice(at + separator.length), ...(entry && { entry }) };
}

/** An entry has no blanks but those between its words. */
const separator = ' @ ';

/** Gives an entry of a configuration as a cause of placements; `path` starts below the root key. */
export function causeAt(imageSet: ImageSet, ...path: YamlPath): Cause {
  const full = [rootKey(imageSet.kind), ...path];
  const formatted = formatYamlPath(full);
  const entry = formatEntry(entryAt(imageSet, formatted));
  return {
    imageSet: imageSet.identity,
    path: formatted,
    ...(entry !== undefined && { entry }),
    at: imageSet.locate(full),
  };
}
