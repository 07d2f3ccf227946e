import type { Diagnostic } from '../diagnostic.ts';
import type { SourcePosition } from '../errors.ts';
import { imageKinds, isImageKind, offsetLocator } from '../imageset/index.ts';
import { readYaml, type YamlMap, type YamlNode } from '../yaml/index.ts';
import type { DeleteImageList, LocatedDeleteItem } from './delete-list.ts';

const kind = 'DeleteImageList';

interface Reader {
  readonly diagnostics: Diagnostic[];
  at(offset: number): SourcePosition;
}

function fault(code: string, summary: string, facts: Partial<Diagnostic>): Diagnostic {
  return { severity: 'error', code, summary, ...facts };
}

/** Finds a field as Go's reader does: by name, whatever its case. */
function field(map: YamlMap, name: string): YamlNode | undefined {
  const exact = map.entries.find(({ key }) => key === name);
  const folded = (key: string): boolean => key.toLowerCase() === name.toLowerCase();
  return (exact ?? map.entries.find(({ key }) => folded(key)))?.value;
}

function textField(map: YamlMap, name: string, reader: Reader): string | undefined {
  const node = field(map, name);
  if (node?.kind === 'string' && node.value !== '') return node.value;
  const at = reader.at((node ?? map).start);
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

function readItem(node: YamlNode, keys: Keys, reader: Reader): LocatedDeleteItem[] {
  const at = reader.at(node.start);
  if (node.kind !== 'map') {
    reader.diagnostics.push(fault('invalid-delete-item', 'An item has to be a mapping.', { at }));
    return [];
  }
  const imageName = textField(node, keys.name, reader);
  const imageReference = textField(node, keys.reference, reader);
  const type = textField(node, 'type', reader);
  if (type !== undefined && !isImageKind(type)) {
    const summary = 'This is no type of image; nobody could say whether its deletion failed.';
    const detail = `Types are ${imageKinds.join(', ')}.`;
    const place = reader.at((field(node, 'type') ?? node).start);
    reader.diagnostics.push(fault('unknown-type', summary, { detail, text: type, at: place }));
    return [];
  }
  const isWhole = imageName !== undefined && imageReference !== undefined && type !== undefined;
  return isWhole ? [{ imageName, imageReference, type, at }] : [];
}

function readItems(
  root: YamlMap,
  { name, keys }: { readonly name: string; readonly keys: Keys },
  reader: Reader,
): LocatedDeleteItem[] {
  const node = field(root, name);
  if (node?.kind === 'list') return node.items.flatMap((item) => readItem(item, keys, reader));
  if (node && node.kind !== 'null') {
    const at = reader.at(node.start);
    reader.diagnostics.push(fault('invalid-delete-list', `${name} has to be a list.`, { at }));
  }
  return [];
}

function scalarText(node: YamlNode): string | undefined {
  if (node.kind === 'map' || node.kind === 'list') return undefined;
  return node.kind === 'null' ? 'null' : String(node.value);
}

function readRoot(contents: YamlNode, reader: Reader): DeleteImageList {
  const nothing = { items: [], untag: [] };
  const at = reader.at(contents.start);
  if (contents.kind !== 'map') {
    const summary = 'A DeleteImageList has to be a mapping with a list of items.';
    reader.diagnostics.push(fault('invalid-delete-list', summary, { at }));
    return nothing;
  }
  const written = field(contents, 'kind');
  const name = written && scalarText(written);
  if (written && name !== undefined && name !== kind) {
    const summary = 'This file is of another kind.';
    const detail = `cannot parse "${name}" as "${kind}"`;
    const place = reader.at(written.start);
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
export function parseDeleteImageList(text: string, file: string) {
  const { root, problems } = readYaml(text, { again: 'replaces' });
  const at = offsetLocator({ name: file, text });
  const [broken] = problems;
  if (broken || !root) {
    const found = { detail: broken?.detail, at: at(broken?.span.start ?? 0) };
    const summary =
      broken?.code === 'yaml-limit' ? 'The file holds more than is read.' : 'The file is no YAML.';
    return { diagnostics: [fault(broken?.code ?? 'yaml-syntax', summary, found)] };
  }
  const reader: Reader = { diagnostics: [], at };
  const list = readRoot(root, reader);
  const { diagnostics } = reader;
  return diagnostics.length > 0 ? { diagnostics } : { list, diagnostics };
}
