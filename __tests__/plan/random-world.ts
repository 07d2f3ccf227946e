import fc from 'fast-check';
import { expect } from 'vitest';
import type { Digest } from '../../src/oci/index.ts';
import {
  type ContentNode,
  createPlan,
  deletionOrder,
  isOfPlace,
  type ObservedRepository,
  type Plan,
  type PlanInput,
} from '../../src/plan/index.ts';
import { facts, image, index, mirrored, observe, place, wish } from './facts.ts';

/** A registry as it really is, and what a run knows and wants of it. */
export interface World {
  readonly nodes: readonly ContentNode[];
  /** The digest that every tag really names, by `repository:tag`. */
  readonly tags: ReadonlyMap<string, ContentNode>;
  /** Manifests that lie there without a tag of their own, by repository. */
  readonly untagged: ReadonlyMap<string, readonly ContentNode[]>;
  readonly input: PlanInput;
}

const places = ['r/one', 'r/two'].flatMap((repository) =>
  ['a', 'b', 'c', 'd', 'e'].map((tag) => `${repository}:${tag}`),
);

/** Images, indexes over earlier manifests, and images about earlier manifests. */
const nodesArbitrary = fc
  .array(fc.tuple(fc.nat(3), fc.array(fc.nat(20), { maxLength: 3 })), {
    minLength: 2,
    maxLength: 6,
  })
  .map((drafts) => {
    const nodes: ContentNode[] = [];
    for (const [kind, picks] of drafts) {
      const below = picks.flatMap((pick) => nodes[pick % Math.max(nodes.length, 1)] ?? []);
      const name = `manifest ${nodes.length}`;
      const [subject] = below;
      if (kind === 0 && below.length > 0) nodes.push(index(name, below));
      else if (kind === 1 && subject) nodes.push(image(name, { subject }));
      else nodes.push(image(name, { blobs: [`blob ${picks.length}`, name] }));
    }
    return nodes;
  });

/** The knowledge of one run about one place; numbers pick manifests. */
const placeArbitrary = fc.record({
  tag: fc.option(fc.nat(7), { nil: undefined }),
  isResolved: fc.boolean(),
  state: fc.option(fc.nat(7), { nil: undefined }),
  isStateTrue: fc.integer({ min: 0, max: 3 }).map((n) => n > 0),
  stateSets: fc.subarray(['a.yaml', 'b.yaml', 'z.yaml']),
  had: fc.option(fc.nat(7), { nil: undefined, freq: 2 }),
  before: fc.option(fc.nat(7), { nil: undefined }),
  after: fc.integer({ min: 0, max: 3 }).map((n) => n === 0),
  wantedBy: fc.subarray(['a.yaml', 'b.yaml'], { minLength: 1 }),
});

const nothingElse = wish('r/three:x', image('kept for ever'));

type PlaceDraft = typeof placeArbitrary extends fc.Arbitrary<infer Value> ? Value : never;

type SeenRepository = ObservedRepository & { readonly tags: Map<string, Digest | undefined> };

/** A manifest is read, unless it is a leaf or nothing stands above it: that is how manifests are looked up. */
function readable(nodes: readonly ContentNode[], unread: readonly number[]): ContentNode[] {
  const below = new Set(nodes.flatMap(({ children, subject }) => [...children, subject]));
  return nodes.filter((node, number) => {
    const isLeaf = node.children.length === 0 && node.subject === undefined;
    const isTop = !below.has(node.descriptor.digest);
    return !(unread.includes(number) && (isLeaf || isTop));
  });
}

function build(
  nodes: readonly ContentNode[],
  drafts: readonly PlaceDraft[],
  more: {
    readonly unread: readonly number[];
    readonly prune: 'removed' | 'stale';
    readonly protect: readonly string[];
    /** Repositories whose list leaves tags out. */
    readonly unlisted: readonly string[];
  },
): World {
  const at = (number: number): ContentNode => nodes[number % nodes.length] ?? image('never');
  const known = drafts.map((draft, number) => {
    const key = places[number] ?? 'r/one:z';
    const tag = draft.tag === undefined ? undefined : at(draft.tag);
    const isSame = draft.isStateTrue && tag !== undefined;
    const state = draft.state === undefined ? undefined : isSame ? tag : at(draft.state);
    // Only a state that is true may stand in for the registry's answer.
    const isProven = state === undefined || state === tag;
    return { ...draft, key, tag, state, isResolved: draft.isResolved || !isProven };
  });
  const tagged = known.flatMap(({ key, tag }) => (tag ? [[key, tag] as const] : []));
  const observed = observe(Object.fromEntries(tagged));
  const repositories = new Map(
    ['r/one', 'r/two', 'r/three'].map((name) => [
      name,
      {
        exists: true,
        tags: new Map<string, Digest | undefined>(),
        replaced: new Set<Digest>(),
      } as SeenRepository,
    ]),
  );
  for (const { key, tag, isResolved, state, before: was, after: isWanted } of known) {
    const { repository, tag: name } = place(key);
    if (!tag) continue;
    // Known tags are asked for by name; unknown tags are not seen.
    const isKnown = state !== undefined || was !== undefined || isWanted;
    if (more.unlisted.includes(repository) && !isKnown) continue;
    repositories.get(repository)?.tags.set(name, isResolved ? tag.descriptor.digest : undefined);
  }
  const content = new Map(
    readable(nodes, more.unread).map((node) => [node.descriptor.digest, node] as const),
  );
  const before = known.flatMap(({ key, before: pick, tag, wantedBy }) =>
    pick === undefined ? [] : [wish(key, pick % 2 === 0 && tag ? tag : at(pick), { by: wantedBy })],
  );
  const after = known.flatMap(({ key, after: isWanted, tag, before: pick = 0, wantedBy }) =>
    isWanted ? [wish(key, tag && pick % 3 > 0 ? tag : at(pick), { by: wantedBy })] : [],
  );
  const untagged = Map.groupBy(
    known.flatMap(({ key, state, had }) => {
      const { repository } = place(key);
      const replaced = [...(had === undefined ? [] : [at(had)]), ...(state ? [state] : [])];
      // Digits decide which of them somebody else has collected.
      return replaced.flatMap((node, index) =>
        ((had ?? 1) + index) % 3 > 0 ? [{ repository, node }] : [],
      );
    }),
    ({ repository }) => repository,
  );
  for (const [name, found] of untagged) {
    const { exists = true, tags: seen = new Map() } = repositories.get(name) ?? {};
    const replaced = new Set(found.map(({ node }) => node.descriptor.digest));
    repositories.set(name, { exists, tags: seen, replaced });
  }
  for (const name of more.unlisted) {
    const seen = repositories.get(name);
    if (seen) repositories.set(name, { ...seen, list: 'incomplete' });
  }
  const input = facts({
    options: { prune: more.prune, maxDelete: { share: 1 }, protect: more.protect },
    before,
    after: [...after, nothingElse],
    state: known.flatMap(({ key, state, stateSets, had }) => {
      const replaced = had === undefined ? [] : [at(had).descriptor.digest];
      return state ? [{ ...mirrored(key, state, { by: stateSets }), replaced }] : [];
    }),
    ownImageSets: new Set(['a.yaml', 'b.yaml']),
    observation: { ...observed, repositories, content },
  });
  return {
    nodes,
    tags: new Map(tagged),
    untagged: new Map(
      [...untagged].map(([name, found]) => [name, found.map(({ node }) => node)] as const),
    ),
    input,
  };
}

/** Random repositories with indexes, subjects, foreign tags, states, and things that were not looked up. */
export const worldArbitrary: fc.Arbitrary<World> = fc
  .tuple(
    nodesArbitrary,
    fc.array(placeArbitrary, { minLength: places.length, maxLength: places.length }),
    fc.record({
      unread: fc.oneof(fc.constant([]), fc.array(fc.nat(7), { maxLength: 4 })),
      prune: fc.constantFrom('removed', 'stale'),
      protect: fc.constantFrom([], ['r/one:a'], ['r/two:**']),
      unlisted: fc.constantFrom([], [], ['r/two'], ['r/one', 'r/two']),
    }),
  )
  .map(([nodes, drafts, more]) => build(nodes, drafts, more));

/** A registry that does what it is told: deleting a digest takes its tags along, and nobody is asked. */
export class Registry {
  readonly tags: Map<string, Digest>;
  readonly manifests = new Set<string>();
  readonly #nodes: ReadonlyMap<Digest, ContentNode>;

  constructor(world: World) {
    this.tags = new Map([...world.tags].map(([key, node]) => [key, node.descriptor.digest]));
    this.#nodes = new Map(world.nodes.map((node) => [node.descriptor.digest, node]));
    for (const [key, digest] of this.tags) this.push(key, digest);
    for (const [repository, nodes] of world.untagged) {
      for (const { descriptor } of nodes) this.store(repository, descriptor.digest);
    }
  }

  /** Stores a manifest, what is below it and what it is about. */
  push(key: string, digest: Digest): void {
    this.tags.set(key, digest);
    this.store(place(key).repository, digest);
  }

  store(repository: string, digest: Digest): void {
    for (const part of this.#closure(digest)) this.manifests.add(`${repository}@${part}`);
  }

  delete(repository: string, digest: Digest): void {
    this.manifests.delete(`${repository}@${digest}`);
    for (const [key, named] of this.tags) {
      if (named === digest && place(key).repository === repository) this.tags.delete(key);
    }
  }

  /** Gives what a pull of a tag lacks; `undefined` when the tag is not there. */
  missingFrom(key: string): readonly Digest[] | undefined {
    const digest = this.tags.get(key);
    const { repository } = place(key);
    if (digest === undefined) return undefined;
    return [...this.#closure(digest)].filter(
      (part) => !this.manifests.has(`${repository}@${part}`),
    );
  }

  #closure(root: Digest): Set<Digest> {
    const found = new Set([root]);
    for (const digest of found) {
      const node = this.#nodes.get(digest);
      for (const child of node?.children ?? []) found.add(child);
      if (node?.subject) found.add(node.subject);
    }
    return found;
  }
}

/** Does what a plan says, mirrors first; `after` looks at the registry after each delete. */
export function carryOut(
  plan: Plan,
  world: World,
  after: (registry: Registry) => void = () => {},
): Registry {
  const registry = new Registry(world);
  for (const change of plan.changes) {
    const key = `${change.repository}:${change.tag}`;
    if (change.action === 'mirror' || change.action === 'retag') registry.push(key, change.digest);
  }
  for (const change of plan.changes) {
    const key = `${change.repository}:${change.tag}`;
    if (change.action === 'untag') registry.tags.delete(key);
  }
  for (const { repository, digest, isKept } of deletionOrder(plan, world.input)) {
    if (!isKept) registry.delete(repository, digest);
    after(registry);
  }
  return registry;
}

/** Places that nobody gave up: what is wanted, and every tag that the plan does not say it removes. */
function placesThatStay(world: World): string[] {
  const removed = createPlan(world.input)
    .changes.filter(isOfPlace)
    .filter(({ action }) => action === 'delete' || action === 'untag')
    .map(({ repository, tag }) => `${repository}:${tag}`);
  const wanted = world.input.after.map(({ target }) => `${target.repository}:${target.tag}`);
  return [...new Set([...world.tags.keys(), ...wanted])].filter((key) => !removed.includes(key));
}

/** Holds the first law of deletion: no plan deletes a digest that is reachable from what stays. */
export function loseNothing(numRuns: number): void {
  fc.assert(
    fc.property(worldArbitrary, (world) => {
      const registry = carryOut(createPlan(world.input), world);
      const staying = placesThatStay(world);
      const losses = staying.map((key) => [key, registry.missingFrom(key)]);
      expect(losses).toEqual(staying.map((key) => [key, []]));
    }),
    { numRuns },
  );
}

/** The place of the signature of a manifest. */
export function signatureOf(repository: string, digest: Digest): string {
  return `${repository}:${digest.replace(':', '-')}.sig`;
}

/** Signs every tagged image of a world; the state knows each signature, and those of images that go may go. */
export function withSignatures(world: World): World {
  const { input } = world;
  const places = [...world.tags].map(([key, { descriptor }]) => ({
    repository: place(key).repository,
    subject: descriptor.digest,
  }));
  const signatures = new Map(
    places.map(({ repository, subject }) => {
      const key = signatureOf(repository, subject);
      return [key, { subject, node: image(`signature ${key}`) }] as const;
    }),
  );
  const repositories = new Map(
    [...input.observation.repositories].map(([name, found]) => [
      name,
      { ...found, tags: new Map(found.tags) },
    ]),
  );
  const content = new Map(input.observation.content);
  for (const [key, { node }] of signatures) {
    const { repository, tag } = place(key);
    repositories.get(repository)?.tags.set(tag, node.descriptor.digest);
    content.set(node.descriptor.digest, node);
  }
  const before = input.before.flatMap(({ target, content: wanted, causes }) => {
    const key = wanted ? signatureOf(target.repository, wanted.digest) : '';
    const found = signatures.get(key);
    const by = causes.map(({ imageSet }) => imageSet);
    if (!found) return [];
    return [{ ...wish(key, found.node, { by, kind: 'signature' }), subject: found.subject }];
  });
  const state = [...signatures].map(([key, { subject, node }]) => ({
    ...mirrored(key, node, { kind: 'signature' }),
    subject,
  }));
  return {
    ...world,
    nodes: [...world.nodes, ...[...signatures.values()].map(({ node }) => node)],
    tags: new Map([
      ...world.tags,
      ...[...signatures].map(([key, { node }]) => [key, node] as const),
    ]),
    input: {
      ...input,
      before: [...input.before, ...before],
      state: [...input.state, ...state],
      observation: { ...input.observation, repositories, content },
    },
  };
}
