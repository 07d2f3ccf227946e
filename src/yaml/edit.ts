import {
  type Document,
  isAlias,
  isMap,
  isSeq,
  type Node,
  type Pair,
  visit,
  type YAMLMap,
} from 'yaml';
import type { Span } from './node.ts';

/** One replacement in a text: what stands from `start` to `end` becomes `text`. */
export interface Splice extends Span {
  readonly text: string;
}

/** A collection whose members can be taken out: a mapping or a sequence. */
interface Members {
  readonly items: readonly unknown[];
  readonly flow?: boolean | undefined;
}

function isPair(member: unknown): member is Pair {
  return typeof member === 'object' && member !== null && 'key' in member;
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** Gives the offset of the line break that ends a line, or the end of the text. */
function lineEnd(text: string, offset: number): number {
  const found = text.indexOf('\n', offset);
  if (found < 0) return text.length;
  return text[found - 1] === '\r' && found > offset ? found - 1 : found;
}

/** Gives the offset at which the next line begins. */
function nextLine(text: string, offset: number): number {
  const found = text.indexOf('\n', offset);
  return found < 0 ? text.length : found + 1;
}

/** Gives the offset of the first character of a member. */
function startOf(member: unknown): number | undefined {
  const node = (isPair(member) ? member.key : member) as Node | null | undefined;
  return node?.range?.[0];
}

/** Gives the offset behind the last character of a member that is neither comment nor white space. */
export function contentEnd(text: string, member: unknown): number {
  if (isPair(member)) {
    const { key, value } = member as Pair<Node | null, Node | null>;
    return Math.max(contentEnd(text, key), contentEnd(text, value));
  }
  const node = member as Node | null | undefined;
  if ((isMap(node) || isSeq(node)) && !node.flow && node.items.length > 0) {
    return contentEnd(text, node.items.at(-1));
  }
  const [start, end] = node?.range ?? [0, 0];
  const source = text.slice(start, Math.max(start, end));
  return start + source.trimEnd().length;
}

function removeFromFlow(text: string, { items }: Members, index: number): Splice | undefined {
  const start = startOf(items[index]);
  const next = startOf(items[index + 1]);
  if (start === undefined) return undefined;
  if (next !== undefined) return { start, end: next, text: '' };
  const end = contentEnd(text, items[index]);
  return { start: index > 0 ? contentEnd(text, items[index - 1]) : start, end, text: '' };
}

/** Takes out whole lines; a text without a line break at its end has none afterwards. */
function removeLines(text: string, first: number, last: number): Splice {
  const end = nextLine(text, last);
  const isOpenEnd = end === text.length && !text.endsWith('\n') && first > 0;
  return { start: isOpenEnd ? lineEnd(text, first - 1) : first, end, text: '' };
}

/** Takes out the first key behind a dash: the second one moves up, or the dash stands alone above a comment. */
function removeBehindDash(text: string, { items }: Members, index: number): Splice | undefined {
  const start = startOf(items[index]);
  const next = startOf(items[index + 1]);
  if (start === undefined || next === undefined) return undefined;
  const end = contentEnd(text, items[index]);
  if (!text.slice(nextLine(text, end), next).includes('#')) return { start, end: next, text: '' };
  const dash = text.slice(0, start).trimEnd().length;
  return { start: dash, end: lineEnd(text, end), text: '' };
}

/** Gives the splice that takes an entry out of a mapping, with its line's comment; `undefined` where that is not plain. */
export function removeEntry(text: string, map: Members, index: number): Splice | undefined {
  if (map.flow) return removeFromFlow(text, map, index);
  const start = startOf(map.items[index]);
  if (start === undefined) return undefined;
  const first = lineStart(text, start);
  const lead = text.slice(first, start).replace(/^\ufeff/, '');
  if (lead.trim() === '') {
    return removeLines(text, start - lead.length, contentEnd(text, map.items[index]));
  }
  return /^[ \t]*(?:-[ \t]+)+$/.test(lead) ? removeBehindDash(text, map, index) : undefined;
}

/** Gives the splice that takes an item out of a sequence; `undefined` where that is not plain. */
export function removeItem(text: string, list: Members, index: number): Splice | undefined {
  if (list.flow) return removeFromFlow(text, list, index);
  const item = list.items[index];
  const first = isMap(item) && !item.flow ? item.items[0] : item;
  const start = startOf(first);
  if (start === undefined) return undefined;
  const begin = lineStart(text, start);
  if (!/^[ \t]*-[ \t]+(?:&\S+[ \t]+)?$/.test(text.slice(begin, start))) return undefined;
  return removeLines(text, begin, contentEnd(text, item));
}

/** Tells whether an alias outside a node stands for something inside it. */
export function isNeededElsewhere(document: Document.Parsed, node: Node | null): boolean {
  if (!node) return false;
  const anchors = new Set<string>();
  const inside = new Set<unknown>();
  visit(node, {
    Node(_, found) {
      inside.add(found);
      if ('anchor' in found && typeof found.anchor === 'string') anchors.add(found.anchor);
    },
  });
  if (anchors.size === 0) return false;
  let isNeeded = false;
  visit(document, {
    Alias(_, alias) {
      isNeeded ||= !inside.has(alias) && anchors.has(alias.source);
    },
  });
  return isNeeded;
}

/** Gives the splice that writes another text in place of a scalar, inside the quotes that it has. */
export function replaceInside(text: string, node: Node, written: string): Splice {
  const [start = 0, end = 0] = node.range ?? [];
  const isQuoted = /^["']/.test(text[start] ?? '');
  return isQuoted
    ? { start: start + 1, end: end - 1, text: written }
    : { start, end, text: written };
}

/** Applies splices; of two that overlap the first one in the text counts. Gives what was applied, in order. */
export function applySplices<One extends Splice>(
  text: string,
  splices: readonly One[],
): { readonly text: string; readonly applied: readonly One[] } {
  const applied: One[] = [];
  let done = 0;
  let written = '';
  for (const one of splices.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    if (one.start < done) continue;
    written += text.slice(done, one.start) + one.text;
    done = one.end;
    applied.push(one);
  }
  return { text: written + text.slice(done), applied };
}

/** Gives the offset that a place of the new text had before the splices, which are in order and apart. */
export function offsetBefore(offset: number, applied: readonly Splice[]): number {
  let shift = 0;
  for (const { start, end, text } of applied) {
    const from = start + shift;
    if (offset < from) break;
    if (offset < from + text.length) return start;
    shift += text.length - (end - start);
  }
  return offset - shift;
}

/** Finds an entry of a mapping by its key, whatever its case; aliases and merged keys are not looked into. */
export function findEntry(map: YAMLMap, key: string): Pair<Node, Node | null> | undefined {
  const folded = key.toLowerCase();
  const found = map.items.find(({ key: node }) => {
    const value = !isAlias(node) && (node as { value?: unknown } | null)?.value;
    return typeof value === 'string' && value.toLowerCase() === folded;
  });
  return found as Pair<Node, Node | null> | undefined;
}
