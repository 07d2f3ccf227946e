import { Document, Scalar, visit } from 'yaml';
import { resolveScalar } from '../yaml/index.ts';
import { type ImageSetKind, type MirrorSpec, rootKey } from './config.ts';
import { type FieldType, type StructType, schemas } from './schema/index.ts';

function isEmpty(value: unknown): boolean {
  return (
    value === undefined ||
    value === '' ||
    value === false ||
    value === 0 ||
    (Array.isArray(value) && value.length === 0) ||
    (typeof value === 'object' && value !== null && Object.keys(value).length === 0)
  );
}

function written(value: unknown, type: FieldType): unknown {
  if (type.kind === 'struct') return writtenStruct((value ?? {}) as Record<string, unknown>, type);
  if (type.kind === 'list' && Array.isArray(value)) {
    return value.map((item) => written(item, type.of));
  }
  return value;
}

function writtenStruct(value: Record<string, unknown>, struct: StructType) {
  const entries = struct.fields.flatMap((field): [string, unknown][] => {
    const inner = value[field.name];
    const nested = inner === undefined ? undefined : written(inner, field.type);
    if (field.writtenAsNull) return [[field.name, nested ?? null]];
    if (field.always) return [[field.name, nested ?? '']];
    return isEmpty(nested) ? [] : [[field.name, nested]];
  });
  return Object.fromEntries(entries);
}

/**
 * Writes an image set file as oc-mirror writes its pinned ones.
 *
 * Keys stand in alphabetical order, lists at the indentation of their key; `type` of a release channel is always
 * written, `packages` and `charts` that are absent as null. Zero values are left out.
 * @see oc-mirror v2, §1.6
 */
export function formatImageSet(kind: ImageSetKind, spec: MirrorSpec, archiveSize?: number): string {
  const root = schemas[kind];
  const document = {
    kind,
    apiVersion: 'mirror.openshift.io/v2alpha1',
    [rootKey(kind)]: spec,
    archiveSize,
  };
  const yaml = new Document(
    { [rootKey(kind)]: {}, ...writtenStruct(document, root) },
    { version: '1.1', sortMapEntries: true, aliasDuplicateObjects: false },
  );
  visit(yaml, {
    Scalar(_, node) {
      // Go's reader would not read these values as text.
      if (typeof node.value === 'string' && resolveScalar(node.value)?.kind !== 'string') {
        node.type = Scalar.QUOTE_DOUBLE;
      }
    },
  });
  return yaml.toString({ indentSeq: false, lineWidth: 0, singleQuote: true });
}
