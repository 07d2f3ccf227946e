import { compareText } from '../base/index.ts';
import type { ReleaseId } from '../imageset/index.ts';
import {
  type ChannelGraph,
  compareReleaseVersions,
  parseReleaseVersion,
} from '../release/index.ts';
import { type Action, type Change, isOfPlace } from './change.ts';
import type { Plan, PlanInput } from './types.ts';

/** Names one release, whatever channel it was found in. */
export function releaseKey({ version, architecture, digest }: ReleaseId): string {
  return `${version} ${architecture} ${digest}`;
}

/** Orders versions as releases do, and other texts by their code units. */
export function compareReleaseTexts(a: string, b: string): number {
  const [left, right] = [parseReleaseVersion(a), parseReleaseVersion(b)];
  return (left && right ? compareReleaseVersions(left, right) : 0) || compareText(a, b);
}

function compareReleases(a: ReleaseId, b: ReleaseId): number {
  return (
    compareReleaseTexts(a.version, b.version) ||
    compareText(a.architecture, b.architecture) ||
    compareText(a.digest, b.digest)
  );
}

function releasesOf(changes: readonly Change[], ...actions: readonly Action[]) {
  const found = new Map<string, ReleaseId>();
  for (const { action, release } of changes.filter(isOfPlace)) {
    if (!release || !actions.includes(action) || found.has(releaseKey(release))) continue;
    found.set(releaseKey(release), release);
  }
  return found;
}

/**
 * Tells which releases come, go and stay.
 *
 * A release goes when a place of it is deleted or untagged and none is wanted; one of which every place is held stays.
 */
export function summarizeReleases(
  changes: readonly Change[],
  input: Pick<PlanInput, 'before' | 'state'>,
): Plan['releases'] {
  const wanted = releasesOf(changes, 'mirror', 'retag', 'keep');
  const gone = releasesOf(changes, 'delete', 'untag');
  const held = releasesOf(changes, 'hold');
  const known = new Set(
    [...input.before, ...input.state].flatMap(({ release }) =>
      release ? [releaseKey(release)] : [],
    ),
  );
  const lying = releasesOf(changes, 'keep');
  const isNew = (key: string): boolean => !known.has(key) && !lying.has(key);
  const stays = new Map([...held].filter(([key]) => !gone.has(key) && !wanted.has(key)));
  const list = (releases: Iterable<readonly [string, ReleaseId]>): ReleaseId[] =>
    [...releases].map(([, release]) => release).sort(compareReleases);
  return {
    added: list([...wanted].filter(([key]) => isNew(key))),
    removed: list([...gone].filter(([key]) => !wanted.has(key))),
    kept: list([...[...wanted].filter(([key]) => !isNew(key)), ...stays]),
  };
}

/**
 * Keeps of each graph's conditional edges those that concern a plan: from one of its releases, or from one that a cluster
 * runs, to one of its releases. A channel has thousands.
 */
export function narrowGraphs(
  graphs: readonly ChannelGraph[],
  { added, removed, kept }: Plan['releases'],
  running: readonly string[] = [],
): readonly ChannelGraph[] {
  const ends = new Set([...added, ...removed, ...kept].map(({ version }) => version));
  const starts = new Set([...ends, ...running]);
  return graphs.map(({ conditional = [], ...graph }) => {
    const narrowed = conditional.flatMap(({ edges, risks }) => {
      const found = edges.filter(([from, to]) => starts.has(from) && ends.has(to));
      return found.length > 0 ? [{ edges: found, risks }] : [];
    });
    return narrowed.length > 0 ? { ...graph, conditional: narrowed } : graph;
  });
}
