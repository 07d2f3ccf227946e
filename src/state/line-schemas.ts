import * as v from 'valibot';
import { sortedUnique } from '../base/index.ts';
import { imageKinds } from '../imageset/index.ts';
import { type Digest, isDigest, repositoryPattern, tagPattern } from '../oci/index.ts';
import { type EntryId, isEntryId, tokenPattern } from './entry-id.ts';

const text = v.pipe(v.string(), v.nonEmpty());
const texts = v.pipe(v.array(v.string()), v.readonly());
const optionalText = v.exactOptional(v.string());
const digest = v.custom<Digest>((value) => typeof value === 'string' && isDigest(value));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const token = v.pipe(v.string(), v.regex(tokenPattern));
const entry = v.custom<EntryId>(isEntryId);

// The order of the fields below is the order in which they are written.

/** An image set as it was applied. */
export const imageSetLine = v.strictObject({
  /** Its identity: repository and path, or the name that it was given. */
  name: text,
  /** The whole text, so that the next diff needs no git history. */
  text: v.string(),
  /** The commit that has this very text, where there is one. */
  commit: optionalText,
  /** RFC 3339, UTC; absent where an older version of this tool wrote it. */
  at: optionalText,
  /** The machine that applied it, where nothing but a directory of it names the image set. */
  host: optionalText,
});

/** One applied plan. */
export const runLine = v.strictObject({
  /** Counts up from 1. */
  id: count,
  /** 16 hex digits by chance; absent: a run that an old version recorded. */
  token: v.exactOptional(token),
  /** RFC 3339, UTC. */
  at: text,
  planDigest: text,
  commit: optionalText,
  /** Descriptor digest of the undo artifact, when something was deleted. */
  undo: v.exactOptional(digest),
  /** The account that started it, as its host names it. */
  actor: optionalText,
  /** Its approvals: `pull request #7`, `the input approve`. */
  reviews: v.exactOptional(texts),
  /** Images by what was done; absent: an old version recorded the run. */
  counts: v.exactOptional(
    v.strictObject({ mirrored: count, deleted: count, untagged: count, failed: count }),
  ),
});

/**
 * A run that has begun and has not reported its end: it goes on, or was killed.
 *
 * Shape: `claims` and `deletes` name `repository@digest` and `repository:tag`.
 */
export const pendingLine = v.strictObject({
  id: count,
  token,
  planDigest: text,
  /** Names of the image sets that the run speaks for. */
  imageSets: texts,
  /** RFC 3339, UTC: others respect the claims until then; a run that goes on renews them. */
  until: text,
  /** Content that the run is about to place, or relies on. */
  claims: texts,
  /** Content that the run is about to remove. */
  deletes: texts,
});

/** A place of the target; a hostile state must not send a delete to a place that no registry could have. */
export const placementLine = v.strictObject({
  repository: v.pipe(v.string(), v.regex(repositoryPattern)),
  tag: v.pipe(v.string(), v.regex(tagPattern)),
  digest,
  mediaType: text,
  kind: v.picklist(imageKinds),
  origin: text,
  size: count,
  imageSets: texts,
  release: v.exactOptional(
    v.strictObject({ version: text, architecture: text, channel: optionalText, digest }),
  ),
  component: optionalText,
  subject: v.exactOptional(digest),
  platforms: v.exactOptional(texts),
  replaced: v.exactOptional(v.pipe(v.array(digest), v.readonly())),
  entries: v.exactOptional(texts),
});

/** A line of a state. `other`: a second description of a place, written at the same time and not current. */
export const factLine = v.pipe(
  v.strictObject({
    imageSet: v.exactOptional(imageSetLine),
    run: v.exactOptional(runLine),
    pending: v.exactOptional(pendingLine),
    other: v.exactOptional(placementLine),
    placement: v.exactOptional(placementLine),
    wishes: v.exactOptional(v.array(v.strictObject({ imageSet: v.string(), by: v.array(entry) }))),
    by: v.exactOptional(entry),
  }),
  v.check(({ by: _, wishes, ...facts }) => {
    const isPlacement = facts.placement !== undefined;
    return Object.keys(facts).length === 1 && (isPlacement || wishes === undefined);
  }),
);

/** A line of an undo artifact. */
export const undoLine = v.strictObject({
  placement: placementLine,
  manifests: v.array(v.strictObject({ digest, mediaType: text, raw: text })),
  replacedBy: v.exactOptional(digest),
});

/** Headers of states by format version; 1.0 had one writer and no entries. */
export const stateHeaders = {
  '1.0': v.strictObject({
    kind: v.string(),
    formatVersion: v.literal('1.0'),
    pending: v.exactOptional(v.looseObject({})),
  }),
  '2.0': v.strictObject({
    kind: v.string(),
    formatVersion: v.literal('2.0'),
    entry,
    seen: v.record(token, count),
  }),
} as const;

/** Headers of undo artifacts by format version. */
export const undoHeaders = {
  '1.0': v.strictObject({ kind: v.string(), formatVersion: v.string() }),
} as const;

/** A schema of a line, or of a part of one. */
export type LineSchema<Output = unknown> = v.GenericSchema<unknown, Output>;

/**
 * Gives a value as it is written: fields in the order of its schema, absent ones left out, lists sorted and each text once.
 */
export function inOrder<Value extends object>(schema: LineSchema, value: Value): Value {
  return ordered(schema, value) as Value;
}

function ordered(schema: LineSchema, value: unknown): unknown {
  if ('wrapped' in schema) return ordered(schema.wrapped as LineSchema, value);
  if (Array.isArray(value)) return sortedUnique(value);
  if (!('entries' in schema)) return value;
  const fields: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(schema.entries as Record<string, LineSchema>)) {
    const found = (value as Record<string, unknown>)[key];
    if (found !== undefined) fields[key] = ordered(inner, found);
  }
  return fields;
}
