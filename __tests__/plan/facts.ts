import type {
  Cause,
  ImageKind,
  MirroredPlacement,
  PinnedPlacement,
  ReleaseId,
} from '../../src/imageset/index.ts';
import { type Digest, digestOf, mediaTypes } from '../../src/oci/index.ts';
import {
  type Change,
  type ContentNode,
  createPlan,
  isOfPlace,
  type Observation,
  type Plan,
  type PlanInput,
} from '../../src/plan/index.ts';

/** The digest of some content, known by a name. */
export function digest(name: string): Digest {
  return digestOf(new TextEncoder().encode(name));
}

/** A manifest of 100 bytes. */
function node(name: string, facts: Partial<ContentNode> & { readonly mediaType: string }) {
  const { mediaType, ...rest } = facts;
  const descriptor = { mediaType, digest: digest(name), size: 100 };
  return { descriptor, children: [], blobs: [], ...rest };
}

/** An image; blobs of 1000 bytes by name, one of its own unless told. */
export function image(
  name: string,
  facts: { readonly blobs?: readonly string[]; readonly subject?: ContentNode } = {},
): ContentNode {
  const blobs = (facts.blobs ?? [`layer of ${name}`]).map((blob) => ({
    digest: digest(blob),
    size: 1000,
  }));
  const { subject } = facts;
  return node(name, {
    mediaType: mediaTypes.ociManifest,
    blobs,
    ...(subject && { subject: subject.descriptor.digest }),
  });
}

/** An index over other manifests. */
export function index(name: string, children: readonly ContentNode[]): ContentNode {
  return node(name, {
    mediaType: mediaTypes.ociIndex,
    children: children.map(({ descriptor }) => descriptor.digest),
  });
}

/** `repository:tag`, taken apart. */
export function place(key: string): { readonly repository: string; readonly tag: string } {
  const colon = key.lastIndexOf(':');
  return { repository: key.slice(0, colon), tag: key.slice(colon + 1) };
}

/** The entry of a file that asks for something. */
export function cause(imageSet = 'a.yaml', path = 'mirror.additionalImages[0]', line = 1): Cause {
  return { imageSet, path, at: { file: imageSet, line, column: 1 } };
}

interface WishFacts {
  readonly by?: readonly string[];
  readonly path?: string;
  readonly kind?: ImageKind;
  readonly origin?: string;
  readonly release?: ReleaseId;
  readonly component?: string;
}

/** Somebody wants content at a place. */
export function wish(key: string, content: ContentNode, facts: WishFacts = {}): PinnedPlacement {
  const { by = ['a.yaml'], path, kind = 'generic', ...rest } = facts;
  const { repository, tag } = place(key);
  return {
    source: { registry: 'quay.io', repository, digest: content.descriptor.digest },
    target: { repository, tag },
    kind,
    origin: `quay.io/${key}`,
    causes: by.map((name) => cause(name, path)),
    content: content.descriptor,
    ...rest,
  };
}

/** A place of the state, wanted by image sets. */
export function mirrored(
  key: string,
  content: ContentNode,
  facts: WishFacts = {},
): MirroredPlacement {
  const { by = ['a.yaml'], kind = 'generic', release, component } = facts;
  return {
    ...place(key),
    digest: content.descriptor.digest,
    mediaType: content.descriptor.mediaType,
    kind,
    origin: `quay.io/${key}`,
    size: content.descriptor.size + 1000,
    imageSets: by,
    ...(release && { release }),
    ...(component !== undefined && { component }),
  };
}

/** The digests that the target's tags name, by `repository:tag`; `undefined` is listed and not resolved. */
export type Tags = Readonly<Record<string, ContentNode | undefined>>;

/** An observation of some tags; `read` are the manifests that were read besides. */
export function observe(tags: Tags, read: readonly ContentNode[] = []): Observation {
  const repositories = new Map<string, { exists: true; tags: Map<string, Digest | undefined> }>();
  for (const [key, content] of Object.entries(tags)) {
    const { repository, tag } = place(key);
    const found = repositories.get(repository) ?? { exists: true, tags: new Map() };
    found.tags.set(tag, content?.descriptor.digest);
    repositories.set(repository, found);
  }
  const nodes = [...read, ...Object.values(tags).flatMap((content) => (content ? [content] : []))];
  return {
    repositories,
    content: new Map(nodes.map((content) => [content.descriptor.digest, content])),
    present: new Set(),
  };
}

/** A plan's facts; everything that is not told is empty. */
export function facts(told: Partial<PlanInput> = {}): PlanInput {
  return {
    tool: 'imageset-mirror 0.0.0',
    target: { registry: 'registry.example.com:8443', prefix: '' },
    base: { commit: 'b'.repeat(40), from: 'state' },
    head: { commit: 'c'.repeat(40), from: 'event' },
    options: { prune: 'removed', maxDelete: { share: 1 }, protect: [] },
    imageSets: [{ name: 'a.yaml', digest: digest('a.yaml') }],
    edits: [],
    before: [],
    after: [],
    state: [],
    ownImageSets: new Set(['a.yaml']),
    observation: observe({}),
    graphs: [],
    diagnostics: [],
    ...told,
  };
}

/** Something that stays wanted and has nothing to do with the rest, so that a collection is not empty. */
export const bystander = wish('other/thing:1', image('bystander'));

/** Plans, and gives the change of one place. */
export function changeAt(key: string, told: Partial<PlanInput>): Change | undefined {
  return findChange(createPlan(facts(told)), key);
}

/** Gives the change of one place. */
export function findChange(plan: Plan, key: string): Change | undefined {
  return plan.changes.find(
    (change) => `${change.repository}:${change.tag}` === key && isOfPlace(change),
  );
}

/** Writes each change as `action reason repository:tag`, for comparing whole plans. */
export function linesOf(plan: Plan): string[] {
  return plan.changes.map(
    ({ action, reason, repository, tag }) => `${action} ${reason} ${repository}:${tag}`,
  );
}
