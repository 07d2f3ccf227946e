import { isScalar, type Node, type Scalar } from 'yaml';
import { resolveScalar } from '../../yaml/index.ts';
import type { FieldType } from '../schema/index.ts';
import { type Draft, type Mend, rewrite } from './mend.ts';
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
export function mendScalar(draft: Draft, node: Node | null, type: FieldType): Mend[] {
  if (!isScalar(node) || node.tag !== undefined) return [];
  if (type.kind === 'list') return enlist(draft, node, type);
  return type.kind === 'string' || type.kind === 'platform-type'
    ? quote(draft, node)
    : unquote(node, type);
}
