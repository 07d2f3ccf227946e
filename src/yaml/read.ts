import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type Scalar } from 'yaml';
import { withinStack } from '../base/index.ts';
import { ContentError } from '../errors.ts';
import { firstDocument } from './compose.ts';
import { yamlLimits } from './limits.ts';
import type { Span, YamlDocument, YamlEntry, YamlMap, YamlNode, YamlProblem } from './node.ts';
import { resolveScalar, type ScalarValue } from './scalar.ts';
import { syntaxProblem } from './syntax.ts';

/** Nodes out of aliases that are never too many, and the share of all nodes that they may be, by Go's rule. */
const aliases = { free: 100, fewNodes: 400_000, manyNodes: 4_000_000, ofFew: 0.99, ofMany: 0.1 };

/** How a text is read. */
export interface YamlReading {
  /** A key that is written again is an error, as in strict readers, or a new value. */
  readonly again?: 'refused' | 'replaces';
}

/** Ends the reading of a document: Go's reader gives up at the first of these. */
class Refusal extends Error {
  readonly span: Span;
  readonly code: YamlProblem['code'];
  constructor(message: string, span: Span, code: YamlProblem['code'] = 'yaml-syntax') {
    super(message);
    this.span = span;
    this.code = code;
  }
}

interface Reading {
  readonly text: string;
  readonly anchors: Map<string, Node>;
  readonly duplicates: YamlProblem[];
  /** Aliases being expanded, to refuse one that contains itself. */
  readonly open: Set<Node>;
  readonly again: YamlReading['again'];
  nodes: number;
  /** Nodes that an alias stands for. */
  aliasedNodes: number;
  aliasDepth: number;
  depth: number;
}

function spanOf(node: Node | null | undefined, fallback: Span): Span {
  const range = node?.range;
  return range ? { start: range[0], end: Math.max(range[0], range[1]) } : fallback;
}

const scalarTags: ReadonlyMap<string, ScalarValue['kind']> = new Map([
  ['!!bool', 'bool'],
  ['!!int', 'number'],
  ['!!float', 'number'],
  ['!!null', 'null'],
]);

function explicitScalar(tag: string, text: string, span: Span): ScalarValue | undefined {
  const short = tag.replace('tag:yaml.org,2002:', '!!');
  if (short === '!!binary') {
    return { kind: 'string', value: Buffer.from(text, 'base64').toString('utf8') };
  }
  const kind = scalarTags.get(short);
  if (kind === undefined) return { kind: 'string', value: text };
  const value = resolveScalar(text);
  if (value?.kind !== kind || (short === '!!int' && /[.eE]/.test(text) && !/^0x/i.test(text))) {
    const found = value?.kind === 'string' ? 'str' : (value?.kind ?? 'float');
    throw new Refusal(`yaml: cannot decode !!${found} \`${text}\` as a ${short}`, span);
  }
  return value;
}

/** Gives the text of a scalar; without a final newline in the file, a block at its end has none either. */
function textOf(node: Scalar, reading: Reading): string {
  const text = String(node.value ?? '');
  const atEnd = node.type?.startsWith('BLOCK') && node.range?.[1] === reading.text.length;
  return atEnd && !reading.text.endsWith('\n') ? text.replace(/\n$/, '') : text;
}

function readScalar(node: Node, reading: Reading, span: Span): YamlNode {
  if (!isScalar(node)) return { kind: 'null', ...span };
  const text = textOf(node, reading);
  const plain = node.type === 'PLAIN' || node.type === undefined;
  let value: ScalarValue | undefined = { kind: 'string', value: text };
  if (node.tag && node.tag !== '!') value = explicitScalar(node.tag, text, span);
  else if (plain && node.tag === undefined) value = resolveScalar(text);
  if (value) return { ...value, ...span };
  const spelled = /nan/i.test(text) ? 'NaN' : text.startsWith('-') ? '-Inf' : '+Inf';
  throw new Refusal(`json: unsupported value: ${spelled}`, span);
}

function target(node: Node, reading: Reading, span: Span): Node {
  if (!isAlias(node)) return node;
  const found = reading.anchors.get(node.source);
  if (!found) throw new Refusal(`yaml: unknown anchor '${node.source}' referenced`, span);
  if (reading.open.has(found)) {
    throw new Refusal(`yaml: anchor '${node.source}' value contains itself`, span);
  }
  return found;
}

function isMergeKey(node: Node | null): boolean {
  return (
    isScalar(node) &&
    node.value === '<<' &&
    ((node.type === 'PLAIN' && node.tag === undefined) || node.tag === 'tag:yaml.org,2002:merge')
  );
}

/** Gives the mappings that a merge key names, the one that loses first. */
function mergeSources(value: Node | null, reading: Reading, span: Span): Node[] {
  const wrong = new Refusal(
    'yaml: map merge requires map or sequence of maps as the value',
    spanOf(value, span),
  );
  if (!value) throw wrong;
  const resolved = target(value, reading, span);
  if (isMap(resolved)) return [value];
  if (!isSeq(value)) throw wrong;
  const items = [...value.items].reverse() as Node[];
  if (!items.every((item) => isMap(target(item, reading, span)))) throw wrong;
  return items;
}

function readKey(node: Node | null, reading: Reading, span: Span): { key: string; id: string } {
  const read = readNode(node, reading, span);
  if (read.kind === 'map' || read.kind === 'list') {
    const source = reading.text.slice(read.start, read.end);
    throw new Refusal(`yaml: invalid map key: ${source}`, read);
  }
  if (read.kind === 'null') return { key: 'null', id: 'null' };
  const key = String(read.value);
  return { key, id: read.kind === 'string' ? JSON.stringify(key) : key };
}

/** The number of repeated keys that are reported; the work for each grows with the text. */
const maxDuplicates = 100;

function addEntry(entries: Map<string, YamlEntry>, entry: YamlEntry, reading: Reading): void {
  if (reading.again === 'replaces' || !entries.has(entry.id)) {
    entries.set(entry.id, entry);
    return;
  }
  if (reading.duplicates.length >= maxDuplicates) return;
  const line = reading.text.slice(0, entry.value.start).split('\n').length;
  reading.duplicates.push({
    code: 'duplicate-key',
    message: `line ${line}: key ${entry.id} already set in map`,
    detail: `The key "${entry.key}" is written twice in one mapping. Keep one of the two, merge them, or begin the second entry of a list with "- ".`,
    span: entry.keySpan,
  });
}

function readPair(pair: Pair, entries: Map<string, YamlEntry>, reading: Reading): void {
  const keyNode = pair.key as Node | null;
  const keySpan = spanOf(keyNode, { start: 0, end: 0 });
  if (isMergeKey(keyNode)) {
    for (const source of mergeSources(pair.value as Node | null, reading, keySpan)) {
      const merged = readNode(source, reading, keySpan);
      for (const entry of merged.kind === 'map' ? merged.entries : []) {
        addEntry(entries, entry, reading);
      }
    }
    return;
  }
  const { key, id } = readKey(keyNode, reading, keySpan);
  const after = { start: keySpan.end, end: keySpan.end };
  const value = readNode(pair.value as Node | null, reading, after);
  if (id === 'null') {
    throw new Refusal('unsupported map key of type: %!s(<nil>), key: <nil>', keySpan);
  }
  addEntry(entries, { key, id, keySpan, value }, reading);
}

function readMap(node: Node, reading: Reading, span: Span): YamlMap {
  const entries = new Map<string, YamlEntry>();
  if (isMap(node)) for (const pair of node.items) readPair(pair as Pair, entries, reading);
  return { kind: 'map', entries: [...entries.values()], ...span };
}

/** Gives the share of all nodes that may come out of aliases. @see go-yaml v2, `allowedAliasRatio` */
function allowedShare(nodes: number): number {
  const { fewNodes, manyNodes, ofFew, ofMany } = aliases;
  if (nodes <= fewNodes) return ofFew;
  if (nodes >= manyNodes) return ofMany;
  return ofFew - (ofFew - ofMany) * ((nodes - fewNodes) / (manyNodes - fewNodes));
}

function countNode(reading: Reading, span: Span): void {
  reading.nodes += 1;
  if (reading.aliasDepth > 0) reading.aliasedNodes += 1;
  const { nodes, aliasedNodes } = reading;
  const isMostlyAliased =
    aliasedNodes > aliases.free && nodes > 1000 && aliasedNodes / nodes > allowedShare(nodes);
  if (isMostlyAliased || nodes > yamlLimits.tokens.most) {
    throw new Refusal('yaml: document contains excessive aliasing', span, 'yaml-limit');
  }
  if (reading.depth > yamlLimits.depth.most) {
    throw new Refusal(`yaml: exceeded max depth of ${yamlLimits.depth.most}`, span, 'yaml-limit');
  }
}

function readCollection(node: Node, reading: Reading, span: Span): YamlNode {
  if (isMap(node)) return readMap(node, reading, span);
  if (!isSeq(node)) return readScalar(node, reading, span);
  const items = node.items.map((item) => readNode(item as Node, reading, span));
  return { kind: 'list', items, ...span };
}

function readNode(node: Node | null, reading: Reading, fallback: Span): YamlNode {
  const span = spanOf(node, fallback);
  countNode(reading, span);
  if (!node) return { kind: 'null', ...span };
  const actual = target(node, reading, span);
  const anchor = isScalar(actual) || isMap(actual) || isSeq(actual) ? actual.anchor : undefined;
  if (anchor && actual === node) reading.anchors.set(anchor, actual);
  const aliased = Number(actual !== node);
  reading.open.add(actual);
  reading.aliasDepth += aliased;
  reading.depth += 1;
  try {
    return readCollection(actual, reading, span);
  } finally {
    reading.depth -= 1;
    reading.aliasDepth -= aliased;
    reading.open.delete(actual);
  }
}

const nowhere: Span = { start: 0, end: 0 };

function problemOf(thrown: unknown): YamlProblem {
  const isKnown = thrown instanceof Refusal || thrown instanceof ContentError;
  if (!isKnown) throw thrown;
  const code = thrown instanceof Refusal ? thrown.code : 'yaml-limit';
  const { message } = thrown;
  const detail = `The text cannot be read: ${message.replace(/\.$/, '')}.`;
  return { code, message, detail, span: thrown instanceof Refusal ? thrown.span : nowhere };
}

function readFirst(text: string, reading: Reading): YamlDocument {
  const document = firstDocument(text);
  const broken = syntaxProblem(text, document);
  if (broken) return { problems: [broken], refusal: broken.message };
  const root = readNode(document?.contents ?? null, reading, { start: 0, end: 0 });
  if (reading.duplicates.length === 0) return { root, problems: [] };
  const lines = reading.duplicates.map((found) => `\n  ${found.message}`).join('');
  return {
    root,
    problems: reading.duplicates,
    refusal: `yaml: unmarshal errors:${lines}`,
  };
}

/**
 * Reads the first document of a text as Go's sigs.k8s.io/yaml reads it in strict mode.
 *
 * Later documents are not even parsed; keys that are written twice are problems, unless they replace each other as in
 * lenient mode, and so is what JSON cannot say. Offsets count from the text as given, a byte-order mark included.
 * Limits: those of {@link yamlLimits}; a text past one of them is a problem like any other.
 * @see oc-mirror v2, §1.1 and §15.18
 */
export function readYaml(text: string, { again = 'refused' }: YamlReading = {}): YamlDocument {
  const reading: Reading = {
    text,
    again,
    anchors: new Map(),
    duplicates: [],
    open: new Set(),
    nodes: 0,
    aliasedNodes: 0,
    aliasDepth: 0,
    depth: 0,
  };
  try {
    return withinStack('The YAML text', yamlLimits.depth, () => readFirst(text, reading));
  } catch (thrown) {
    const problem = problemOf(thrown);
    return { problems: [problem, ...reading.duplicates], refusal: problem.message };
  }
}
