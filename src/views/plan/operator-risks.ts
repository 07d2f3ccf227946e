import type { OperatorChannel, Plan, RemovedVersion } from '../../plan/index.ts';
import { agree, listPhrases, name, type Phrase, say } from '../text/index.ts';
import { bundleLoss } from './operators.ts';
import type { Risk } from './risk.ts';

/** Versions that a sentence lists. */
const maxVersions = 5;

function listVersions(bundles: readonly RemovedVersion[]): Phrase {
  return listPhrases(
    bundles.map(({ version }) => [name(version)]),
    maxVersions,
  );
}

/** Says whether clusters at versions that go can get on. */
function describeWay({ head, removed }: OperatorChannel): Phrase {
  const them = agree(removed.length, 'it', 'them');
  if (head === undefined) return say`clusters that run ${them} get no more updates`;
  const able = removed.filter(({ updates }) => updates);
  const stuck = removed.filter(({ updates }) => !updates);
  if (stuck.length === 0) {
    return say`clusters that run ${them} can still update to ${name(head)}`;
  }
  if (able.length === 0) return say`no update leads from ${them} to ${name(head)}`;
  return say`clusters that run ${listVersions(able)} can still update to ${name(head)}, but no update leads there from ${listVersions(stuck)}`;
}

/** Says what such a cluster loses before it gets on. */
function describeLoss(channel: OperatorChannel, plan: Plan): Phrase {
  if (!channel.removed.some(bundleLoss(plan))) return say`; the images stay.`;
  const loss = say`a pod that moves to another node can no longer pull`;
  return isStuck(channel) ? say`, and ${loss}.` : say`; until then ${loss}.`;
}

/** Says what to do for clusters that have no update. */
function describeRemedy(channel: OperatorChannel, { operators = [] }: Plan): Phrase {
  if (!isStuck(channel)) return [];
  if (channel.head !== undefined) return say` Move these clusters first, or keep these versions.`;
  const others = operators.filter(
    (one) =>
      one.catalog === channel.catalog && one.package === channel.package && one.head !== undefined,
  );
  if (others.length === 0) return say` Remove the operator there first, or keep the channel.`;
  const names = others.map((one) => [name(one.channel)]);
  return say` Change these Subscriptions to ${listPhrases(names, maxVersions)} first.`;
}

function describe(channel: OperatorChannel, where: Phrase, plan: Plan): Risk {
  const { package: owner, channel: called, head, removed } = channel;
  const versions = listVersions(removed);
  const what =
    head === undefined
      ? say`the channel goes, with ${versions}`
      : say`${versions} ${agree(removed.length, 'goes', 'go')}`;
  const text = say`Subscriptions to ${name(owner)}, channel ${name(called)}${where}: ${what}; ${describeWay(channel)}${describeLoss(channel, plan)}${describeRemedy(channel, plan)}`;
  return { harm: removed.some(bundleLoss(plan)) ? 'danger' : 'care', text };
}

function isStuck({ removed }: OperatorChannel): boolean {
  return removed.some(({ updates }) => !updates);
}

/**
 * Finds the Subscriptions that could lose their bundle: one line for each channel that loses any.
 *
 * Order: first those from which no update leads on.
 */
export function findOperatorRisks(plan: Plan): Risk[] {
  const { operators = [] } = plan;
  const isOne = new Set(operators.map(({ catalog }) => catalog)).size < 2;
  const losing = operators.filter(({ removed }) => removed.length > 0);
  return losing
    .toSorted((a, b) => Number(isStuck(b)) - Number(isStuck(a)))
    .map((channel) => describe(channel, isOne ? [] : say` of ${name(channel.catalog)}`, plan));
}
