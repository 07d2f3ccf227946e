import { checkLimit, isRecord } from '../base/index.ts';
import { releaseLimits } from './limits.ts';

/** A known issue because of which an update is not recommended to the clusters that have it. */
export interface UpdateRisk {
  readonly name: string;
  /** A sentence or more; may be empty. */
  readonly message: string;
  /** The page about it; may be empty. */
  readonly url: string;
  /** Every cluster has it; else each cluster finds out by a query of its own. */
  readonly always?: true;
}

/** Updates, as pairs of versions, that are recommended only to clusters that have none of the risks. */
export interface ConditionalUpdates {
  readonly edges: readonly (readonly [string, string])[];
  readonly risks: readonly UpdateRisk[];
}

function listAt(value: unknown, key: string): readonly unknown[] {
  const found = isRecord(value) ? value[key] : undefined;
  return Array.isArray(found) ? found : [];
}

function textAt(value: unknown, key: string): string {
  const found = isRecord(value) ? value[key] : undefined;
  return typeof found === 'string' ? found.slice(0, releaseLimits.riskText.most) : '';
}

function readRisk(value: unknown): UpdateRisk[] {
  const [name, message, url] = ['name', 'message', 'url'].map((key) => textAt(value, key));
  if (!name) return [];
  // A cluster asks the first rule that it knows; a rule of another type it skips.
  const types = listAt(value, 'matchingRules').map((rule) => textAt(rule, 'type'));
  const isCertain = types.find((type) => type === 'Always' || type === 'PromQL') === 'Always';
  const risk = { name, message: message ?? '', url: url ?? '' };
  return [isCertain ? { ...risk, always: true } : risk];
}

/**
 * Reads the conditional edges of an update graph: `{edges[]{from, to}, risks[]{name, message, url, matchingRules[]}}`.
 *
 * Nothing is chosen by them, so an entry that cannot be read is left out, and so is an edge to a release that is not `known`.
 * Long texts are cut.
 * @throws ContentError `TOO_LARGE` past the limits of this layer.
 * @see Cincinnati, "Graph API", conditional edges
 */
export function readConditionalEdges(
  values: unknown,
  known: ReadonlySet<string>,
): readonly ConditionalUpdates[] {
  const groups = Array.isArray(values) ? (values as readonly unknown[]) : [];
  const count = (key: string) => groups.reduce<number>((n, one) => n + listAt(one, key).length, 0);
  checkLimit('The update graph', count('edges'), releaseLimits.graphEdges);
  checkLimit('The update graph', count('risks'), releaseLimits.graphRisks);
  return groups.flatMap((group) => {
    const edges = listAt(group, 'edges').flatMap((edge) => {
      const [from, to] = [textAt(edge, 'from'), textAt(edge, 'to')];
      return known.has(from) && known.has(to) ? [[from, to] as const] : [];
    });
    const risks = listAt(group, 'risks').flatMap(readRisk);
    return edges.length > 0 && risks.length > 0 ? [{ edges, risks }] : [];
  });
}
