import type { ImageKind } from '../../imageset/index.ts';
import type { Action, Change, Plan } from '../../plan/index.ts';
import { compareReleaseTexts } from './updates.ts';
import { kindName, type ReleaseNamer, releaseNamer } from './words.ts';

/** Changes that belong together: those of one release, or of one kind. */
export interface ChangeGroup {
  readonly title: string;
  readonly changes: readonly Change[];
}

const kinds = Object.keys(kindName);

interface Key {
  readonly version: string;
  readonly kind: ImageKind;
}

function titleOf({ release, kind }: Change, nameOf: ReleaseNamer): string {
  return release ? `Release ${nameOf(release)}` : kindName[kind];
}

function keyOf({ release, kind }: Change): Key {
  return { version: release?.version ?? '', kind };
}

function compareKeys(a: Key, b: Key): number {
  if (a.version === '' || b.version === '') {
    return (
      Number(a.version === '') - Number(b.version === '') ||
      kinds.indexOf(a.kind) - kinds.indexOf(b.kind)
    );
  }
  return compareReleaseTexts(a.version, b.version);
}

/** Groups the changes of one action: releases first, lowest first, then kinds; within a group as in the plan. */
export function groupChanges(plan: Plan, action: Action): ChangeGroup[] {
  const nameOf = releaseNamer(plan);
  const changes = plan.changes.filter((change) => change.action === action);
  const groups = Map.groupBy(changes, (change) => titleOf(change, nameOf));
  return [...groups]
    .map(([title, members]) => ({ title, changes: members, key: members[0] && keyOf(members[0]) }))
    .sort(
      (a, b) => (a.key && b.key ? compareKeys(a.key, b.key) : 0) || (a.title < b.title ? -1 : 1),
    )
    .map(({ title, changes: members }) => ({ title, changes: members }));
}

/** Cuts groups after `limit` changes in all; a group of which nothing is left is dropped. */
export function cutGroups(groups: readonly ChangeGroup[], limit: number): ChangeGroup[] {
  let left = limit;
  return groups.flatMap(({ title, changes }) => {
    const shown = changes.slice(0, Math.max(0, left));
    left -= shown.length;
    return shown.length > 0 ? [{ title, changes: shown }] : [];
  });
}
