import type { ImageKind } from '../../imageset/index.ts';
import { sortedUnique } from '../order.ts';
import type { Change, Plan } from '../types.ts';
import { hasDeeds } from './headline.ts';
import { joinPhrases, listPhrases, name, say } from './phrase.ts';
import type { Risk } from './risk.ts';

/** Pulled by their mirrored name, so that no mirror rule is written for them. */
const withoutRule: ReadonlySet<ImageKind> = new Set(['operatorCatalog', 'cincinnatiGraph']);

/** Everything of a change that a mirror rule can depend on. */
function ruleKey({ kind, origin, repository }: Change): string {
  const [path = '', digest] = origin.split('@');
  const colon = path.lastIndexOf(':');
  const hasTag = colon > path.lastIndexOf('/');
  const source = hasTag ? path.slice(0, colon) : path;
  const form = `${hasTag ? 'tag' : ''}${digest === undefined ? '' : 'digest'}`;
  return JSON.stringify([source, repository, form, kind]);
}

function rulesOf(changes: readonly Change[]): Set<string> {
  return new Set(changes.filter(({ kind }) => !withoutRule.has(kind)).map(ruleKey));
}

function wasThere({ action, reason }: Change): boolean {
  return action !== 'mirror' || reason === 'missing';
}

function staysWanted({ action, reason }: Change): boolean {
  if (action === 'hold') return reason === 'wanted-elsewhere';
  return action !== 'delete' && action !== 'untag';
}

function sourcesOf(rules: readonly string[]) {
  const sources = sortedUnique(rules.map((rule) => String((JSON.parse(rule) as unknown[])[0])));
  return listPhrases(
    sources.map((source) => [name(source)]),
    5,
  );
}

/**
 * Tells whether the cluster's mirror rules change: nodes that take new ones are drained.
 *
 * A rule depends on where an image comes from and where it lies. When no such pair comes or goes, IDMS and ITMS stay as
 * they are, whatever their scope; when one does, they do, or at
 * most they keep a wider rule that covers it.
 */
export function findMirrorSetRisks(plan: Plan): Risk[] {
  if (!hasDeeds(plan)) return [];
  const before = rulesOf(plan.changes.filter(wasThere));
  const after = rulesOf(plan.changes.filter(staysWanted));
  const come = [...after].filter((rule) => !before.has(rule));
  const go = [...before].filter((rule) => !after.has(rule));
  if (come.length === 0 && go.length === 0) {
    return [{ harm: 'note', text: say`IDMS and ITMS do not change: no node is drained.` }];
  }
  const parts = [
    ...(come.length > 0 ? [say`new rules for ${sourcesOf(come)}`] : []),
    ...(go.length > 0 ? [say`no rule any more for ${sourcesOf(go)}`] : []),
  ];
  const text = say`IDMS and ITMS change (${joinPhrases(parts, '; ')}): a cluster that takes the new ones drains its nodes one after another.`;
  return [{ harm: 'care', text }];
}
