import type { Span, YamlEntry, YamlMap, YamlNode } from '../../yaml/index.ts';
import { formatYamlPath, type YamlPath } from '../config.ts';
import { type Field, type FieldType, goTypeName, type StructType } from './types.ts';

/** A key that the schema does not have. */
export interface UnknownField {
  readonly kind: 'unknown-field';
  readonly key: string;
  readonly value: YamlNode;
  readonly struct: StructType;
}

/** A value of another type than the schema's. */
export interface WrongType {
  readonly kind: 'wrong-type';
  readonly expected: FieldType;
  readonly found: YamlNode;
}

/** One thing that strict decoding refuses. */
export type DecodeProblem = (UnknownField | WrongType) & {
  /** In the words of Go's decoder. */
  readonly message: string;
  readonly path: YamlPath;
  readonly span: Span;
  /** Go's decoder stops here and reports this one, whatever it found before. */
  readonly fatal: boolean;
};

/** A text that Go silently reads as another one. */
export interface SilentReading {
  readonly text: string;
  readonly as: string;
  readonly path: YamlPath;
}

/** The places of a node and of its key. */
export interface NodePlace {
  readonly key: Span;
  readonly value: Span;
  readonly isCollection: boolean;
}

/** A decoded mapping, what was refused in the order in which Go finds it, and the place of every node. */
export interface Decoded {
  readonly value: Readonly<Record<string, unknown>>;
  readonly problems: readonly DecodeProblem[];
  readonly silent: readonly SilentReading[];
  /** By `formatYamlPath`, with the schema's spelling of keys. */
  readonly places: ReadonlyMap<string, NodePlace>;
}

type Mutable = Record<string, unknown>;

interface Decoding {
  readonly problems: DecodeProblem[];
  readonly silent: SilentReading[];
  readonly places: Map<string, NodePlace>;
}

/** The position of the decoder: the YAML path, the same in Go's words, and all findings so far. */
interface Position {
  readonly found: Decoding;
  readonly path: YamlPath;
  readonly goStruct: string;
  readonly goPath: readonly string[];
}

function placeOf(key: Span, value: YamlNode): NodePlace {
  return { key, value, isCollection: value.kind === 'map' || value.kind === 'list' };
}

function valueWord(node: YamlNode, expected: FieldType): string {
  if (node.kind === 'map') return 'object';
  if (node.kind === 'list') return 'array';
  return node.kind === 'number' && expected.kind === 'int64' ? `number ${node.value}` : node.kind;
}

function refuse(node: YamlNode, expected: FieldType, at: Position): void {
  const place = `${at.goStruct}.${at.goPath.join('.')}`;
  at.found.problems.push({
    kind: 'wrong-type',
    expected,
    found: node,
    message: `json: cannot unmarshal ${valueWord(node, expected)} into Go struct field ${place} of type ${goTypeName(expected)}`,
    path: at.path,
    span: node,
    fatal: expected.kind === 'platform-type',
  });
}

function isInt64(text: string): boolean {
  if (!/^-?\d+$/.test(text)) return false;
  const value = BigInt(text);
  return value === BigInt.asIntN(64, value);
}

function platformType(text: string, at: Position): 'ocp' | 'okd' {
  if (text === 'ocp' || text === 'okd') return text;
  at.found.silent.push({ text, as: 'ocp', path: at.path });
  return 'ocp';
}

function decodeScalar(node: YamlNode, type: FieldType, at: Position): unknown {
  switch (type.kind) {
    case 'string':
      if (node.kind === 'string') return node.value;
      break;
    case 'bool':
      if (node.kind === 'bool') return node.value;
      break;
    case 'int64':
      if (node.kind === 'number' && isInt64(node.value)) return Number(node.value);
      break;
    case 'platform-type':
      if (node.kind === 'string') return platformType(node.value, at);
      break;
  }
  refuse(node, type, at);
  return undefined;
}

function zero(type: FieldType): unknown {
  if (type.kind === 'struct') return decodeStruct(undefined, type, start(type.goName));
  if (type.kind === 'platform-type') return 'ocp';
  return type.kind === 'string' ? '' : undefined;
}

function decodeValue(node: YamlNode, type: FieldType, at: Position): unknown {
  if (node.kind === 'null') return undefined;
  if (type.kind === 'struct') {
    if (node.kind === 'map') return decodeStruct(node, type, at);
    refuse(node, type, at);
    return undefined;
  }
  if (type.kind !== 'list') return decodeScalar(node, type, at);
  if (node.kind !== 'list') {
    refuse(node, type, at);
    return undefined;
  }
  return node.items.map((item, index) => {
    const path = [...at.path, index];
    at.found.places.set(formatYamlPath(path), placeOf(item, item));
    return decodeValue(item, type.of, { ...at, path }) ?? zero(type.of);
  });
}

/** Finds a field by its key: the one of the same case first. */
export function findField(struct: StructType, key: string): Field | undefined {
  const folded = key.toLowerCase();
  return (
    struct.fields.find((field) => field.name === key) ??
    struct.fields.find((field) => field.name.toLowerCase() === folded)
  );
}

function decodeEntry(entry: YamlEntry, struct: StructType, at: Position) {
  const field = findField(struct, entry.key);
  if (!field) {
    at.found.problems.push({
      kind: 'unknown-field',
      key: entry.key,
      value: entry.value,
      struct,
      message: `json: unknown field ${JSON.stringify(entry.key)}`,
      path: [...at.path, entry.key],
      span: entry.keySpan,
      fatal: false,
    });
    return undefined;
  }
  const path = [...at.path, field.name];
  at.found.places.set(formatYamlPath(path), placeOf(entry.keySpan, entry.value));
  const goPath = [...at.goPath, ...(field.embedded ? [field.embedded] : []), field.name];
  const inner: Position = { ...at, path, goStruct: struct.goName, goPath };
  return { field, value: decodeValue(entry.value, field.type, inner) };
}

function isZero(value: unknown): boolean {
  return value === undefined || value === '' || value === false || value === 0;
}

function merge(previous: unknown, next: unknown): unknown {
  const both = [previous, next].every(
    (value) => typeof value === 'object' && !Array.isArray(value),
  );
  return both ? Object.assign({}, previous, next) : next;
}

function decodeStruct(map: YamlMap | undefined, struct: StructType, at: Position): Mutable {
  const value: Mutable = {};
  for (const { name, type, always } of struct.fields) if (always) value[name] = zero(type);
  // Go's converter sorts the keys of a mapping, and its decoder meets them in that order.
  const entries = (map?.entries ?? []).toSorted((a, b) => (a.key < b.key ? -1 : 1));
  for (const entry of entries) {
    const decoded = decodeEntry(entry, struct, at);
    if (decoded && (decoded.field.always ? decoded.value !== undefined : !isZero(decoded.value))) {
      value[decoded.field.name] = merge(value[decoded.field.name], decoded.value);
    }
  }
  return value;
}

function start(goStruct: string): Position {
  const found: Decoding = { problems: [], silent: [], places: new Map() };
  return { found, path: [], goStruct, goPath: [] };
}

/**
 * Decodes a mapping into a struct as Go's encoding/json does with unknown fields disallowed.
 *
 * Keys match without regard to case, a null leaves the zero value, zero values of optional fields are left out.
 * Decoding goes on after a problem, so that all of them are found in one run.
 */
export function decodeDocument(root: YamlMap, struct: StructType): Decoded {
  const at = start(struct.goName);
  return { value: decodeStruct(root, struct, at), ...at.found };
}

/** Gives the message with which Go's decoder ends, if it found anything. */
export function decodeRefusal(problems: readonly DecodeProblem[]): string | undefined {
  return (problems.find((found) => found.fatal) ?? problems[0])?.message;
}
