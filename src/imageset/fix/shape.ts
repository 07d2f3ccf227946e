import { isMap, isScalar, isSeq, type Node, type Scalar, type YAMLMap } from 'yaml';
import { editDistance } from '../../base/index.ts';
import { findEntry, replaceInside, resolveScalar } from '../../yaml/index.ts';
import { type ImageSetKind, rootKey } from '../config.ts';
import { legacyField } from '../legacy.ts';
import {
  type Field,
  type FieldType,
  fieldsNamed,
  findField,
  type StructType,
  schemas,
} from '../schema/index.ts';
import { mendLegacy } from './legacy.ts';
import { type Draft, drop, type Mend, rename, rewrite, type Site } from './mend.ts';
import { textValue } from './versions.ts';

function quote(draft: Draft, node: Scalar): Mend[] {
  const kind = resolveScalar(String(node.value))?.kind;
  if (node.type !== 'PLAIN' || (kind !== 'number' && kind !== 'bool')) return [];
  const reason = `${String(node.value)} is in quotes now: without them YAML reads a ${kind === 'bool' ? 'boolean' : 'number'}`;
  return rewrite(node, textValue(draft.text, node), reason);
}

const bare: Partial<Record<FieldType['kind'], RegExp>> = {
  bool: /^(?:true|false)$/i,
  int64: /^-?(?:0|[1-9]\d{0,17})$/,
};

function unquote(node: Scalar, type: FieldType): Mend[] {
  const value = String(node.value);
  if (node.type !== 'QUOTE_DOUBLE' && node.type !== 'QUOTE_SINGLE') return [];
  if (!bare[type.kind]?.test(value)) return [];
  return rewrite(node, value.toLowerCase(), `${value} is without quotes now: it is no text in v2`);
}

function enlist(draft: Draft, node: Scalar, type: FieldType & { kind: 'list' }): Mend[] {
  const isPlainText = type.of.kind === 'string' && /^[\w./:-]+$/.test(String(node.value));
  if (!isPlainText) return [];
  return rewrite(node, `[${textValue(draft.text, node)}]`, `${String(node.value)} is a list now`);
}

/** Mends a scalar that has another type than its field: a number where a text belongs, and the like. */
function mendScalar(draft: Draft, node: Node | null, type: FieldType): Mend[] {
  if (!isScalar(node) || node.tag !== undefined) return [];
  if (type.kind === 'list') return enlist(draft, node, type);
  return type.kind === 'string' || type.kind === 'platform-type'
    ? quote(draft, node)
    : unquote(node, type);
}

function canHold({ type }: Field, { value }: Site): boolean {
  if (type.kind === 'list') return isSeq(value);
  return type.kind === 'struct' ? isMap(value) : isScalar(value);
}

const bareName = (name: string) => name.toLowerCase().replaceAll(/[-_ ]/g, '');

/** Finds the one field that a misspelt key can only mean; none where a second one is as near. */
function nearestField(struct: StructType, key: string): Field | undefined {
  const ranked = struct.fields
    .map((field) => ({ field, distance: editDistance(bareName(key), bareName(field.name)) }))
    .sort((a, b) => a.distance - b.distance);
  const [best, second] = ranked;
  // One letter may be wrong in a short name, two in a longer one.
  if (!best || best.distance > (best.field.name.length < 6 ? 1 : 2)) return undefined;
  return second && second.distance <= best.distance ? undefined : best.field;
}

/** Mends a key that can only mean one field, which the mapping does not have yet and which can hold the value. */
function mendMisspelt(site: Site): { readonly mends: Mend[]; readonly field?: Field } {
  // A key that has a place elsewhere in the file is indented wrongly, not misspelt.
  const isKnown = Object.values(schemas).some((one) =>
    fieldsNamed(site.key, one).some(({ field }) => canHold(field, site)),
  );
  const field = isKnown ? undefined : nearestField(site.struct, site.key);
  if (!field || site.has(field.name) || !canHold(field, site)) return { mends: [] };
  const mends = rename(site, field.name, `"${site.key}" is now ${field.name}: it was misspelt`);
  return { mends, field };
}

/** Fields that oc-mirror accepts and never looks at, and what to say of them. */
const unused: ReadonlyMap<string, string> = new Map([
  ['Mirror.samples', 'v2 mirrors no samples; list their images below additionalImages'],
  ['Delete.samples', 'v2 mirrors no samples'],
  ['Operator.skipDependencies', 'v2 never resolves dependencies'],
]);

/** An entry of a mapping. */
interface Entry {
  readonly key: Node | null;
  readonly value: Node | null;
}

function siteOf(draft: Draft, map: YAMLMap, index: number): Omit<Site, 'struct'> | undefined {
  const { key, value } = map.items[index] as Entry;
  if (!isScalar(key) || key.value === '<<') return undefined;
  return {
    ...draft,
    map,
    key: String(key.value ?? ''),
    keyNode: key,
    value,
    has: (name) => findEntry(map, name) !== undefined,
  };
}

function isEmpty(node: Node | null): boolean {
  return node === null || (isScalar(node) && node.type === 'PLAIN' && !node.value);
}

/** Deletes a key that is written again and adds nothing; `same` are all entries of this key. */
function mendRepeated(site: Site, same: readonly Entry[]): Mend[] {
  const source = ({ value }: Entry) => site.text.slice(...(value?.range ?? [0, 0])).trim();
  const [first] = same;
  const isFirst = first?.key === site.keyNode;
  const isBare = isEmpty(site.value) && same.some(({ value }) => !isEmpty(value));
  const isRepeated =
    first !== undefined &&
    !isFirst &&
    source({ key: site.keyNode, value: site.value }) === source(first);
  if (!isBare && !isRepeated) return [];
  const other = isBare ? 'with a value' : 'with the same value';
  return drop(site, `"${site.key}" is deleted here: the mapping has it once more, ${other}`);
}

function mendValue(draft: Draft, node: Node | null, type: FieldType): Mend[] {
  if (type.kind === 'struct' && isMap(node)) return mendMap(draft, node, type);
  if (type.kind === 'list' && isSeq(node)) {
    return node.items.flatMap((item) => mendValue(draft, item as Node | null, type.of));
  }
  return mendScalar(draft, node, type);
}

function mendUnknown(site: Site): Mend[] {
  const legacy = legacyField(site.key, site.struct.goName);
  if (!legacy) {
    const { mends, field } = mendMisspelt(site);
    return field ? [...mends, ...mendValue(site, site.value, field.type)] : mends;
  }
  const mends = mendLegacy(site, legacy);
  const field = legacy.renamed && findField(site.struct, legacy.renamed);
  // The content of a renamed field keeps its meaning; where the new name is taken, the content is not touched.
  const isSame = field && mends.length > 0 && legacy.mending === undefined;
  return isSame ? [...mends, ...mendValue(site, site.value, field.type)] : mends;
}

function mendEntry(site: Site): Mend[] {
  const field = findField(site.struct, site.key);
  if (!field) return mendUnknown(site);
  const idle = unused.get(`${site.struct.goName}.${field.name}`);
  if (idle !== undefined) return drop(site, `"${site.key}" is deleted: ${idle}`);
  return mendValue(site, site.value, field.type);
}

function groupByKey(map: YAMLMap): ReadonlyMap<string, readonly Entry[]> {
  const entries = (map.items as Entry[]).filter(({ key }) => isScalar(key));
  return Map.groupBy(entries, ({ key }) => String(isScalar(key) ? key.value : ''));
}

function mendMap(draft: Draft, map: YAMLMap, struct: StructType): Mend[] {
  const groups = groupByKey(map);
  return map.items.flatMap((_, index) => {
    const found = siteOf(draft, map, index);
    if (!found) return [];
    const site = { ...found, struct };
    const same = groups.get(site.key) ?? [];
    const repeated = same.length > 1 ? mendRepeated(site, same) : [];
    return repeated.length > 0 ? repeated : mendEntry(site);
  });
}

function mendHead(draft: Draft, root: YAMLMap, kind: ImageSetKind): Mend[] {
  const version = findEntry(root, 'apiVersion')?.value;
  const found: Mend[] = [];
  const latest = 'mirror.openshift.io/v2alpha1';
  if (isScalar(version) && !isEmpty(version) && version.value !== latest) {
    const reason = `apiVersion is now ${latest}: v2 reads every other one as this`;
    const at = version.range?.[0] ?? 0;
    found.push({ ...replaceInside(draft.text, version, latest), at, reason });
  }
  for (const name of ['kind', rootKey(kind)]) {
    const pair = findEntry(root, name);
    if (!pair || !isScalar(pair.key) || pair.key.value === name) continue;
    found.push(
      ...rename(
        { ...draft, keyNode: pair.key },
        name,
        `"${pair.key.value}" is now ${name}: case counts here`,
      ),
    );
  }
  return found;
}

/** Mends keys and types, each by itself: fields of v1, misspelt keys, what has to be in quotes. */
export function mendShape(draft: Draft, kind: ImageSetKind): Mend[] {
  const root = draft.document.contents;
  if (!isMap(root)) return [];
  return [...mendHead(draft, root, kind), ...mendMap(draft, root, schemas[kind])];
}
