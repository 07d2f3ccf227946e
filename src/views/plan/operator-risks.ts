import type { OperatorChannel, Plan, RemovedVersion } from '../../plan/index.ts';
import { agree, listNamed, name, type Phrase, say } from '../text/index.ts';
import { bundleLoss } from './operators.ts';
import type { Risk } from './risk.ts';
import { type InUse, runsBundle } from './running.ts';

/** Versions that a sentence lists. */
const maxVersions = 5;

function listVersions(bundles: readonly RemovedVersion[]): Phrase {
  const versions = bundles.map(({ version }) => version);
  return listNamed(versions, maxVersions);
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
function describeLoss(channel: OperatorChannel, isLost: boolean): Phrase {
  if (!isLost) return say`; the images stay.`;
  const loss = say`a pod that moves to another node can no longer pull`;
  return isStuck(channel) ? say`, and ${loss}.` : say`; until then ${loss}.`;
}

/** Says what to do for clusters that have no update; `others`: the channels of the package that stay. */
function describeRemedy(channel: OperatorChannel, others: readonly OperatorChannel[]): Phrase {
  if (!isStuck(channel)) return [];
  if (channel.head !== undefined) return say` Move these clusters first, or keep these versions.`;
  if (others.length === 0) return say` Remove the operator there first, or keep the channel.`;
  const names = others.map((one) => one.channel);
  return say` Change these Subscriptions to ${listNamed(names, maxVersions)} first.`;
}

function packageKey({ catalog, package: owner }: OperatorChannel): string {
  return `${catalog}\n${owner}`;
}

/** The facts of a plan that a sentence about one channel needs. */
interface Around {
  readonly where: Phrase;
  readonly isLost: boolean;
  /** A cluster runs a version that goes. */
  readonly inUse: InUse;
  /** The channels of the package that stay. */
  readonly others: readonly OperatorChannel[];
}

/** Names the other versions that clusters run and whose updates led through what goes. */
function describeCut({ cut = [] }: OperatorChannel): Phrase {
  if (cut.length === 0) return [];
  const versions = listNamed(cut, maxVersions);
  return say` A cluster runs ${versions} now, and its updates led through what goes: update it first, or keep these versions.`;
}

function describe(channel: OperatorChannel, { where, isLost, inUse, others }: Around): Risk {
  const { package: owner, channel: called, head, removed } = channel;
  const versions = listVersions(removed);
  const what =
    head === undefined
      ? say`the channel goes, with ${versions}`
      : say`${versions} ${agree(removed.length, 'goes', 'go')}`;
  const text = say`Subscriptions to ${name(owner)}, channel ${name(called)}${where}: ${what}; ${describeWay(channel)}${describeLoss(channel, isLost)}${describeRemedy(channel, others)}${use[inUse]}${describeCut(channel)}`;
  const isCut = channel.cut !== undefined;
  const isDanger = isCut || inUse === 'yes' || (isLost && inUse === 'unknown');
  return { harm: isDanger ? 'danger' : 'care', text };
}

const use: Readonly<Record<InUse, string>> = {
  yes: ' A cluster runs one of them now.',
  no: ' No cluster that was named runs them.',
  unknown: '',
};

/** Tells whether a cluster runs any version that goes; unknown where the user named no cluster. */
function inUseOf(plan: Plan, { package: owner, removed }: OperatorChannel): InUse {
  const found = new Set(removed.map(({ version }) => runsBundle(plan, owner, version)));
  return found.has('yes') ? 'yes' : found.has('unknown') ? 'unknown' : 'no';
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
  const isDeleted = bundleLoss(plan);
  const staying = Map.groupBy(
    operators.filter(({ head }) => head !== undefined),
    packageKey,
  );
  const losing = operators.filter(({ removed }) => removed.length > 0);
  const ordered = [...losing.filter(isStuck), ...losing.filter((channel) => !isStuck(channel))];
  return ordered.map((channel) =>
    describe(channel, {
      where: isOne ? [] : say` of ${name(channel.catalog)}`,
      isLost: channel.removed.some(isDeleted),
      inUse: inUseOf(plan, channel),
      others: staying.get(packageKey(channel)) ?? [],
    }),
  );
}
