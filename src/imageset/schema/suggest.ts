import type { FieldType, StructType } from './types.ts';

function inner(type: FieldType): { readonly struct?: StructType; readonly suffix: string } {
  if (type.kind === 'struct') return { struct: type, suffix: '' };
  if (type.kind !== 'list') return { suffix: '' };
  const { struct, suffix } = inner(type.of);
  return struct ? { struct, suffix: `[]${suffix}` } : { suffix: '' };
}

/** Gives the paths at which the schema has a field of this name: `mirror.operators[].packages`. */
export function pathsOfField(name: string, struct: StructType, prefix = ''): string[] {
  return struct.fields.flatMap((field) => {
    const path = `${prefix}${field.name}`;
    const { struct: nested, suffix } = inner(field.type);
    const own = field.name.toLowerCase() === name.toLowerCase() ? [path] : [];
    return nested ? [...own, ...pathsOfField(name, nested, `${path}${suffix}.`)] : own;
  });
}
