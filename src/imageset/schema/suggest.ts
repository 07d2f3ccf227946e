import type { Field, FieldType, StructType } from './types.ts';

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
