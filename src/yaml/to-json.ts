import { type JsonLimits, parseJson } from '../base/index.ts';
import type { YamlNode, YamlProblem } from './node.ts';
import { readYaml } from './read.ts';

function jsonOf(node: YamlNode): string {
  switch (node.kind) {
    case 'null':
      return 'null';
    case 'bool':
    case 'number':
      return String(node.value);
    case 'string':
      return JSON.stringify(node.value);
    case 'list':
      return `[${node.items.map(jsonOf).join(',')}]`;
    case 'map': {
      // Keys that differ by their type alone are one in JSON; the last one wins, as in Go.
      const pairs = new Map(node.entries.map(({ key, value }) => [key, value]));
      const written = [...pairs].map(([key, value]) => `${JSON.stringify(key)}:${jsonOf(value)}`);
      return `{${written.join(',')}}`;
    }
  }
}

function explain({ code, message, span }: YamlProblem, text: string): string {
  if (code === 'yaml-limit') return message;
  const before = text.slice(0, span.start).split('\n');
  const column = (before.at(-1)?.length ?? 0) + 1;
  const what = message.replace(/^(?:yaml|json): (?:line \d+: )?/, '');
  return `${what} at line ${before.length}, column ${column} of the document`;
}

/**
 * Gives the JSON text of the first YAML document of a text, as Go's lenient converter does; `null` for one without content.
 *
 * Numbers keep all their digits. The last value of a key counts.
 * @throws Error whose message says where the document is wrong, or which limit it is past.
 */
export function yamlToJson(text: string): string {
  const { root, problems } = readYaml(text, { again: 'replaces' });
  const [problem] = problems;
  if (root && !problem) return jsonOf(root);
  throw new Error(problem ? explain(problem, text) : 'it has no document');
}

/**
 * Reads the first YAML document of a text as JSON within limits; `what` names it in errors.
 * @throws as {@link yamlToJson}; ContentError `TOO_LARGE`
 */
export function parseYaml(text: string, what: string, limits?: JsonLimits): unknown {
  return parseJson(yamlToJson(text), what, limits);
}
