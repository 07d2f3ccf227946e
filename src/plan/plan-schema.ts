import { imageKinds } from '../imageset/index.ts';
import { resourceKinds } from '../resources/index.ts';

/** A JSON Schema, or a part of one. */
export type Schema = { readonly [keyword: string]: unknown };

const text: Schema = { type: 'string' };
const texts: Schema = { type: 'array', items: text };
const count: Schema = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER };
const digest: Schema = {
  type: 'string',
  pattern: '^(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$',
};
const component = '[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*';

function closed(required: Record<string, Schema>, optional: Record<string, Schema> = {}): Schema {
  return {
    type: 'object',
    additionalProperties: false,
    required: Object.keys(required),
    properties: { ...required, ...optional },
  };
}

function list(items: Schema): Schema {
  return { type: 'array', items };
}

function oneOf(...values: readonly string[]): Schema {
  return { enum: values };
}

function ref(name: string): Schema {
  return { $ref: `#/$defs/${name}` };
}

const position = { at: ref('position') };

const definitions: Record<string, Schema> = {
  digest,
  position: closed({
    file: text,
    line: { type: 'integer', minimum: 1 },
    column: { type: 'integer', minimum: 1 },
  }),
  cause: closed({ imageSet: text, path: text, ...position }, { entry: text }),
  release: closed({ version: text, architecture: text, digest: ref('digest') }, { channel: text }),
  holder: closed({
    kind: oneOf('placement', 'image-set', 'tag', 'index', 'subject', 'pattern'),
    name: text,
  }),
  revision: closed(
    { from: oneOf('input', 'state', 'event', 'files', 'none') },
    { commit: text, isOlder: { const: true } },
  ),
  diagnostic: closed(
    { severity: oneOf('error', 'warning', 'notice'), code: text, summary: text },
    { detail: text, fix: text, text, ...position },
  ),
  edit: closed({ imageSet: text, path: text, ...position }, { from: text, to: text }),
  operator: closed(
    {
      ...{ catalog: text, package: text, channel: text, kept: texts, added: texts },
      removed: list(closed({ version: text, updates: { type: 'boolean' } }, { image: text })),
    },
    { head: text, ...position },
  ),
  resource: closed(
    {
      kind: oneOf(...resourceKinds),
      name: text,
    },
    { source: text, from: texts, to: texts },
  ),
  graph: closed({
    channel: text,
    architecture: text,
    versions: texts,
    edges: list({ type: 'array', items: text, minItems: 2, maxItems: 2 }),
  }),
};

const imageKind = oneOf(...imageKinds);

const change = closed(
  {
    action: oneOf('mirror', 'retag', 'keep', 'delete', 'untag', 'hold'),
    reason: oneOf(
      ...['wanted', 'missing', 'moved', 'mirrored', 'adopted', 'removed', 'stale', 'replaced'],
      ...[
        'shared',
        'wanted-elsewhere',
        'foreign-tag',
        'list-incomplete',
        'in-kept-index',
        'kept-subject',
        'protected',
      ],
      ...['tag-moved', 'unreviewed', 'not-ours', 'unreadable'],
    ),
    kind: imageKind,
    repository: { type: 'string', maxLength: 255, pattern: `^${component}(/${component})*$` },
    tag: { type: 'string', pattern: '^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$' },
    digest: ref('digest'),
    mediaType: text,
    origin: text,
    causes: list(ref('cause')),
    size: count,
    bytes: count,
  },
  {
    source: text,
    holders: list(ref('holder')),
    previous: ref('digest'),
    replacedBy: ref('digest'),
    tagless: { const: true },
    release: ref('release'),
    component: text,
    platforms: texts,
  },
);

const counts = ['mirror', 'retag', 'keep', 'delete', 'untag', 'hold'];
const bytes = ['bytesToMirror', 'bytesToFree', 'bytesKept'];

const fields: Record<string, Schema> = {
  formatVersion: oneOf('1.0', '1.1'),
  digest: ref('digest'),
  tool: text,
  target: closed({
    registry: {
      type: 'string',
      pattern: '^(\\[[0-9a-fA-F:]+\\]|[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?)(:[0-9]{1,5})?$',
    },
    prefix: text,
  }),
  base: ref('revision'),
  head: ref('revision'),
  options: closed({
    prune: oneOf('removed', 'stale', 'none'),
    maxDelete: {
      oneOf: [closed({ count }), closed({ share: { type: 'number', minimum: 0, maximum: 1 } })],
    },
    protect: texts,
  }),
  imageSets: list(
    closed({ name: text, digest: ref('digest') }, { path: text, text, commit: text, host: text }),
  ),
  speaksFor: texts,
  edits: list(ref('edit')),
  changes: list(ref('change')),
  releases: closed({
    added: list(ref('release')),
    removed: list(ref('release')),
    kept: list(ref('release')),
  }),
  graphs: list(ref('graph')),
  diagnostics: list(ref('diagnostic')),
  totals: closed({
    ...Object.fromEntries([...counts, ...bytes].map((name) => [name, count])),
    bytesAreExact: { type: 'boolean' },
  }),
};

/**
 * The JSON Schema (draft 2020-12) of `plan.json`, for readers of the file and for this tool's own: a plan file comes from
 * outside.
 */
export const planSchema: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Plan of imageset-mirror',
  description: 'What will be done with the images of one target registry.',
  ...closed(fields, {
    incomplete: { type: 'boolean' },
    repository: text,
    notReceived: list(
      closed({ name: text, images: count, bytes: count }, { at: text, commit: text }),
    ),
    explicit: { const: true },
    operators: list(ref('operator')),
    stale: closed({
      count,
      bytes: count,
      groups: list(closed({ count }, { release: text, kind: imageKind })),
    }),
    resources: list(ref('resource')),
  }),
  $defs: { ...definitions, change },
};
