import { sortedUnique } from '../base/index.ts';
import { type ContentKind, contentKinds } from './collector.ts';
import {
  type Chart,
  formatYamlPath,
  type ImageSet,
  type MirrorSpec,
  type OperatorCatalog,
  rootKey,
  type YamlPath,
} from './config.ts';
import { readImageSpec } from './image-spec.ts';
import type { Cause } from './placement.ts';

/** An entry of a configuration by its name, so that it is found again after an edit has moved it. */
export interface EntryName {
  readonly kind: ContentKind;
  /**
   * A release channel, `graph-image`, a catalog or an image without tag and digest, the URL of a chart repository, or the path
   * of a chart; empty: everything of the kind.
   */
  readonly name: string;
  /** A package of the catalog or a chart of the repository; absent: the whole entry. */
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

function repositoryEntry(url: string, name: string | undefined) {
  return { kind: 'helm', name: url, ...(name !== undefined && { part: name }) } as const;
}

function localEntry({ path, name }: Chart) {
  return { kind: 'helm', name: path ?? name ?? '' } as const;
}

function chartAt({ helm }: MirrorSpec, path: string): EntryName | undefined {
  const repository = helm?.repositories?.[indexIn(path, /\.helm\.repositories\[(\d+)\]/) ?? -1];
  if (repository) {
    const chart = repository.charts?.[indexIn(path, /\.charts\[(\d+)\]/) ?? -1];
    return repositoryEntry(repository.url, chart?.name);
  }
  const local = helm?.local?.[indexIn(path, /\.helm\.local\[(\d+)\]/) ?? -1];
  return local && localEntry(local);
}

function indexIn(path: string, pattern: RegExp): number | undefined {
  const [, index] = pattern.exec(path) ?? [];
  return index === undefined ? undefined : Number(index);
}

/** No channel has this name: theirs have a version. */
const graphEntry: EntryName = { kind: 'release', name: 'graph-image' };

/** Gives the entry to which a path of a configuration leads; `undefined` where it leads to none. */
export function entryAt({ mirror }: ImageSet, path: string): EntryName | undefined {
  if (path.includes('.helm')) return chartAt(mirror, path);
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
  const { platform, operators = [], additionalImages = [], helm } = mirror;
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
    ...(helm?.repositories ?? []).flatMap(({ url, charts = [] }) => [
      repositoryEntry(url, undefined),
      ...charts.map(({ name }) => repositoryEntry(url, name)),
    ]),
    ...(helm?.local ?? []).map(localEntry),
  ];
}

/** Tells whether two names mean the same entry, or one means a part of the other. */
export function isSameEntry(a: EntryName, b: EntryName): boolean {
  if (a.kind !== b.kind) return false;
  if (a.name === '' || b.name === '') return true;
  return a.name === b.name && (a.part === undefined || b.part === undefined || a.part === b.part);
}

/** Writes a name as text, `operator registry.test/index acm`; `undefined` where it has a blank, so that it could not be read. */
function formatEntry(entry: EntryName | undefined): string | undefined {
  if (!entry) return undefined;
  const { kind, name, part } = entry;
  const words = [kind, name, ...(part === undefined ? [] : [part])];
  return words.some((word) => /\s/.test(word)) ? undefined : words.join(' ');
}

/** Reads what {@link formatEntry} writes. */
export function parseEntry(text: string): EntryName | undefined {
  const [written, name = '', part] = text.split(' ');
  const kind = contentKinds.find((one) => one === written);
  return kind && { kind, name, ...(part !== undefined && { part }) };
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
