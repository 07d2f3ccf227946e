import {
  type Action,
  type Change,
  compareReleaseTexts,
  type Plan,
  type Reason,
} from '../../plan/index.ts';
import { agree, formatBytes, formatNumber, type Phrase, say } from '../text/index.ts';
import { describeReason, summarizeReasons } from './reasons.ts';
import { actionOrder, joinReleases, placeName, type ReleaseNamer, releaseNamer } from './words.ts';

type Note = (changes: readonly Change[], plan: Plan) => Phrase;

function noteMirror(changes: readonly Change[], plan: Plan): Phrase {
  const { added } = plan.releases;
  const missing = changes.filter(({ reason }) => reason === 'missing').length;
  const free = changes.filter(({ bytes }) => bytes === 0).length;
  const parts = [
    ...(added.length > 0 ? [`new: ${joinReleases(added.map(releaseNamer(plan)))}`] : []),
    ...(missing > 0 ? [`${formatNumber(missing)} had been mirrored and went missing`] : []),
    ...(free > 0 ? [`${formatNumber(free)} ${agree(free, 'needs', 'need')} no download`] : []),
  ];
  return say`${parts.join('; ')}`;
}

function noteDelete(changes: readonly Change[], plan: Plan): Phrase {
  const { removed } = plan.releases;
  const stale = changes.filter(({ reason }) => reason === 'stale').length;
  if (stale === changes.length) return say`no image set wants them`;
  const digests = new Set(removed.map(({ digest }) => digest));
  const isOfRemoved = changes.every(({ release }) => release && digests.has(release.digest));
  const rest = stale > 0 ? `; ${formatNumber(stale)} wanted by no image set` : '';
  if (!isOfRemoved) return say`nothing that stays needs them${rest}`;
  return say`only ${joinReleases(removed.map(releaseNamer(plan)))} used them${rest}`;
}

/** Names the releases of the places that need the same digests; none when not all of them belong to releases. */
function sharers(changes: readonly Change[], plan: Plan, nameOf: ReleaseNamer): string[] {
  const releases = new Map(plan.changes.map((change) => [placeName(change), change.release]));
  const found = changes.flatMap(({ holders = [] }) => holders.map((one) => releases.get(one.name)));
  const names = new Set(found.flatMap((release) => (release ? [nameOf(release)] : [])));
  return found.includes(undefined) ? [] : [...names].sort(compareReleaseTexts);
}

/** Reasons to remove only the tag although no image of ours needs the digest. */
const notShared: ReadonlySet<Reason> = new Set(['foreign-tag', 'list-incomplete']);

function noteUntag(changes: readonly Change[], plan: Plan): Phrase {
  const others = changes.filter(({ reason }) => notShared.has(reason));
  const shared = changes.filter(({ reason }) => !notShared.has(reason));
  if (shared.length === 0) return noteHold(others);
  const who = sharers(shared, plan, releaseNamer(plan));
  const rest = others.length > 0 ? `; ${summarizeReasons(others)}` : '';
  if (who.length === 0) return say`other images that stay need the same digests${rest}`;
  return say`${joinReleases(who)} ${agree(who.length, 'needs', 'need')} the same ${agree(shared.length, 'digest', 'digests')}${rest}`;
}

function noteHold(changes: readonly Change[]): Phrase {
  const [first] = changes;
  return first && changes.length === 1 ? describeReason(first) : say`${summarizeReasons(changes)}`;
}

function noteKeep(changes: readonly Change[]): Phrase {
  const adopted = changes.filter(({ reason }) => reason === 'adopted').length;
  return adopted > 0 ? say`${formatNumber(adopted)} adopted from another tool` : [];
}

const notes: Readonly<Record<Action, Note>> = {
  mirror: noteMirror,
  retag: (changes) =>
    say`${agree(changes.length, 'the tag names', 'the tags name')} other content from then on`,
  delete: noteDelete,
  untag: noteUntag,
  hold: noteHold,
  keep: noteKeep,
};

/** Says in a few words what changes of one action have in common. */
export function describeNote(action: Action, changes: readonly Change[], plan: Plan): Phrase {
  return notes[action](changes, plan);
}

function heldBytes(changes: readonly Change[]): string {
  const sizes = new Map(changes.map(({ digest, size }) => [digest, size]));
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  if (total === 0) return '–';
  // Layers that several of them share are counted for each.
  return sizes.size > 1 ? `up to ${formatBytes(total)}` : formatBytes(total);
}

function sizeOf(action: Action, changes: readonly Change[], plan: Plan): string {
  const { totals } = plan;
  const about = totals.bytesAreExact ? '' : 'at least ';
  const retagged = plan.changes
    .filter((change) => change.action === 'retag')
    .reduce((sum, { bytes }) => sum + bytes, 0);
  if (action === 'retag') return `${about}${formatBytes(retagged)}`;
  if (action === 'mirror') return `${about}${formatBytes(totals.bytesToMirror - retagged)}`;
  if (action === 'delete') return `${about}${formatBytes(totals.bytesToFree)}`;
  if (action === 'keep') return formatBytes(totals.bytesKept);
  return action === 'hold' ? heldBytes(changes) : '–';
}

/** Gives the table of totals: one row for each action that occurs, in the order of every view; a dash where bytes say nothing. */
export function describeTotals(plan: Plan) {
  const byAction = Map.groupBy(plan.changes, ({ action }) => action);
  return actionOrder.flatMap((action) => {
    const count = plan.totals[action];
    const changes = byAction.get(action) ?? [];
    if (count === 0) return [];
    return {
      action,
      count,
      size: sizeOf(action, changes, plan),
      note: changes.length > 0 ? describeNote(action, changes, plan) : [],
    };
  });
}
