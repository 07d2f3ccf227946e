import { isMap, isScalar, isSeq } from 'yaml';
import { editDistance } from '../../base/index.ts';
import { type Field, fieldsNamed, type StructType, schemas } from '../schema/index.ts';
import { type Mend, rename, type Site } from './mend.ts';

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
export function mendMisspelt(site: Site): { readonly mends: Mend[]; readonly field?: Field } {
  // A key that has a place elsewhere in the file is indented wrongly, not misspelt.
  const isKnown = Object.values(schemas).some((one) =>
    fieldsNamed(site.key, one).some(({ field }) => canHold(field, site)),
  );
  const field = isKnown ? undefined : nearestField(site.struct, site.key);
  if (!field || site.has(field.name) || !canHold(field, site)) return { mends: [] };
  const mends = rename(site, field.name, `"${site.key}" is now ${field.name}: it was misspelt`);
  return { mends, field };
}
