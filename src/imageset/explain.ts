import { nearestNames } from '../base/index.ts';
import type { Diagnostic } from '../diagnostic.ts';
import type { YamlNode } from '../yaml/index.ts';
import { formatYamlPath } from './config.ts';
import { typographicFault } from './image-spec.ts';
import { type LegacyField, legacyField } from './legacy.ts';
import type { Locator } from './position.ts';
import {
  type DecodeProblem,
  fieldsNamed,
  plainTypeName,
  type StructType,
  schemas,
  type UnknownField,
  type WrongType,
} from './schema/index.ts';

type Explanation = Omit<Diagnostic, 'severity' | 'at'>;

/** Advice in a sentence, and the text to write. */
interface Mending {
  readonly text: string;
  readonly fix?: string;
}

/** A scalar keeps its value under its new name. */
function legacyFix({ renamed, fix }: LegacyField, value: YamlNode): { readonly fix?: string } {
  if (renamed === undefined) return fix === undefined ? {} : { fix };
  return { fix: value.kind === 'string' ? `${renamed}: ${value.value}` : `${renamed}:` };
}

function legacy(problem: UnknownField, path: string): Explanation | undefined {
  const found = legacyField(problem.key, problem.struct.goName);
  if (!found) return undefined;
  return {
    code: 'legacy-field',
    summary: 'The field is of oc-mirror v1; oc-mirror v2 refuses the file.',
    detail: `${path}: ${found.detail}`,
    ...legacyFix(found, problem.value),
    text: problem.key,
  };
}

/** Keys of objects of a cluster, which an image set looks like and is not. */
const objectKeys: ReadonlyMap<string, string> = new Map([
  ['metadata', 'An image set has neither name nor labels: delete the block.'],
  ['spec', 'An image set has no spec: move what is below it to the beginning of the line.'],
]);

function advice(problem: UnknownField & DecodeProblem): Mending {
  if (problem.path.length === 1 && /^(?:mirror|delete)$/i.test(problem.key)) {
    return { text: 'It belongs to a file of the other kind; write two files.' };
  }
  const asObject = problem.path.length === 1 ? objectKeys.get(problem.key) : undefined;
  if (asObject !== undefined) return { text: asObject };
  const known = problem.struct.fields.map((field) => field.name);
  if (problem.key === 'version' && known.includes('minVersion')) {
    const version = problem.value.kind === 'string' ? problem.value.value : '<version>';
    return {
      text: 'One version is a range with two equal ends.',
      fix: `minVersion: ${version}\nmaxVersion: ${version}`,
    };
  }
  const near = nearestNames(problem.key, known)[0];
  if (near) return { text: `Did you mean "${near}"?`, fix: `${near}:` };
  const root =
    problem.path[0] === 'delete' ? 'DeleteImageSetConfiguration' : 'ImageSetConfiguration';
  const places = fieldsNamed(problem.key, schemas[root]).map(({ path }) => path);
  const elsewhere = places.slice(0, 3).join(', ');
  if (elsewhere) return { text: `It is known at ${elsewhere}: check the indentation.` };
  return { text: `Known here: ${known.join(', ')}.` };
}

function unknownField(problem: UnknownField & DecodeProblem, path: string): Explanation {
  const { text, fix } = advice(problem);
  return {
    code: 'unknown-field',
    summary: 'The field is unknown; oc-mirror refuses the file.',
    detail: `${path}: there is no field "${problem.key}" here. ${text}`,
    ...(fix && { fix }),
    text: problem.key,
  };
}

function written(node: YamlNode): string {
  if (node.kind === 'list') return 'a list';
  if (node.kind === 'map') return 'a mapping';
  return node.kind === 'null' ? 'nothing' : `the ${node.kind} ${node.value}`;
}

function mendScalar(problem: WrongType, source: string, key: string): Mending | undefined {
  const { expected, found } = problem;
  if (expected.kind === 'list') {
    return { text: 'Write one entry per line, each after "- ".', fix: `${key}:\n  - ${source}` };
  }
  if (expected.kind === 'string' || expected.kind === 'platform-type') {
    const why =
      found.kind === 'bool'
        ? `YAML 1.1 reads an unquoted ${source} as a boolean`
        : 'it is unquoted';
    return {
      text: `Put it in quotes: ${why}.`,
      fix: key ? `${key}: "${source}"` : `- "${source}"`,
    };
  }
  const meant = { bool: /^(?:true|false|yes|no|on|off)$/i, int64: /^-?\d+$/, struct: undefined };
  if (found.kind !== 'string' || !meant[expected.kind]?.test(found.value)) return undefined;
  return { text: 'Write it without quotes.', fix: `${key}: ${found.value}` };
}

/** A text stands where a mapping belongs: mostly the value of its first key. */
function namedEntry({ fields }: StructType, source: string): Mending {
  const odd = typographicFault(source);
  if (odd !== undefined) return { text: odd };
  if (/^\w+:\S/.test(source)) return { text: 'Write a blank behind the ":".' };
  if (!fields.some(({ name }) => name === 'name')) return { text: 'Write a mapping.' };
  return { text: 'Write its key too.', fix: `- name: ${source}` };
}

function mend(problem: WrongType, source: string, key: string): Mending {
  const { expected, found } = problem;
  const fallback = { text: `Write ${plainTypeName(expected)}.` };
  if (expected.kind === 'struct' && found.kind === 'string') return namedEntry(expected, source);
  if (found.kind === 'map') {
    if (expected.kind !== 'list') return fallback;
    return { text: 'Begin each entry with "- ".', fix: `${key}:\n  - …` };
  }
  if (found.kind === 'list') {
    return expected.kind === 'struct'
      ? { text: 'Delete the "- " in front of its keys.' }
      : fallback;
  }
  return mendScalar(problem, source, key) ?? fallback;
}

function wrongType(problem: WrongType & DecodeProblem, path: string, source: string): Explanation {
  const last = problem.path.at(-1);
  const { text, fix } = mend(problem, source, typeof last === 'string' ? last : '');
  return {
    code: 'wrong-type',
    summary: 'The value has the wrong type; oc-mirror refuses the file.',
    detail: `${path} has to be ${plainTypeName(problem.expected)}, but is ${written(problem.found)}. ${text}`,
    ...(fix && { fix }),
    text: source,
  };
}

/** Says what strict decoding refused, why, and what to write instead. `text` is the whole file. */
export function explainDecodeProblem(
  problem: DecodeProblem,
  file: { readonly text: string; readonly at: Locator },
): Diagnostic {
  const path = formatYamlPath(problem.path);
  const source = file.text.slice(problem.span.start, problem.span.end).split('\n', 1)[0] ?? '';
  const explanation =
    problem.kind === 'wrong-type'
      ? wrongType(problem, path, source)
      : (legacy(problem, path) ?? unknownField(problem, path));
  return { severity: 'error', ...explanation, at: file.at(problem.span.start) };
}
