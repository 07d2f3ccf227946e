import { compareText } from '../../base/index.ts';
import type { FieldType, StructType } from './types.ts';

/** Gives the number of single edits (insert, delete, replace, swap of neighbours) between two words. */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      const steps = [
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      ];
      const swapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) steps.push((beforeLast[column - 2] ?? 0) + 1);
      current.push(Math.min(...steps));
    }
    beforeLast = last;
    last = current;
  }
  return last[b.length] ?? 0;
}

/** Gives the known name that a misspelt one is most likely meant to be; at most a third of it may differ. */
export function nearestName(misspelt: string, known: readonly string[]): string | undefined {
  const bare = (name: string) => name.toLowerCase().replaceAll(/[-_]/g, '');
  const ranked = known
    .filter((name) => misspelt.length <= 2 * name.length + 2)
    .map((name) => ({ name, distance: editDistance(bare(misspelt), bare(name)) }))
    .filter(({ name, distance }) => distance <= Math.max(1, Math.floor(name.length / 3)))
    .sort((a, b) => a.distance - b.distance || compareText(a.name, b.name));
  return ranked[0]?.name;
}

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
