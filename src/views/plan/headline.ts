import { sortedUnique } from '../../base/index.ts';
import type { ReleaseId } from '../../imageset/index.ts';
import { type Action, type Change, isOfPlace, type Plan, releaseKey } from '../../plan/index.ts';
import {
  agree,
  capitalize,
  formatBytes,
  formatCount,
  joinPhrases,
  listNamed,
  listPhrases,
  type Phrase,
  say,
} from '../text/index.ts';
import { isOperatorImage, lostOperators, newOperators, type OperatorVersion } from './operators.ts';
import { type InUse, runsBundle, runsRelease } from './running.ts';
import { staleSentences } from './stale.ts';
import { findBrokenUpdates } from './updates.ts';
import { joinReleases, releaseNamer } from './words.ts';

/** Tells whether applying a plan would write anything. */
export function hasDeeds({ totals }: Pick<Plan, 'totals'>): boolean {
  const counts = [totals, ...(totals.signatures ? [totals.signatures] : [])];
  return counts.some((one) => one.mirror + one.retag + one.delete + one.untag > 0);
}

/** Releases and operators that come or go; a sentence names them instead of counting their images. */
interface Named {
  readonly releases: readonly ReleaseId[];
  readonly operators: readonly string[];
}

/** Counts images that belong to no named release or operator. A replaced digest counts with its tag. */
function countOthers(plan: Plan, action: Action, { releases, operators }: Named): number {
  const keys = new Set(releases.map(releaseKey));
  const isOther = (change: Change): boolean =>
    change.action === action &&
    isOfPlace(change) &&
    !(change.release && keys.has(releaseKey(change.release))) &&
    !(operators.length > 0 && isOperatorImage(change));
  return plan.changes.filter(isOther).length;
}

/** Names operators: three by name, more are counted. */
function nameOperators(operators: readonly string[]): Phrase {
  if (operators.length > 3) return say`${formatCount(operators.length, 'operator bundle')}`;
  const noun = agree(operators.length, 'operator', 'operators');
  return say`${noun} ${listNamed(operators, 3)}`;
}

/** Names releases and operators and counts other images: `releases 4.16.5 and 4.16.6 and 3 other images`. */
function nameContent(plan: Plan, action: Action, named: Named): Phrase {
  const { releases, operators } = named;
  const others = countOthers(plan, action, named);
  const noun = agree(releases.length, 'release', 'releases');
  const names = [
    ...(releases.length > 0
      ? [say`${noun} ${joinReleases(releases.map(releaseNamer(plan)))}`]
      : []),
    ...(operators.length > 0 ? [nameOperators(operators)] : []),
  ];
  const images = formatCount(others, names.length > 0 ? 'other image' : 'image');
  return listPhrases([...names, ...(others > 0 ? [say`${images}`] : [])], 3);
}

function capitalized(phrase: Phrase): Phrase {
  const [first, ...rest] = phrase;
  if (typeof first !== 'string') return phrase;
  return [capitalize(first), ...rest];
}

/** Counts the tags that move, and says that their former digests are deleted. */
function moves({ changes, totals }: Plan): Phrase[] {
  const replaced = changes.filter((one) => one.action === 'delete' && !isOfPlace(one)).length;
  const tags = formatCount(totals.retag, 'tag');
  if (totals.retag === 0) {
    return replaced === 0 ? [] : [say`deletes what ${formatCount(replaced, 'tag')} named before`];
  }
  if (replaced === 0) return [say`moves ${tags}`];
  const all = replaced === totals.retag ? agree(replaced, 'it', 'they') : `${replaced} of them`;
  return [say`moves ${tags} and deletes what ${all} named`];
}

/** Describes a plan in which no image comes, moves or goes. */
function remaining({ totals: { untag, signatures } }: Plan): Phrase {
  if (untag > 0 || !signatures) return say`removes ${formatCount(untag, 'stale tag')}`;
  const count = signatures.mirror + signatures.retag;
  return count > 0
    ? say`mirrors ${formatCount(count, 'signature or attestation', 'signatures and attestations')}`
    : say`removes signatures`;
}

function deeds(plan: Plan): Phrase {
  const { removed, added } = plan.releases;
  const lost = lostOperators(plan).map((one) => one.name);
  const gone = nameContent(plan, 'delete', { releases: removed, operators: lost });
  // Content that lies in the target under another name needs no transfer.
  const isMoved = plan.changes.some((one) => one.action === 'mirror' && isOperatorImage(one));
  const operators = isMoved ? newOperators(plan) : [];
  const come = nameContent(plan, 'mirror', { releases: added, operators });
  const parts = [
    ...(gone.length > 0 ? [say`deletes ${gone}`] : []),
    ...(come.length > 0 ? [say`mirrors ${come}`] : []),
    ...moves(plan),
  ];
  if (parts.length === 0) parts.push(remaining(plan));
  return capitalized(joinPhrases(parts, ', '));
}

function traffic({ totals }: Plan): Phrase {
  const about = totals.bytesAreExact ? '' : 'at least ';
  const { bytesToMirror, bytesToFree } = totals;
  const down =
    bytesToMirror > 0 ? `${about}${formatBytes(bytesToMirror)} to download` : 'nothing to download';
  return bytesToFree === 0 ? say`${down}` : say`frees ${about}${formatBytes(bytesToFree)}, ${down}`;
}

function staying({ releases, totals }: Plan, nameOf: (release: ReleaseId) => string): Phrase[] {
  if (totals.delete === 0 || releases.kept.length === 0) return [];
  const names = joinReleases(releases.kept.map(nameOf));
  return [say`${names} ${agree(releases.kept.length, 'stays', 'stay')} whole.`];
}

/** Names the removed operator versions from which no update leads on. */
function stuckOperators(lost: readonly OperatorVersion[]): Phrase[] {
  const stuck = lost.filter(({ updates }) => !updates).map((one) => one.name);
  if (stuck.length === 0) return [];
  if (stuck.length < lost.length) return [say`No update leads on from ${nameOperators(stuck)}.`];
  return [say`No update leads on from ${agree(stuck.length, 'it', 'them')}.`];
}

/** Names the operators of clusters whose updates led through what goes from a channel that stays. */
function cutOperators({ operators = [] }: Plan): Phrase[] {
  const names = operators.flatMap(({ package: owner, head, cut = [] }) =>
    head === undefined ? [] : cut.map((version) => `${owner} ${version}`),
  );
  const found = sortedUnique(names);
  return found.length > 0 ? [say`Breaks the updates from ${nameOperators(found)}.`] : [];
}

function runsOperator(plan: Plan, { owner, version }: OperatorVersion): InUse {
  return runsBundle(plan, owner, version);
}

/** Names the versions that go although a cluster runs them, as far as the user named clusters. */
function inUse(plan: Plan): Phrase[] {
  const releases = plan.releases.removed.filter(
    ({ version }) => runsRelease(plan, version) === 'yes',
  );
  const operators = lostOperators(plan).filter((one) => runsOperator(plan, one) === 'yes');
  const names = [
    ...(releases.length > 0 ? [say`${joinReleases(releases.map(releaseNamer(plan)))}`] : []),
    ...(operators.length > 0 ? [nameOperators(operators.map((one) => one.name))] : []),
  ];
  return names.length > 0 ? [say`Not safe yet: a cluster runs ${listPhrases(names, 2)} now.`] : [];
}

/** Names everything that a cluster could lose. */
function danger(plan: Plan): Phrase[] {
  const removed = plan.releases.removed.filter(
    ({ version }) => runsRelease(plan, version) !== 'no',
  );
  const lost = lostOperators(plan).filter((one) => runsOperator(plan, one) !== 'no');
  const broken = findBrokenUpdates(plan)[0];
  const parts = [
    ...inUse(plan),
    ...(broken ? [say`Breaks the update from ${broken.from} to ${broken.to}.`] : []),
    ...cutOperators(plan),
  ];
  const kind = removed.length > 0 ? 'operator version' : 'version';
  const running = [
    ...(removed.length > 0 ? [joinReleases(removed.map(releaseNamer(plan)), 'or')] : []),
    ...(lost.length > 0 ? [agree(lost.length, `that ${kind}`, `one of these ${kind}s`)] : []),
  ];
  const { removed: releases } = plan.releases;
  const others = countOthers(plan, 'delete', { releases, operators: [] });
  if (running.length > 0) {
    parts.push(say`Safe only if no cluster still runs ${running.join(' or ')}.`);
  } else if (others > 0) {
    parts.push(say`Safe only if nothing still runs ${agree(others, 'it', 'them')}.`);
  }
  return [...parts, ...stuckOperators(lost)];
}

function nothing({ totals }: Plan): Phrase[] {
  if (totals.keep + totals.hold === 0) return [say`Nothing changes.`];
  const kept = say`Nothing changes: ${formatCount(totals.keep, 'image')} ${agree(totals.keep, 'is', 'are')} mirrored and wanted.`;
  if (totals.hold === 0) return [kept];
  const held = say`${formatCount(totals.hold, 'image')} ${agree(totals.hold, 'is', 'are')} no longer wanted here and ${agree(totals.hold, 'is', 'are')} held.`;
  return [kept, held];
}

/** The first words of every view. */
export interface Headline {
  /** One sentence: what happens, and how much. */
  readonly first: Phrase;
  /** The losses of clusters that run what goes; empty where nothing is taken away. */
  readonly danger: readonly Phrase[];
  /** Further sentences: images that stay, and images that no image set wants. */
  readonly rest: readonly Phrase[];
}

/** Says that a plan has errors: a single one is named, for it is all that a reader has to know first. */
function notReady({ diagnostics }: Plan): Phrase[] {
  const [first, ...others] = diagnostics.filter(({ severity }) => severity === 'error');
  if (!first) return [];
  return others.length === 0
    ? [say`Not ready. ${first.summary}`]
    : [say`Not ready: ${formatCount(others.length + 1, 'error')} to mend first.`];
}

/** Gives the first words of every view. A plan that has errors says so first. */
export function headlineOf(plan: Plan): Headline {
  const stale = staleSentences(plan);
  const [first = [], ...rest] = [
    ...notReady(plan),
    ...(hasDeeds(plan) ? [say`${deeds(plan)}: ${traffic(plan)}.`] : nothing(plan)),
    ...(hasDeeds(plan) ? staying(plan, releaseNamer(plan)) : []),
    ...stale,
  ];
  return { first, danger: hasDeeds(plan) ? danger(plan) : [], rest };
}

/** Gives the first words as one paragraph; it ends with the danger. */
export function describePlan(plan: Plan): Phrase[] {
  const { first, danger: lost, rest } = headlineOf(plan);
  return [first, ...rest, ...lost];
}
