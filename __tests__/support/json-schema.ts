/** A JSON Schema, or a part of one. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** The parts of a schema of valibot that say what it accepts. */
interface Described {
  readonly type: string;
  readonly requirement?: unknown;
  readonly pipe?: readonly Described[];
  readonly entries?: Readonly<Record<string, Described>>;
  readonly options?: readonly unknown[];
  readonly items?: readonly Described[];
  readonly item?: Described;
  readonly wrapped?: Described;
  readonly literal?: unknown;
}

const isOptional = ({ type }: Described) => type === 'exact_optional' || type === 'optional';

const converters: Readonly<Record<string, (one: Described, part: Convert) => JsonSchema>> = {
  string: () => ({ type: 'string' }),
  number: () => ({ type: 'number' }),
  boolean: () => ({ type: 'boolean' }),
  integer: () => ({ type: 'integer' }),
  min_value: ({ requirement }) => ({ minimum: requirement }),
  max_value: ({ requirement }) => ({ maximum: requirement }),
  max_length: ({ requirement }) => ({ maxLength: requirement }),
  regex: ({ requirement }) => ({ pattern: (requirement as RegExp).source.replaceAll('\\/', '/') }),
  literal: ({ literal }) => ({ const: literal }),
  picklist: ({ options }) => ({ enum: options }),
  array: ({ item }, part) => ({ type: 'array', items: part(item) }),
  strict_tuple: ({ items = [] }, part) => {
    return { type: 'array', prefixItems: items.map(part), minItems: items.length, items: false };
  },
  union: ({ options = [] }, part) => ({ oneOf: (options as Described[]).map(part) }),
  variant: ({ options = [] }, part) => ({ anyOf: (options as Described[]).map(part) }),
  exact_optional: ({ wrapped }, part) => part(wrapped),
  optional: ({ wrapped }, part) => part(wrapped),
  strict_object: ({ entries = {} }, part) => ({
    type: 'object',
    additionalProperties: false,
    required: Object.keys(entries).filter((key) => !isOptional(entries[key] as Described)),
    properties: Object.fromEntries(Object.entries(entries).map(([key, one]) => [key, part(one)])),
  }),
};

type Convert = (schema: Described | undefined) => JsonSchema;

function converted(schema: Described, part: Convert): JsonSchema {
  const steps = schema.pipe?.map((step) => converters[step.type]) ?? [converters[schema.type]];
  const of = schema.pipe ?? [schema];
  return Object.assign(
    {},
    ...steps.map((convert, index) => {
      if (!convert) throw new Error(`no JSON Schema for ${of[index]?.type}`);
      return convert(of[index] as Described, part);
    }),
  );
}

/** Gives the JSON Schema (draft 2020-12) of a schema of valibot; `parts` are defined once, by name. */
export function toJsonSchema(schema: object, parts: Readonly<Record<string, object>>): JsonSchema {
  const names = new Map(Object.entries(parts).map(([name, part]) => [part, name]));
  const part: Convert = (one) => {
    if (!one) throw new Error('a part is missing');
    const name = names.get(one);
    return name === undefined ? converted(one, part) : { $ref: `#/$defs/${name}` };
  };
  const define = ([name, one]: [string, object]) => [name, converted(one as Described, part)];
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    ...converted(schema as Described, part),
    $defs: Object.fromEntries(Object.entries(parts).map(define)),
  };
}

/** Writes JSON as the formatter of this repository does: short lists on one line. */
export function formatJson(json: unknown): string {
  return JSON.stringify(json, null, 2).replaceAll(/\[[^[\]{}]*\]/g, (list) => {
    const line = list.replaceAll(/\s+/g, ' ').replace('[ ', '[').replace(' ]', ']');
    return line.length > 80 ? list : line;
  });
}
