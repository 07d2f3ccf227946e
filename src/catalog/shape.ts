import { isRecord, type JsonObject } from '../base/index.ts';
/** The required form of a JSON value: a text, anything, a list of one form, or an object with known keys. */
export type Shape = 'text' | 'any' | readonly [Shape] | ObjectShape;

/** Known keys and their forms; other keys may hold anything. */
export interface ObjectShape {
  readonly [key: string]: Shape;
}

const properties: Shape = [{ type: 'text', value: 'any' }];

const common = { schema: 'text', name: 'text', package: 'text', properties } as const;

const shapes: ReadonlyMap<string, ObjectShape> = new Map(
  Object.entries<ObjectShape>({
    'olm.package': {
      schema: 'text',
      name: 'text',
      defaultChannel: 'text',
      description: 'text',
      icon: { base64data: 'text', mediatype: 'text' },
      properties,
    },
    'olm.channel': {
      ...common,
      entries: [{ name: 'text', replaces: 'text', skips: ['text'], skipRange: 'text' }],
    },
    'olm.bundle': {
      ...common,
      image: 'text',
      relatedImages: [{ name: 'text', image: 'text' }],
    },
    'olm.deprecations': {
      schema: 'text',
      package: 'text',
      entries: [{ reference: { schema: 'text', name: 'text' }, message: 'text' }],
    },
  }),
);

function knownName(key: string, shape: ObjectShape): string {
  if (Object.hasOwn(shape, key)) return key;
  const folded = key.toLowerCase();
  return Object.keys(shape).find((known) => known.toLowerCase() === folded) ?? key;
}

function innerShape(shape: ObjectShape, name: string): Shape {
  return Object.hasOwn(shape, name) ? (shape[name] ?? 'any') : 'any';
}

/** Tells whether the value has its form already; this common case needs no copy. */
function isAsItShouldBe(value: unknown, shape: Shape): boolean {
  if (shape === 'any' || value === null) return true;
  if (shape === 'text') return typeof value === 'string';
  if (!isRecord(shape)) {
    const [inner] = shape;
    return Array.isArray(value) && value.every((one) => one !== null && isAsItShouldBe(one, inner));
  }
  if (!isRecord(value)) return false;
  return Object.keys(value).every(
    (key) => knownName(key, shape) === key && isAsItShouldBe(value[key], innerShape(shape, key)),
  );
}

/** Go reads a `null` in a list as the empty value of its type. */
function emptyOf(shape: Shape): unknown {
  if (shape === 'text') return '';
  return isRecord(shape) ? {} : null;
}

function fitList(value: readonly unknown[], shape: Shape, place: string): readonly unknown[] {
  return value.map((one, index) =>
    one === null ? emptyOf(shape) : readAs(one, shape, `${place}[${index}]`),
  );
}

function fitObject(value: JsonObject, shape: ObjectShape, place: string): JsonObject {
  const pairs = Object.entries(value).map(([key, held]) => {
    const name = knownName(key, shape);
    const inner = innerShape(shape, name);
    return [name, readAs(held, inner, place === '' ? name : `${place}.${name}`)] as const;
  });
  return Object.fromEntries(pairs);
}

/**
 * Reads a JSON value as Go does: known keys may have any case and get their proper one; `null` counts as absent.
 *
 * Gives `value` itself if nothing has to change.
 * @throws Error whose message names the fault and its place.
 */
export function readAs(value: unknown, shape: Shape, place = ''): unknown {
  if (shape === 'any' || isAsItShouldBe(value, shape)) return value;
  if (shape === 'text') throw new Error(`"${place}" is not a text`);
  if (!isRecord(shape)) {
    if (!Array.isArray(value)) throw new Error(`"${place}" is not a list`);
    return fitList(value, shape[0], place);
  }
  if (!isRecord(value)) throw new Error(`"${place}" is not an object`);
  return fitObject(value, shape, place);
}

/** Reads a document of a catalog; other schemas than OLM's may hold anything. @throws Error */
export function readDocument(value: JsonObject, schema: string): JsonObject {
  const shape = shapes.get(schema);
  return shape ? (readAs(value, shape) as JsonObject) : value;
}
