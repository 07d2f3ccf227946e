import { ConfigError } from '../errors.ts';
import { isRecord } from './json.ts';
import { atMost, checkLimit } from './limit.ts';

/** A path may fork at each step. */
const matches = atMost(
  100_000,
  'values at one path',
  'Paths lead to the images of one object, which has a few dozen.',
);

/** One step from a value to some values below it. */
type Step =
  | { readonly kind: 'keys'; readonly keys: readonly string[] }
  | { readonly kind: 'all' }
  | { readonly kind: 'slice'; readonly from?: number; readonly to?: number; readonly by: number }
  | { readonly kind: 'indexes'; readonly indexes: readonly number[] }
  | { readonly kind: 'deep' }
  | { readonly kind: 'filter'; readonly filter: Filter };

/** A comparison of something below each value of a list with a text; without one, whether it is there. */
interface Filter {
  readonly steps: readonly Step[];
  readonly operator?: '==' | '!=';
  readonly operand?: string;
}

/** A parsed path: the steps of each of its `{…}`. */
export type JsonPath = readonly (readonly Step[])[];

/** A text that is read from its beginning. */
interface Reading {
  readonly whole: string;
  rest: string;
}

function refuse({ whole, rest }: Reading): ConfigError {
  const where = rest === '' ? 'its end' : `"${rest.slice(0, 40)}"`;
  return new ConfigError('CONFIG_INVALID', `failed to parse ${whole}: not understood at ${where}`, {
    hint: 'A path is written like {.spec.template.spec.custom[*].image}. Keys, [*], indexes, slices, "..", and filters with == and != are understood; range, functions and other operators are not.',
  });
}

/** Takes what a pattern matches off the beginning; `undefined` when it does not match there. */
function take(reading: Reading, pattern: RegExp): readonly string[] | undefined {
  const found = pattern.exec(reading.rest);
  if (!found) return undefined;
  reading.rest = reading.rest.slice(found[0].length);
  return found.map((group) => group ?? '');
}

const quoted = String.raw`'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"`;
const patterns = {
  deep: /^\.\.(?=[^.])/,
  star: /^\.?(?:\*|\[\s*\*\s*\])/,
  // A key may have dots that are escaped.
  key: /^\.((?:[^\s.[\]{}()*$@'"=!<>|,\\]|\\.)+)/,
  plainKey: /^((?:[^\s.[\]{}()*$@'"=!<>|,\\]|\\.)+)/,
  names: new RegExp(String.raw`^\[\s*((?:${quoted})(?:\s*,\s*(?:${quoted}))*)\s*\]`),
  indexes: /^\[\s*(-?\d+(?:\s*,\s*-?\d+)*)\s*\]/,
  slice: /^\[\s*(-?\d*)\s*:\s*(-?\d*)\s*(?::\s*(\d*)\s*)?\]/,
  filter: /^\[\?\(\s*@/,
  comparison: new RegExp(String.raw`^\s*(==|!=)\s*(${quoted}|[\w.+-]+)\s*`),
  filterEnd: /^\s*\)\]/,
};

function unquote(text: string): string {
  const isQuoted = /^['"]/.test(text);
  return (isQuoted ? text.slice(1, -1) : text).replaceAll(/\\(.)/g, '$1');
}

function numberIn(text: string | undefined): number | undefined {
  return text === undefined || text === '' ? undefined : Number(text);
}

function sliceOf([, from, to, by]: readonly string[]): Step {
  const [start, end] = [numberIn(from), numberIn(to)];
  return {
    kind: 'slice',
    ...(start !== undefined && { from: start }),
    ...(end !== undefined && { to: end }),
    by: Math.max(1, numberIn(by) ?? 1),
  };
}

function parseFilter(reading: Reading): Step {
  const steps = parseSteps(reading);
  const [, operator, operand] = take(reading, patterns.comparison) ?? [];
  if (!take(reading, patterns.filterEnd)) throw refuse(reading);
  if (operator === undefined || operand === undefined) return { kind: 'filter', filter: { steps } };
  const word = operator === '==' ? '==' : '!=';
  return { kind: 'filter', filter: { steps, operator: word, operand: unquote(operand) } };
}

function parseBracket(reading: Reading): Step | undefined {
  const names = take(reading, patterns.names);
  if (names) {
    const each = (names[1] ?? '').match(new RegExp(quoted, 'g')) ?? [];
    return { kind: 'keys', keys: each.map(unquote) };
  }
  const indexes = take(reading, patterns.indexes);
  if (indexes) return { kind: 'indexes', indexes: (indexes[1] ?? '').split(',').map(Number) };
  const slice = take(reading, patterns.slice);
  if (slice) return sliceOf(slice);
  return take(reading, patterns.filter) ? parseFilter(reading) : undefined;
}

function parseStep(reading: Reading, isAfterDeep: boolean): Step | undefined {
  if (take(reading, patterns.deep)) return { kind: 'deep' };
  if (take(reading, patterns.star)) return { kind: 'all' };
  const key = take(reading, isAfterDeep ? patterns.plainKey : patterns.key);
  if (key) return { kind: 'keys', keys: [unquote(key[1] ?? '')] };
  return parseBracket(reading);
}

function parseSteps(reading: Reading): readonly Step[] {
  const steps: Step[] = [];
  for (;;) {
    const step = parseStep(reading, steps.at(-1)?.kind === 'deep');
    if (!step) return steps;
    steps.push(step);
  }
}

/**
 * Reads a path into decoded JSON.
 *
 * Shape: the JSONPath of kubectl, `{.spec.template.spec.custom[*].image}`, one or more of them; text between the braces does
 * not count, and braces around a single one may be missing. Keys, `[*]`, indexes, slices, `..` and filters with `==`, `!=` or
 * neither are understood.
 * @throws ConfigError `CONFIG_INVALID`, with the place that is not understood
 * @see kubernetes.io, "JSONPath Support"
 */
export function parseJsonPath(text: string): JsonPath {
  const isBare = /^[.$[][^{}]*$/.test(text);
  const groups = isBare
    ? [text.trim()]
    : [...text.matchAll(/\{([^{}]*)\}/g)].map(([, inner = '']) => inner.trim());
  const paths = groups.filter((inner) => !new RegExp(`^(?:${quoted})$`).test(inner));
  if (paths.length === 0) throw refuse({ whole: text, rest: text });
  return paths.map((inner) => {
    const reading = { whole: text, rest: inner.replace(/^[$@]/, '') };
    const steps = parseSteps(reading);
    if (reading.rest.trim() !== '' || steps.length === 0) throw refuse(reading);
    return steps;
  });
}

function valuesBelow(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  return isRecord(value) ? Object.values(value) : [];
}

/** Gives a value and everything below it; the reader of the document bounded its depth. */
function withAllBelow(value: unknown): unknown[] {
  return [value, ...valuesBelow(value).flatMap(withAllBelow)];
}

function isMet({ steps, operator, operand }: Filter, value: unknown): boolean {
  const found = follow(steps, [value]);
  if (operator === undefined) return found.length > 0;
  const isEqual = found.some((one) => String(one) === operand);
  return operator === '==' ? isEqual : found.length > 0 && !isEqual;
}

function stepFrom(value: unknown, step: Step): unknown[] {
  switch (step.kind) {
    case 'all':
      return valuesBelow(value);
    case 'deep':
      return withAllBelow(value);
    case 'keys':
      return isRecord(value)
        ? step.keys.flatMap((key) => (Object.hasOwn(value, key) ? [value[key]] : []))
        : [];
    case 'indexes':
      return Array.isArray(value)
        ? step.indexes.flatMap((index) => (value.at(index) === undefined ? [] : [value.at(index)]))
        : [];
    case 'slice':
      return Array.isArray(value)
        ? value.slice(step.from, step.to).filter((_, index) => index % step.by === 0)
        : [];
    case 'filter':
      return Array.isArray(value) ? value.filter((one) => isMet(step.filter, one)) : [];
  }
}

function follow(steps: readonly Step[], values: readonly unknown[]): readonly unknown[] {
  return steps.reduce((found, step) => {
    const next = found.flatMap((value) => stepFrom(value, step));
    checkLimit('The path', next.length, matches);
    return next;
  }, values);
}

/** Gives the values at a path, none where a key is missing. */
export function evaluatePath(path: JsonPath, document: unknown): unknown[] {
  return path.flatMap((steps) => follow(steps, [document]));
}
