import { sortedUnique } from '../../base/index.ts';
import type { Plan } from '../../plan/index.ts';
import { describeKind, type ResourceChange } from '../../resources/index.ts';
import { agree, joinPhrases, listNamed, type Phrase, say } from '../text/index.ts';
import { hasDeeds } from './headline.ts';
import type { Risk } from './risk.ts';

/** Names that a sentence lists. */
const maxNames = 5;

function listNames(names: readonly string[]): Phrase {
  return listNamed(sortedUnique(names), maxNames);
}

/**
 * Tells whether the cluster's mirror rules change: nodes that take new ones are drained.
 *
 * A source that moves to another set is still served, but the nodes take the new sets all the same.
 */
function mirrorSets(resources: readonly ResourceChange[]): Risk {
  const rules = resources.filter(({ kind }) => describeKind(kind).holds === 'rules');
  if (rules.length === 0) {
    return { harm: 'note', text: say`IDMS and ITMS do not change: no node is drained.` };
  }
  const [come, go] = [
    rules.filter(({ from }) => from === undefined),
    rules.filter(({ to }) => to === undefined),
  ];
  const other = rules.filter(({ from, to }) => from !== undefined && to !== undefined);
  const sources = (found: readonly ResourceChange[]) =>
    listNames(found.map(({ source = '' }) => source));
  const parts = [
    ...(come.length > 0 ? [say`new rules for ${sources(come)}`] : []),
    ...(other.length > 0 ? [say`other mirrors for ${sources(other)}`] : []),
    ...(go.length > 0 ? [say`no more rule for ${sources(go)}`] : []),
  ];
  const text = say`IDMS and ITMS change (${joinPhrases(parts, '; ')}): nodes of a cluster that takes the new ones drain once, one after another.`;
  return { harm: 'care', text };
}

function catalogSources(resources: readonly ResourceChange[]): Risk[] {
  const sources = resources.filter(({ kind }) => kind === 'CatalogSource');
  const come = sources.filter(({ from }) => from === undefined);
  const go = sources.filter(({ to }) => to === undefined);
  const names = (found: readonly ResourceChange[]) => listNames(found.map((one) => one.name));
  const instead = come.length > 0 ? say` (new: ${names(come)})` : [];
  const gone = say`CatalogSource ${names(go)} ${agree(go.length, 'goes', 'go')} with ${agree(go.length, 'its catalog', 'their catalogs')}: Subscriptions that name ${agree(go.length, 'it', 'one of them')} get nothing. Let them name another first${instead}.`;
  const added = say`CatalogSource ${names(come)} ${agree(come.length, 'is', 'are')} new: clusters get ${agree(come.length, 'it', 'them')} with the cluster resources of the apply.`;
  if (go.length > 0) return [{ harm: 'danger', text: gone }];
  return come.length > 0 ? [{ harm: 'note', text: added }] : [];
}

/** Finds the risks of changed cluster resources, with which clusters find the mirror. */
export function findResourceRisks(plan: Plan): Risk[] {
  const { resources } = plan;
  if (!resources || !hasDeeds(plan)) return [];
  return [...catalogSources(resources), mirrorSets(resources)];
}
