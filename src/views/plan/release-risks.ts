import { compareReleaseTexts, type Plan } from '../../plan/index.ts';
import { agree, formatCount, type Phrase, say } from '../text/index.ts';
import {
  type ConditionalRisk,
  conditionalRisk,
  decisiveRisks,
  explainRisks,
  findConditionalRisks,
  qualifyUpdate,
} from './conditional-risks.ts';
import type { Risk } from './risk.ts';
import { runsRelease } from './running.ts';
import { findBrokenUpdates, type WayOut, wayOutFinder } from './updates.ts';
import { joinReleases } from './words.ts';

/** Lines about updates that a view shows; the report has the graph. */
const maxLines = 5;

function brokenUpdates(plan: Plan): Risk[] {
  const broken = findBrokenUpdates(plan);
  const risks = broken.slice(0, maxLines).map(({ from, to }) => {
    const text = say`Clusters at ${from} can no longer reach ${to}: every update leads through a release that goes. Keep that release, or update these clusters first.`;
    return { harm: 'danger', text } as const;
  });
  if (broken.length <= maxLines) return risks;
  const text = say`${formatCount(broken.length - maxLines, 'more update')} between releases that stay are lost in the same way.`;
  return [...risks, { harm: 'danger', text }];
}

/** Clusters at removed releases that have the same updates left. */
function describeWayOut(plan: Plan, versions: readonly string[], way: WayOut): Phrase {
  const isInUse = versions.some((version) => runsRelease(plan, version) === 'yes');
  const who = say`${isInUse ? say`A cluster runs ${versions.length === 1 ? joinReleases(versions) : 'one of these'} now. ` : ''}Clusters at ${joinReleases(versions)}`;
  const loss = say`a node that is rebuilt, or a pod that moves to another node, can no longer pull`;
  if (!way) return say`${who}: ${loss}. Update them first.`;
  const { to, risks } = way;
  if (to.length === 0) {
    return say`${who}: ${loss}, and no update from there to a release that stays is known. Move them first.`;
  }
  return say`${who} can still update to ${joinReleases(to.toReversed())}${qualifyUpdate(risks)}; until then ${loss}.`;
}

function removedReleases(plan: Plan): ConditionalRisk[] {
  const all = plan.releases.removed.map(({ version }) => version);
  const versions = [...new Set(all)].filter((version) => runsRelease(plan, version) !== 'no');
  const findWayOut = wayOutFinder(plan);
  const ways = Map.groupBy(versions.sort(compareReleaseTexts), (version) => {
    const way = findWayOut(version);
    return JSON.stringify(way && [way.to, decisiveRisks(way.risks)]);
  });
  return [...ways.values()].slice(0, maxLines).map((same) => {
    const way = findWayOut(same[0] ?? '');
    const text = describeWayOut(plan, same, way);
    return conditionalRisk({ harm: 'danger', text }, way?.risks ?? []);
  });
}

function removedArchitectures(plan: Plan): Risk[] {
  const after = new Set(
    [...plan.releases.kept, ...plan.releases.added].map(({ architecture }) => architecture),
  );
  const lost = new Set(
    plan.releases.removed
      .map(({ architecture }) => architecture)
      .filter((architecture) => !after.has(architecture)),
  );
  if (lost.size === 0 || after.size === 0) return [];
  const words = joinReleases([...lost].sort());
  const text = say`No release for ${words} is left; clusters of ${agree(lost.size, 'that architecture', 'those architectures')} have nothing to pull.`;
  return [{ harm: 'danger', text }];
}

/** Finds the risks of releases that go or come for clusters that run them, or that update from or through them. */
export function findReleaseRisks(plan: Plan): Risk[] {
  const updates = [...removedReleases(plan), ...findConditionalRisks(plan)];
  return [
    ...brokenUpdates(plan),
    ...removedArchitectures(plan),
    ...updates,
    ...explainRisks(updates),
  ];
}
