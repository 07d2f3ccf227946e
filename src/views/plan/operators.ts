import { compareText, sortedUnique } from '../../base/index.ts';
import type { Change, OperatorChannel, Plan, RemovedVersion } from '../../plan/index.ts';

/** An operator at a version, as sentences name it: `acm 2.9.0`. */
export interface OperatorVersion {
  readonly name: string;
  readonly owner: string;
  readonly version: string;
  /** A channel leads from it to its head. */
  readonly updates: boolean;
}

type Known = Pick<Plan, 'operators' | 'changes'>;

/** Tells whether an image belongs to operators. */
export function isOperatorImage({ kind }: Change): boolean {
  return kind === 'operatorBundle' || kind === 'operatorRelatedImage';
}

/** Prepares the question whether the image of a bundle is deleted, so that it can no longer be pulled. */
export function bundleLoss({ changes }: Known): (bundle: RemovedVersion) => boolean {
  const deleted = new Set<string>();
  for (const { action, kind, origin } of changes) {
    if (action === 'delete' && kind === 'operatorBundle') deleted.add(origin);
  }
  return ({ image }) => image !== undefined && deleted.has(image);
}

/**
 * Lists operators whose bundles are deleted, each once, by name.
 *
 * One that several channels had can update when any of them leads on.
 */
export function lostOperators(plan: Known): readonly OperatorVersion[] {
  const isLost = bundleLoss(plan);
  const found = new Map<string, OperatorVersion>();
  for (const { package: owner, removed } of plan.operators ?? []) {
    for (const bundle of removed.filter(isLost)) {
      const name = `${owner} ${bundle.version}`;
      const updates = bundle.updates || found.get(name)?.updates === true;
      found.set(name, { name, owner, version: bundle.version, updates });
    }
  }
  return [...found.values()].sort((a, b) => compareText(a.name, b.name));
}

/** Lists operators that come, each once, by name. */
export function newOperators({ operators = [] }: Pick<Plan, 'operators'>): readonly string[] {
  const names = operators.flatMap(({ package: owner, added }) =>
    added.map((version) => `${owner} ${version}`),
  );
  return sortedUnique(names);
}

/** Gives the channels in which something changes. */
export function changedChannels({
  operators = [],
}: Pick<Plan, 'operators'>): readonly OperatorChannel[] {
  return operators.filter(({ added, removed }) => added.length + removed.length > 0);
}
