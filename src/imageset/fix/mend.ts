import type { Document, Node, Pair, YAMLMap } from 'yaml';
import {
  isNeededElsewhere,
  removeEntry,
  replaceInside,
  type Splice,
  type YamlNode,
} from '../../yaml/index.ts';
import type { StructType } from '../schema/index.ts';

/** One change of a text, with the place and the reason that are reported. */
export interface Mend extends Splice {
  /** Offset of what was wrong. */
  readonly at: number;
  readonly reason: string;
}

/** The text that is mended, and its first document. */
export interface Draft {
  readonly text: string;
  readonly document: Document.Parsed;
  /** The same document as the loader reads it. */
  readonly root: YamlNode;
}

/** An entry of a mapping, and the struct that the mapping is. */
export interface Site extends Draft {
  readonly map: YAMLMap;
  readonly struct: StructType;
  readonly key: string;
  readonly keyNode: Node;
  readonly value: Node | null;
  /** Tells whether the mapping has a key, whatever its case. */
  has(key: string): boolean;
}

/** Gives the offset of an entry's key. */
export function placeOf(site: Pick<Site, 'keyNode'>): number {
  return site.keyNode.range?.[0] ?? 0;
}

/** Takes an entry out; nothing is done where something else needs an anchor inside it. */
export function drop(site: Site, reason: string): Mend[] {
  if (isNeededElsewhere(site.document, site.value)) return [];
  const index = site.map.items.findIndex((pair: Pair) => pair.key === site.keyNode);
  const splice = removeEntry(site.text, site.map, index);
  return splice ? [{ ...splice, at: placeOf(site), reason }] : [];
}

/** Gives an entry another key. */
export function rename(site: Pick<Site, 'text' | 'keyNode'>, name: string, reason: string): Mend[] {
  return [{ ...replaceInside(site.text, site.keyNode, name), at: placeOf(site), reason }];
}

/** Writes a key with the quotes that the key of a site has. */
export function keyLike({ text, keyNode }: Pick<Site, 'text' | 'keyNode'>, name: string): string {
  const first = text[keyNode.range?.[0] ?? 0] ?? '';
  return /["']/.test(first) ? `${first}${name}${first}` : name;
}

/** Gives an entry another key and another value; what stands between them and the quotes stay. */
export function rewriteEntry(site: Site, entry: readonly [string, string], reason: string): Mend[] {
  const { text, keyNode, value } = site;
  const [, keyEnd] = keyNode.range ?? [0, 0];
  if (!value?.range || value.range[0] < keyEnd) return [];
  const { start, end, text: written } = replaceInside(text, value, entry[1]);
  const between = text.slice(keyEnd, start);
  const at = placeOf(site);
  return [{ start: at, end, text: `${keyLike(site, entry[0])}${between}${written}`, at, reason }];
}

/** Writes other text in place of a node, its quotes included. */
export function rewrite(node: Node, written: string, reason: string): Mend[] {
  const [start, end] = node.range ?? [0, 0];
  return [{ start, end, text: written, at: start, reason }];
}
