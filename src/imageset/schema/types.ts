/** The type of a field, by the name that Go's decoder uses. */
export type FieldType =
  | { readonly kind: 'string' }
  | { readonly kind: 'bool' }
  | { readonly kind: 'int64' }
  /** `ocp` or `okd`; any other text silently means `ocp`. */
  | { readonly kind: 'platform-type' }
  | { readonly kind: 'list'; readonly of: FieldType }
  | StructType;

/** One key of a mapping. */
export interface Field {
  readonly name: string;
  readonly type: FieldType;
  readonly description: string;
  /** Decoded to its zero value when absent; all other fields are then left out. */
  readonly always?: true;
  /** Written as null when absent. */
  readonly writtenAsNull?: true;
  /** Name of the Go struct that is embedded here; it appears in Go's messages. */
  readonly embedded?: string;
}

/** A mapping with a closed set of keys; `goName` as it appears in Go's messages. */
export interface StructType {
  readonly kind: 'struct';
  readonly goName: string;
  readonly fields: readonly Field[];
}

/** Names a type as Go prints it: `string`, `[]v2alpha1.Operator`. */
export function goTypeName(type: FieldType): string {
  if (type.kind === 'list') return `[]${goTypeName(type.of)}`;
  if (type.kind === 'struct') return `v2alpha1.${type.goName}`;
  return type.kind === 'platform-type' ? 'string' : type.kind;
}

/** Names a type for people. */
export function plainTypeName(type: FieldType): string {
  const names: Record<FieldType['kind'], string> = {
    string: 'a text',
    bool: 'true or false',
    int64: 'a whole number',
    'platform-type': '"ocp" or "okd"',
    list: 'a list',
    struct: 'a mapping',
  };
  return names[type.kind];
}

function inner(type: FieldType): { readonly struct?: StructType; readonly suffix: string } {
  if (type.kind === 'struct') return { struct: type, suffix: '' };
  if (type.kind !== 'list') return { suffix: '' };
  const { struct, suffix } = inner(type.of);
  return struct ? { struct, suffix: `[]${suffix}` } : { suffix: '' };
}

/** A field and where the schema has it: `mirror.operators[].packages`. */
export interface PlacedField {
  readonly field: Field;
  readonly path: string;
}

/** Gives the fields of a name, whatever its case, wherever the schema has one. */
export function fieldsNamed(name: string, struct: StructType, prefix = ''): PlacedField[] {
  return struct.fields.flatMap((field) => {
    const path = `${prefix}${field.name}`;
    const { struct: nested, suffix } = inner(field.type);
    const own = field.name.toLowerCase() === name.toLowerCase() ? [{ field, path }] : [];
    return nested ? [...own, ...fieldsNamed(name, nested, `${path}${suffix}.`)] : own;
  });
}
