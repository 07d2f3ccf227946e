import type { JsonObject } from '../../base/index.ts';
import { type ImageSetKind, rootKey } from '../config.ts';
import type { Field, FieldType, StructType } from './types.ts';
import { schemas } from './v2alpha1.ts';

function typeSchema(type: FieldType): JsonObject {
  switch (type.kind) {
    case 'string':
      return { type: ['string', 'null'] };
    case 'bool':
      return { type: ['boolean', 'null'] };
    case 'int64':
      return { type: ['integer', 'null'] };
    case 'platform-type':
      return { enum: ['ocp', 'okd', null] };
    case 'list':
      return { type: ['array', 'null'], items: typeSchema(type.of) };
    case 'struct':
      return { type: ['object', 'null'], ...structSchema(type) };
  }
}

function structSchema(struct: StructType): JsonObject {
  const property = (field: Field): [string, JsonObject] => [
    field.name,
    { description: field.description, ...typeSchema(field.type) },
  ];
  return {
    additionalProperties: false,
    properties: Object.fromEntries(struct.fields.map(property)),
  };
}

/**
 * Gives the JSON Schema (draft 2020-12) of a kind of file, for editors.
 *
 * It says what the loader accepts by type and name, in the canonical spelling of keys; rules across fields are the
 * loader's alone.
 */
export function jsonSchema(kind: ImageSetKind): JsonObject {
  const { properties, ...closed } = structSchema(schemas[kind]);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:imageset-mirror:schema:${kind}:v2alpha1`,
    title: kind,
    type: 'object',
    ...closed,
    required: ['kind', rootKey(kind)],
    properties: {
      ...(properties as JsonObject),
      kind: { description: 'Kind of this file.', const: kind },
    },
  };
}
