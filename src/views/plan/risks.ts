import type { Plan } from '../../plan/index.ts';
import { findContentRisks } from './content-risks.ts';
import { findOperatorRisks } from './operator-risks.ts';
import { findRegistryRisks } from './registry-risks.ts';
import { findReleaseRisks } from './release-risks.ts';
import { findResourceRisks } from './resource-risks.ts';
import { type Risk, sortRisks } from './risk.ts';

/** Finds what to know before a plan is approved, the worst first. */
export function findRisks(plan: Plan): Risk[] {
  return sortRisks([
    ...findReleaseRisks(plan),
    ...findOperatorRisks(plan),
    ...findContentRisks(plan),
    ...findRegistryRisks(plan),
    ...findResourceRisks(plan),
  ]);
}
