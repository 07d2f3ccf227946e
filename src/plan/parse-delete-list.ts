import {
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type ParsedNode,
  parseDocument,
  type YAMLMap,
} from 'yaml';
import type { Diagnostic } from '../diagnostic.ts';
import type { SourcePosition } from '../errors.ts';
import { imageKinds, isImageKind } from '../imageset/index.ts';
import type { DeleteImageList, LocatedDeleteItem } from './delete-item.ts';

/** What reading a list gave: the list when it has no error, and what was found in any case. */
export interface LoadedDeleteImageList {
  readonly list?: DeleteImageList;
  readonly diagnostics: readonly Diagnostic[];
}

const kind = 'DeleteImageList';

interface Reader {
  readonly diagnostics: Diagnostic[];
  at(offset: number): SourcePosition;
}

function fault(code: string, summary: string, facts: Partial<Diagnostic>): Diagnostic {
  return { severity: 'error', code, summary, ...facts };
}

function startOf(node: unknown): number {
  return (node as ParsedNode | null)?.range?.[0] ?? 0;
}

/** Finds a field as Go's reader does: by name, whatever its case. */
function field(map: YAMLMap, name: string): unknown {
  const pairs = map.items.filter(({ key }) => isScalar(key) && typeof key.value === 'string');
  const named = (exact: boolean) =>
    pairs.find(({ key }) => {
      const text = isScalar(key) ? String(key.value) : '';
      return exact ? text === name : text.toLowerCase() === name.toLowerCase();
    });
  return (named(true) ?? named(false))?.value;
}

function textField(map: YAMLMap, name: string, reader: Reader): string | undefined {
  const node = field(map, name);
  if (isScalar(node) && typeof node.value === 'string' && node.value !== '') return node.value;
  const at = reader.at(startOf(node ?? map));
  const summary = `An item needs a text as ${name}.`;
  reader.diagnostics.push(fault('invalid-delete-item', summary, { at }));
  return undefined;
}

/** The keys under which a list says what an entry is called and where it lies. */
interface Keys {
  readonly name: string;
  readonly reference: string;
}

const itemKeys: Keys = { name: 'imageName', reference: 'imageReference' };
const untagKeys: Keys = { name: 'name', reference: 'tag' };

function readItem(node: unknown, keys: Keys, reader: Reader): LocatedDeleteItem[] {
  const at = reader.at(startOf(node));
  if (!isMap(node)) {
    reader.diagnostics.push(fault('invalid-delete-item', 'An item has to be a mapping.', { at }));
    return [];
  }
  const imageName = textField(node, keys.name, reader);
  const imageReference = textField(node, keys.reference, reader);
  const type = textField(node, 'type', reader);
  if (type !== undefined && !isImageKind(type)) {
    const summary = 'This is no type of image; nobody could say whether its deletion failed.';
    const detail = `Types are ${imageKinds.join(', ')}.`;
    const place = reader.at(startOf(field(node, 'type')));
    reader.diagnostics.push(fault('unknown-type', summary, { detail, text: type, at: place }));
    return [];
  }
  const isWhole = imageName !== undefined && imageReference !== undefined && type !== undefined;
  return isWhole ? [{ imageName, imageReference, type, at }] : [];
}

function readItems(
  root: YAMLMap,
  { name, keys }: { readonly name: string; readonly keys: Keys },
  reader: Reader,
): LocatedDeleteItem[] {
  const node = field(root, name);
  if (isSeq(node)) return node.items.flatMap((item) => readItem(item, keys, reader));
  if (node !== undefined && node !== null && !(isScalar(node) && node.value === null)) {
    const at = reader.at(startOf(node));
    reader.diagnostics.push(fault('invalid-delete-list', `${name} has to be a list.`, { at }));
  }
  return [];
}

function readRoot(contents: unknown, reader: Reader): DeleteImageList {
  const nothing = { items: [], untag: [] };
  const at = reader.at(startOf(contents));
  if (!isMap(contents)) {
    const summary = 'A DeleteImageList has to be a mapping with a list of items.';
    reader.diagnostics.push(fault('invalid-delete-list', summary, { at }));
    return nothing;
  }
  const written = field(contents, 'kind');
  const name = isScalar(written) ? String(written.value) : undefined;
  if (name !== undefined && name !== kind) {
    const summary = 'This file is of another kind.';
    const detail = `cannot parse "${name}" as "${kind}"`;
    const place = reader.at(startOf(written));
    reader.diagnostics.push(fault('wrong-kind', summary, { detail, text: name, at: place }));
    return nothing;
  }
  return {
    items: readItems(contents, { name: 'items', keys: itemKeys }, reader),
    untag: readItems(contents, { name: 'untag', keys: untagKeys }, reader),
  };
}

/**
 * Reads a DeleteImageList of this tool or of oc-mirror.
 *
 * Fields that nobody knows are skipped, as oc-mirror does; an unknown `type`, which it deletes without looking at the
 * outcome, is an error here. All errors of the file are found at once, each at its line.
 * @see oc-mirror v2, §1.4 and §9.5
 */
export function parseDeleteImageList(text: string, file: string): LoadedDeleteImageList {
  const lineCounter = new LineCounter();
  const yaml = parseDocument(text, { lineCounter, version: '1.1', uniqueKeys: false });
  const at = (offset: number): SourcePosition => {
    const { line, col } = lineCounter.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const [broken] = yaml.errors;
  if (broken) {
    const [detail] = broken.message.split('\n', 1);
    const found = { detail, at: at(broken.pos[0]) };
    return { diagnostics: [fault('yaml-syntax', 'The file is no YAML.', found)] };
  }
  const reader: Reader = { diagnostics: [], at };
  const list = readRoot(yaml.contents, reader);
  const { diagnostics } = reader;
  return diagnostics.length > 0 ? { diagnostics } : { list, diagnostics };
}
