import * as v from 'valibot';
import { imageKinds } from '../imageset/index.ts';
import { abilities } from '../mirror/index.ts';
import type { Digest } from '../oci/index.ts';
import { resourceKinds } from '../resources/index.ts';
import {
  formatVersions,
  holderKinds,
  prunes,
  reasonsOf,
  revisionSources,
  stayReasons,
} from './closed-sets.ts';

const { strictObject: closed, exactOptional: optional, array: list, picklist: oneOf } = v;

const text = v.string();
const texts = list(text);
const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER));
const ordinal = v.pipe(v.number(), v.integer(), v.minValue(1));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const isSet = optional(v.literal(true));
const digestText = v.pipe(v.string(), v.regex(/^(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/));
const digest = digestText as v.GenericSchema<string> as v.GenericSchema<unknown, Digest>;
const component = '[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*';

const position = closed({ file: text, line: ordinal, column: ordinal });
const cause = closed({ imageSet: text, path: text, at: position, entry: optional(text) });
const release = closed({ version: text, architecture: text, digest, channel: optional(text) });

const holder = closed({
  kind: oneOf(holderKinds),
  /** `openshift/release:4.16.6-x86_64-cli`, an image set's name, a glob. */
  name: text,
});

const facts = {
  kind: oneOf(imageKinds),
  repository: v.pipe(
    v.string(),
    v.maxLength(255),
    v.regex(new RegExp(`^${component}(/${component})*$`)),
  ),
  tag: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/)),
  digest,
  mediaType: text,
  /** The reference that oc-mirror shows for it. */
  origin: text,
  causes: list(cause),
  release: optional(release),
  component: optional(text),
  /** Of a signature: the image that it belongs to, in the same repository. */
  subject: optional(digest),
  /** Of an image that is deleted: its operator packages stay with other bundles, so that `max-delete` does not count it. */
  succeeded: isSet,
  /** Of an image that goes: no edit removes it; its catalog moved on, so that its entry asks for other bundles. */
  outgrown: isSet,
  /** `os/architecture` pairs to which an index is limited. */
  platforms: optional(texts),
  /** Bytes of everything below the manifest, each blob once. */
  size: count,
  /** Bytes that this change alone moves (mirror) or frees (delete); the first change that needs a shared blob counts it. */
  bytes: count,
};
/** Where it is pulled from, `registry/repository`; the digest is `digest`. */
const source = text;
/** The digest that the tag names before. */
const previous = digest;
/** The tag is gone already, and the digest lies there still. */
const tagless = isSet;
const holders = optional(list(holder));
/** The place names this digest instead: the change is about the digest alone, which had the place before. */
const replacedBy = digest;

const as = {
  mirror: { ...facts, action: v.literal('mirror'), reason: oneOf(reasonsOf.mirror), source },
  retag: { ...facts, action: v.literal('retag'), reason: oneOf(reasonsOf.retag), source, previous },
  keep: { ...facts, action: v.literal('keep'), reason: oneOf(reasonsOf.keep) },
  delete: { ...facts, action: v.literal('delete'), reason: oneOf(reasonsOf.delete), tagless },
  replaced: {
    ...facts,
    action: v.literal('delete'),
    reason: oneOf(reasonsOf.replaced),
    replacedBy,
  },
  untag: { ...facts, action: v.literal('untag'), reason: oneOf(stayReasons), holders, tagless },
  hold: { ...facts, action: v.literal('hold'), reason: oneOf(stayReasons), holders, tagless },
  moved: { ...facts, action: v.literal('hold'), reason: v.literal('tag-moved'), previous, tagless },
  left: { ...facts, action: v.literal('hold'), reason: oneOf(stayReasons), holders, replacedBy },
};

/** One thing that happens, or deliberately does not, to one place of the target or to a digest that had it. */
export const changeSchema = v.variant('action', [
  closed(as.mirror),
  closed(as.retag),
  closed(as.keep),
  v.variant('reason', [closed(as.delete), closed(as.replaced)]),
  closed(as.untag),
  v.variant('reason', [closed(as.hold), closed(as.moved), closed(as.left)]),
]);

/** `image`: the bundle's, as origins of changes name it; `updates`: what stays leads from it to the channel's head. */
const removedVersion = closed({ version: text, image: optional(text), updates: v.boolean() });

const operator = closed({
  /** The catalog as the configuration names it. */
  catalog: text,
  package: text,
  channel: text,
  /** Version of the head; absent where the channel goes. */
  head: optional(text),
  kept: texts,
  added: texts,
  removed: list(removedVersion),
  /** Others that clusters run, from which a removed version led to the channel's head; nothing does now. */
  cut: optional(texts),
  /** The line that asks for the package now. */
  at: optional(position),
});

const resource = closed({
  kind: oneOf(resourceKinds),
  name: text,
  source: optional(text),
  from: optional(texts),
  to: optional(texts),
});

const edge = v.strictTuple([text, text]);
const updateRisk = closed({ name: text, message: text, url: text, always: isSet });
const graph = closed({
  channel: text,
  architecture: text,
  versions: texts,
  edges: list(edge),
  /** Those alone that concern releases of the plan. */
  conditional: optional(list(closed({ edges: list(edge), risks: list(updateRisk) }))),
});

const diagnostic = closed({
  severity: oneOf(['error', 'warning', 'notice']),
  code: text,
  summary: text,
  detail: v.optional(text),
  fix: v.optional(text),
  text: v.optional(text),
  at: v.optional(position),
});

const edit = closed({
  imageSet: text,
  /** `mirror.platform.channels[0].minVersion` */
  path: text,
  from: optional(text),
  to: optional(text),
  at: position,
});

const revision = closed({
  commit: optional(text),
  from: oneOf(revisionSources),
  /** Of the head: an earlier step made its files, and git tracks none of them. */
  isRendered: isSet,
  /** Of a base without a commit: the number of the run that applied it. */
  run: optional(count),
  /** Of the head: something newer was applied before. Then whatever is done needs a review. */
  isOlder: isSet,
});

const imageSet = closed({
  /** Its identity. */
  name: text,
  digest,
  /** The path by which the user knows it. */
  path: optional(text),
  /** Its text, so that an apply of the plan can record it. */
  text: optional(text),
  /** The commit that has this very text. */
  commit: optional(text),
  /** The machine whose directory names it, where nothing else does. */
  host: optional(text),
});

const keptImageSet = closed({
  name: text,
  images: count,
  /** Of its images, each digest once. */
  bytes: count,
  /** RFC 3339, UTC: when it was last applied. */
  at: optional(text),
  commit: optional(text),
});

const options = closed({
  prune: oneOf(prunes),
  /** `{count}` or `{share}` (0 to 1) of what is mirrored. */
  maxDelete: v.union([closed({ count }), closed({ share })]),
  protect: texts,
});

const target = closed({
  registry: v.pipe(
    v.string(),
    v.regex(/^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?)(:[0-9]{1,5})?$/),
  ),
  /** Path prefix without slashes at its ends; empty for none. Repositories of changes include it. */
  prefix: text,
});

const stale = closed({
  count,
  /** Bytes of their own, as the state knows them; layers that they share count for each. */
  bytes: count,
  /** Releases first, by version; then images of no release, by kind. */
  groups: list(closed({ release: optional(text), kind: optional(oneOf(imageKinds)), count })),
});

const byAction = {
  mirror: count,
  retag: count,
  keep: count,
  delete: count,
  untag: count,
  hold: count,
};

const totals = closed({
  /** Of images. */
  ...byAction,
  /** Of signatures and other attachments of images; absent: none. */
  signatures: optional(closed(byAction)),
  /** Of both. */
  ...{ bytesToMirror: count, bytesToFree: count, bytesKept: count },
  /** False: some manifest was not readable, so that the bytes are a lower bound. */
  bytesAreExact: v.boolean(),
});

/** The form of `plan.json`, which comes from outside; the types of a plan derive from it. */
export const planSchema = closed({
  /** Plans of the format 1.0 can be read; they are no review, since their digest leaves out the limits. */
  formatVersion: oneOf(formatVersions),
  /** `sha256:` of the canonical encoding of {target, options, deeds}; a squash merge keeps it. */
  digest: digestText,
  tool: text,
  target,
  base: revision,
  head: revision,
  options,
  imageSets: list(imageSet),
  /** Name of the repository of the run: its image sets are shown by their paths alone. */
  repository: optional(text),
  /** Image sets that the state knows and that the run was not given, by name: what they want stays. Absent: none. */
  notReceived: optional(list(keptImageSet)),
  /** Every place or image set that goes was named: that nothing else is wanted is no mistake then. */
  explicit: isSet,
  /** Names of the image sets of base and head, former names too, sorted: what others want is not up to this plan. */
  speaksFor: texts,
  edits: list(edit),
  /** Sorted by repository, tag, action. */
  changes: list(changeSchema),
  releases: closed({ added: list(release), removed: list(release), kept: list(release) }),
  graphs: list(graph),
  /** Channels of operators that are asked for by name or that change, by catalog, package and channel; absent: none. */
  operators: optional(list(operator)),
  /** How the cluster resources differ from those of the last apply, by kind, name and source; absent where nobody compared. */
  resources: optional(list(resource)),
  diagnostics: list(diagnostic),
  /** Images that no image set wants and that this plan leaves alone; `prune: stale` removes them. Absent: none. */
  stale: optional(stale),
  /** Abilities that the registry lacked when it was probed; absent: it was not probed, or has them all. */
  lacks: optional(closed({ at: text, abilities: list(oneOf(abilities)) })),
  /** Releases and operators that clusters run, as the user named them: risks speak of them. Absent: the user named none. */
  running: optional(
    closed({ releases: texts, operators: list(closed({ name: text, version: text })) }),
  ),
  /** Something could not be collected when the plan was made: what it may have wanted stays. */
  incomplete: optional(v.boolean()),
  totals,
});

/** The parts of the schema that have names of their own. */
export const planParts = {
  digest,
  position,
  cause,
  release,
  holder,
  revision,
  diagnostic,
  edit,
  operator,
  resource,
  graph,
  change: changeSchema,
};
