import { type ImageKind, parseEntry } from '../../imageset/index.ts';
import { type Action, type Change, compareReleaseTexts, type Plan } from '../../plan/index.ts';
import { kindName, type ReleaseNamer, releaseNamer } from './words.ts';

/** Changes that belong together: those of one release, of one operator, or of one kind. */
export interface ChangeGroup {
  readonly title: string;
  readonly changes: readonly Change[];
}

const kinds = Object.keys(kindName);

interface Key {
  readonly version: string;
  readonly kind: ImageKind;
}

/** Gives the operator package that asks for an image; the first of several. */
function packageOf({ kind, causes }: Change): string | undefined {
  if (kind !== 'operatorBundle' && kind !== 'operatorRelatedImage') return undefined;
  return causes.map(({ entry = '' }) => parseEntry(entry)?.part).find((part) => part !== undefined);
}

function titleOf(change: Change, nameOf: ReleaseNamer): string {
  const { release, kind } = change;
  if (release) return `Release ${nameOf(release)}`;
  const owner = packageOf(change);
  return owner === undefined ? kindName[kind] : `Operator ${owner}`;
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

/** Prepares the question to which release, operator or kind an image belongs; gives its title. */
export function changeGroup(plan: Pick<Plan, 'releases'>): (change: Change) => string {
  const nameOf = releaseNamer(plan);
  return (change) => titleOf(change, nameOf);
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
