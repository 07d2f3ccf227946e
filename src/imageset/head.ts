import { editDistance } from '../base/index.ts';
import type { Diagnostic } from '../diagnostic.ts';
import type { YamlEntry, YamlMap, YamlNode } from '../yaml/index.ts';
import { type ImageSetKind, meantKind, rootKey } from './config.ts';
import type { Locator } from './position.ts';

/** Why a file is not of the kind that was asked for. */
export interface HeadProblem {
  /** In oc-mirror's words. */
  readonly refusal: string;
  readonly diagnostic?: Diagnostic;
  /** The file is about something else, so its content is not checked. */
  readonly final: boolean;
}

/** Finds a top-level key; its case counts, unlike that of all others. */
function topLevel(root: YamlMap, key: string): YamlEntry | undefined {
  return root.entries.find((entry) => entry.key === key);
}

const wordOf: Record<string, string> = { list: 'array', map: 'object' };

/** Prints a value as Go's `%q` prints one that was decoded from JSON. */
function goQuote(node: YamlNode): string {
  switch (node.kind) {
    case 'string':
      return JSON.stringify(node.value);
    case 'null':
      return '%!q(<nil>)';
    case 'bool':
      return `%!q(bool=${node.value})`;
    case 'number':
      return `%!q(float64=${node.value})`;
    case 'list':
      return `[${node.items.map(goQuote).join(' ')}]`;
    case 'map':
      return `map[${node.entries.map((e) => `${JSON.stringify(e.key)}:${goQuote(e.value)}`).join(' ')}]`;
  }
}

/** Tells whether a mapping without a kind is about image sets at all. */
function isAboutImages(root: YamlMap): boolean {
  return ['mirror', 'delete', 'kind', 'storageConfig'].some((key) => differentCase(root, key));
}

function differentCase(root: YamlMap, key: string): YamlEntry | undefined {
  return root.entries.find((entry) => entry.key.toLowerCase() === key.toLowerCase());
}

/** Tells whether a key is there, misspelt or below `spec`: the decoder reports that. */
function isElsewhere(root: YamlMap, key: string): boolean {
  const spec = topLevel(root, 'spec')?.value;
  if (spec?.kind === 'map' && topLevel(spec, key)) return true;
  return root.entries.some((entry) => {
    const distance = editDistance(entry.key.toLowerCase(), key);
    return distance > 0 && distance <= 2;
  });
}

function missing(root: YamlMap, key: string, at: Locator): Diagnostic {
  const other = differentCase(root, key);
  return {
    severity: 'error',
    code: `missing-${key}`,
    summary: `The top-level key ${key} is missing.`,
    detail: other
      ? `It is written "${other.key}": case counts for top-level keys. Write "${key}".`
      : `Without it the file says nothing. Add ${key} at the beginning of a line.`,
    ...(other && { text: other.key }),
    at: at(other?.keySpan.start ?? root.start),
  };
}

/** Says how to come from the kind of a file to the one that is read; a fix where it can only be misspelt. */
function kindRemedy(got: string, kind: ImageSetKind): Pick<Diagnostic, 'detail' | 'fix'> {
  if (got === '' || meantKind(got) === kind) {
    return { detail: `Write it exactly so: ${kind}.`, fix: `kind: ${kind}` };
  }
  const isOther = meantKind(got) !== undefined;
  return { detail: isOther ? 'Such a file is for another command.' : 'Name another file.' };
}

/** Finds the text of an image set inside another object, as clusters keep files in a ConfigMap. */
function wrapped(root: YamlMap, kind: ImageSetKind): YamlEntry | undefined {
  const data = topLevel(root, 'data')?.value;
  if (data?.kind !== 'map') return undefined;
  const names = new RegExp(`^kind:\\s*["']?${kind}\\b`, 'm');
  return data.entries.find(({ value }) => value.kind === 'string' && names.test(value.value));
}

function wrongKind(
  { root, entry }: { readonly root: YamlMap; readonly entry: YamlEntry },
  kind: ImageSetKind,
  at: Locator,
): HeadProblem {
  const got = entry.value.kind === 'string' ? entry.value.value : '';
  const inner = wrapped(root, kind);
  const remedy = kindRemedy(got, kind);
  const common = {
    severity: 'error',
    code: 'wrong-kind',
    summary: `The file is not of kind ${kind}.`,
    text: got,
  } as const;
  return {
    refusal: `cannot parse ${goQuote(entry.value)} as ${JSON.stringify(kind)}`,
    diagnostic: inner
      ? {
          ...common,
          detail: `It is a ${got} that holds one as data["${inner.key}"]. Write that text into a file of its own, and name that file.`,
          at: at(inner.keySpan.start),
        }
      : {
          ...common,
          detail: `Its kind is ${goQuote(entry.value)}. ${remedy.detail}`,
          ...(remedy.fix && { fix: remedy.fix }),
          at: at(entry.value.start),
        },
    final: got.toLowerCase() !== kind.toLowerCase(),
  };
}

function wrongRoot(root: Exclude<YamlNode, YamlMap>, at: Locator): HeadProblem | undefined {
  if (root.kind === 'null') return undefined;
  return {
    refusal: `failed to unmarshal config: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${wordOf[root.kind] ?? root.kind} into Go value of type map[string]interface {}`,
    diagnostic: {
      severity: 'error',
      code: 'wrong-type',
      summary: 'The file is not a mapping.',
      detail:
        'An image set begins with the keys kind, apiVersion and mirror at the left margin; here stands something else.',
      at: at(root.start),
    },
    final: true,
  };
}

/**
 * Checks what oc-mirror checks before it decodes: the kind, and the top-level key of the content.
 * @see oc-mirror v2, §1.1 and §15.17
 */
export function headProblem(
  root: YamlNode,
  kind: ImageSetKind,
  at: Locator,
): HeadProblem | undefined {
  const empty: YamlMap = { kind: 'map', entries: [], start: root.start, end: root.end };
  if (root.kind !== 'map' && root.kind !== 'null') return wrongRoot(root, at);
  const map = root.kind === 'map' ? root : empty;
  const kindEntry = topLevel(map, 'kind');
  if (!kindEntry) {
    const diagnostic = missing(map, 'kind', at);
    return {
      refusal: 'configuration missing `kind`',
      diagnostic: { ...diagnostic, fix: `kind: ${kind}` },
      final: !isAboutImages(map),
    };
  }
  if (kindEntry.value.kind !== 'string' || kindEntry.value.value !== kind) {
    return wrongKind({ root: map, entry: kindEntry }, kind, at);
  }
  const wanted = rootKey(kind);
  const other = wanted === 'mirror' ? 'delete' : 'mirror';
  if (!topLevel(map, wanted)) {
    const refusal = `configuration missing the \`${wanted}\` stanza`;
    if (isElsewhere(map, wanted)) return { refusal, final: false };
    return { refusal, diagnostic: missing(map, wanted, at), final: false };
  }
  if (!topLevel(map, other)) return undefined;
  // The decoder reports the key itself: it is unknown to the schema.
  return { refusal: `${other}: is not allowed in ${kind}`, final: false };
}
