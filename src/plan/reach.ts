import { type Digest, mediaTypes } from '../oci/index.ts';
import type { Content } from './content.ts';
import type { KeepRoot, RepositoryRoots } from './keep-roots.ts';

/** The places that keep one digest of a repository, by the way in which they reach it. */
export interface Reach {
  /** Kept places of ours that name it. */
  readonly shared: string[];
  /** Foreign tags that name it, or an index above it. */
  readonly foreign: string[];
  /** Kept places of ours that name an index above it. */
  readonly index: string[];
  /** Places whose content has it as its subject. */
  readonly subject: string[];
}

type Via = 'itself' | 'index' | 'subject';

/** One by one: a call with as many arguments as a digest can have tags fails. */
function append(to: string[], names: readonly string[]): void {
  for (const name of names) to.push(name);
}

function note(reach: Reach, { ours, foreign }: KeepRoot, via: Via): void {
  append(via === 'subject' ? reach.subject : via === 'itself' ? reach.shared : reach.index, ours);
  append(via === 'subject' ? reach.subject : reach.foreign, foreign);
}

/** Walks children and subjects from one root; what lies behind a subject is reached by subject. */
function* walk(root: Digest, content: Content): Generator<readonly [Digest, Via]> {
  const seen = new Set<string>();
  const open: [Digest, Via][] = [[root, 'itself']];
  for (let next = open.pop(); next; next = open.pop()) {
    const [digest, via] = next;
    const step = `${via === 'subject'} ${digest}`;
    if (seen.has(step)) continue;
    seen.add(step);
    yield next;
    const node = content.get(digest);
    const below: Via = via === 'subject' ? 'subject' : 'index';
    for (const child of node?.children ?? []) open.push([child, below]);
    if (node?.subject) open.push([node.subject, 'subject']);
  }
}

/** Gives everything that the roots of a repository reach, with who reaches it. */
export function findReach(
  { roots }: Pick<RepositoryRoots, 'roots'>,
  content: Content,
): ReadonlyMap<Digest, Reach> {
  const reached = new Map<Digest, Reach>();
  for (const root of roots.values()) {
    for (const [digest, via] of walk(root.digest, content)) {
      const reach = reached.get(digest) ?? { shared: [], foreign: [], index: [], subject: [] };
      reached.set(digest, reach);
      note(reach, root, via);
    }
  }
  return reached;
}

/** Docker's image manifests are the only ones that can have neither children nor a subject. */
function isOpaque(content: Content, digest: Digest, mediaType: string | undefined): boolean {
  return !content.has(digest) && mediaType !== mediaTypes.dockerManifest;
}

/**
 * Tells whether something stays in a repository of which nobody knows what it reaches.
 *
 * Only what is named counts: a child that was not read is an image of a platform that is not mirrored.
 */
export function hasUnknownReach({ roots, hasUnresolved }: RepositoryRoots, content: Content) {
  return (
    hasUnresolved ||
    [...roots.values()].some(({ digest, mediaType }) => isOpaque(content, digest, mediaType))
  );
}
