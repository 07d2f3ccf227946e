import type { Ability } from '../../mirror/index.ts';
import type { Plan } from '../../plan/index.ts';
import { agree, formatCount, name, type Phrase, say } from '../text/index.ts';
import type { Risk } from './risk.ts';

type Totals = Plan['totals'];

/** The effect of each lack on a plan; none where the plan does not need the ability. */
const effects: Partial<Readonly<Record<Ability, (totals: Totals) => Phrase>>> = {
  deleteByDigest: ({ delete: count }) =>
    count === 0
      ? []
      : say`does not delete: ${formatCount(count, 'image')} will be held. Enable deletion there first (Distribution: ${name('storage.delete.enabled: true')})`,
  moveTag: ({ retag: count }) =>
    count === 0
      ? []
      : say`does not let tags move: ${formatCount(count, 'tag')} ${agree(count, 'keeps its', 'keep their')} old content. Exempt them from immutability`,
  listAllTags: ({ delete: count }) =>
    count === 0
      ? []
      : say`leaves tags out of its lists: what is deleted by digest there will be held`,
};

/** Finds what will be held because of abilities that the registry lacked when it was probed. */
export function findRegistryRisks({ lacks, totals }: Plan): Risk[] {
  if (!lacks) return [];
  return lacks.abilities.flatMap((ability) => {
    const effect = effects[ability]?.(totals) ?? [];
    if (effect.length === 0) return [];
    return [{ harm: 'care', text: say`The registry ${effect} (probed ${lacks.at.slice(0, 10)}).` }];
  });
}
