import type { ReleaseId } from '../../imageset/index.ts';
import type { Action, Change, Plan } from '../types.ts';
import { type Phrase, say } from './phrase.ts';
import { agree, formatBytes, formatCount } from './units.ts';
import { findBrokenUpdates } from './updates.ts';
import { listReleases, releaseNamer } from './words.ts';

/** Tells whether applying a plan would write anything. */
export function hasDeeds({ totals }: Pick<Plan, 'totals'>): boolean {
  return totals.mirror + totals.retag + totals.delete + totals.untag > 0;
}

function key({ version, architecture, digest }: ReleaseId): string {
  return `${version} ${architecture} ${digest}`;
}

/** Counts images that come or go and are not part of the releases that are named already. */
function countOthers(plan: Plan, actions: readonly Action[], named: readonly ReleaseId[]): number {
  const keys = new Set(named.map(key));
  const isOther = ({ action, release }: Change): boolean =>
    actions.includes(action) && !(release && keys.has(key(release)));
  return plan.changes.filter(isOther).length;
}

/** Names releases and counts other images: `releases 4.16.5 and 4.16.6 and 3 other images`. */
function nameContent(plan: Plan, releases: readonly ReleaseId[], others: number): string {
  const nameOf = releaseNamer(plan);
  const images = formatCount(others, releases.length > 0 ? 'other image' : 'image');
  const noun = agree(releases.length, 'release', 'releases');
  const names = `${noun} ${listReleases(releases.map(nameOf))}`;
  if (releases.length === 0) return images;
  return others > 0 ? `${names} and ${images}` : names;
}

function deeds(plan: Plan): Phrase {
  const { removed, added } = plan.releases;
  const gone = countOthers(plan, ['delete'], removed);
  const come = countOthers(plan, ['mirror'], added);
  const parts = [
    ...(removed.length + gone > 0 ? [`deletes ${nameContent(plan, removed, gone)}`] : []),
    ...(added.length + come > 0 ? [`mirrors ${nameContent(plan, added, come)}`] : []),
    ...(plan.totals.retag > 0 ? [`moves ${formatCount(plan.totals.retag, 'tag')}`] : []),
  ];
  if (parts.length === 0) parts.push(`removes ${formatCount(plan.totals.untag, 'stale tag')}`);
  const text = parts.join(', ');
  return say`${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function traffic({ totals }: Plan): Phrase {
  const about = totals.bytesAreExact ? '' : 'at least ';
  const { bytesToMirror, bytesToFree } = totals;
  const down =
    bytesToMirror > 0 ? `${about}${formatBytes(bytesToMirror)} to download` : 'nothing to download';
  if (bytesToFree === 0) return say`${down.charAt(0).toUpperCase()}${down.slice(1)}.`;
  const freed = `${about}${formatBytes(bytesToFree)} ${agree(bytesToFree, 'comes', 'come')} free`;
  return say`${freed.charAt(0).toUpperCase()}${freed.slice(1)}; ${down}.`;
}

function staying({ releases, totals }: Plan, nameOf: (release: ReleaseId) => string): Phrase[] {
  if (totals.delete === 0 || releases.kept.length === 0) return [];
  const names = listReleases(releases.kept.map(nameOf));
  return [say`${names} ${agree(releases.kept.length, 'stays', 'stay')} whole.`];
}

/** Says what a reviewer must know before anything else: what a cluster could lose. */
function danger(plan: Plan): Phrase[] {
  const { removed } = plan.releases;
  const broken = findBrokenUpdates(plan)[0];
  const others = countOthers(plan, ['delete'], removed);
  const parts = broken ? [say`Breaks the update from ${broken.from} to ${broken.to}.`] : [];
  if (removed.length > 0) {
    const names = listReleases(removed.map(releaseNamer(plan)));
    parts.push(say`Safe only if no cluster still runs ${names}.`);
  } else if (others > 0) {
    parts.push(say`Safe only if nothing still runs ${agree(others, 'it', 'them')}.`);
  }
  return parts;
}

function nothing({ totals }: Plan): Phrase[] {
  const kept = say`Nothing changes: ${formatCount(totals.keep, 'image')} ${agree(totals.keep, 'is', 'are')} mirrored and wanted.`;
  if (totals.hold === 0) return [kept];
  const held = say`${formatCount(totals.hold, 'image')} ${agree(totals.hold, 'is', 'are')} no longer wanted here and ${agree(totals.hold, 'is', 'are')} held.`;
  return [kept, held];
}

/**
 * Gives the first line of every view, a sentence each: what, how much, is it safe.
 *
 * A plan that has errors says so first; one that could take away what a cluster runs says so in the same line.
 */
export function describePlan(plan: Plan): Phrase[] {
  const errors = plan.diagnostics.filter(({ severity }) => severity === 'error').length;
  const notReady =
    errors > 0 ? [say`Not ready: ${formatCount(errors, 'error')} to mend first.`] : [];
  if (!hasDeeds(plan)) return [...notReady, ...nothing(plan)];
  return [
    ...notReady,
    deeds(plan),
    ...staying(plan, releaseNamer(plan)),
    traffic(plan),
    ...danger(plan),
  ];
}
