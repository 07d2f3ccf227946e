import type { Plan } from '../../plan/index.ts';
import type { UpdateRisk } from '../../release/index.ts';
import {
  agree,
  clip,
  formatCount,
  joinPhrases,
  listNamed,
  name,
  type Phrase,
  say,
  textSentence,
} from '../text/index.ts';
import type { Risk } from './risk.ts';
import { uniqueRisks } from './risk-index.ts';
import { type ConditionalUpdate, findConditionalArrivals, findWeakenedUpdates } from './updates.ts';
import { joinReleases } from './words.ts';

/** A line about updates that names risks of them. */
export interface ConditionalRisk extends Risk {
  readonly named: readonly UpdateRisk[];
}

/** Lines about conditional updates that a view shows for each kind; the report lists all. */
const maxLines = 3;

/** Risks of updates that a line names, and that are explained. */
const maxNamed = 3;

/** The longest message that is shown, in characters. */
const longestMessage = 300;

/** Gives the risks because of which an update is not recommended: those of every cluster, if there are any. */
export function decisiveRisks(risks: readonly UpdateRisk[]): readonly UpdateRisk[] {
  const certain = risks.filter(({ always }) => always);
  return certain.length > 0 ? certain : risks;
}

/** Says to whom an update is recommended: `only to clusters without the risk X`. */
function describeAudience(risks: readonly UpdateRisk[]): Phrase {
  const named = decisiveRisks(risks);
  const names = named.map((risk) => risk.name);
  const list = say`${agree(named.length, 'risk', 'risks')} ${listNamed(names, maxNamed)}`;
  const isNobody = named.some(({ always }) => always);
  return isNobody ? say`to no cluster (${list})` : say`only to clusters without the ${list}`;
}

/** Qualifies an update that a sentence has just named; empty where it has no risks. */
export function qualifyUpdate(risks: readonly UpdateRisk[]): Phrase {
  return risks.length === 0 ? [] : say`, which is recommended ${describeAudience(risks)}`;
}

/** Makes a line about updates; `risks` are those that it names. */
export function conditionalRisk(risk: Risk, risks: readonly UpdateRisk[]): ConditionalRisk {
  return { ...risk, named: decisiveRisks(risks).slice(0, maxNamed) };
}

function firstSentence(text: string): string {
  const [first = ''] = /^.*?[.!?](?=\s+\p{Lu}|$)|^.*$/su.exec(textSentence(text)) ?? [];
  return clip(first, longestMessage);
}

function explain({ name: called, message, url }: UpdateRisk): Phrase {
  const parts = [
    ...(message === '' ? [] : [say`“${firstSentence(message)}”`]),
    ...(url === '' ? [] : [[name(url)]]),
  ];
  return parts.length === 0 ? [name(called)] : say`${name(called)} (${joinPhrases(parts, ' ')})`;
}

/** Explains the risks that other lines name, in the words of the update service, and how a cluster gets on all the same. */
export function explainRisks(lines: readonly ConditionalRisk[]): Risk[] {
  const risks = uniqueRisks(lines.flatMap(({ named }) => named));
  if (risks.length === 0) return [];
  const told = risks.slice(0, maxNamed).map(explain);
  const rest = risks.length - told.length;
  const more = rest > 0 ? [say`${rest} more in the report`] : [];
  const text = say`Known risks of updates: ${joinPhrases([...told, ...more], '; ')}. On a cluster, ${name('oc adm upgrade --include-not-recommended')} shows what applies there, and ${name('--allow-not-recommended')} updates all the same.`;
  return [{ harm: 'care', text }];
}

/** A cluster at each of `from` reaches each of `to` under the same risks. */
interface Group {
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly risks: readonly UpdateRisk[];
}

/** Prepares keys by which updates with the same audience are the same. */
function audienceKeys(): (risks: readonly UpdateRisk[]) => string {
  const known = new Map<readonly UpdateRisk[], string>();
  return (risks) => {
    const key = known.get(risks) ?? JSON.stringify(decisiveRisks(risks).map((one) => one.name));
    known.set(risks, key);
    return key;
  };
}

/** Joins updates with equal risks: first those from one version, then those to the same versions. */
function groupUpdates(updates: readonly ConditionalUpdate[]): Group[] {
  const keyOf = audienceKeys();
  const starts = Map.groupBy(updates, ({ from, risks }) => `${from} ${keyOf(risks)}`);
  const lines = [...starts.values()].flatMap((same) => {
    const [first] = same;
    return first ? [{ ...first, to: same.map(({ to }) => to) }] : [];
  });
  const groups = Map.groupBy(lines, ({ to, risks }) => `${to.join()} ${keyOf(risks)}`);
  return [...groups.values()].flatMap((same) => {
    const [first] = same;
    return first ? [{ ...first, from: same.map(({ from }) => from) }] : [];
  });
}

function tellEach(
  updates: readonly ConditionalUpdate[],
  tell: (group: Group) => Phrase,
): ConditionalRisk[] {
  const groups = groupUpdates(updates);
  const lines = groups
    .slice(0, maxLines)
    .map((group) => conditionalRisk({ harm: 'care', text: tell(group) }, group.risks));
  const more = groups.slice(maxLines);
  if (more.length === 0) return lines;
  const count = more.reduce((sum, { from, to }) => sum + from.length * to.length, 0);
  const text = say`${formatCount(count, 'more update')} between releases ${agree(count, 'has', 'have')} known risks; the report lists them.`;
  return [...lines, { harm: 'care', text, named: [] }];
}

/** Finds updates with known risks where the plan leaves, or brings, no other way. */
export function findConditionalRisks(plan: Plan): ConditionalRisk[] {
  const weakened = tellEach(findWeakenedUpdates(plan), ({ from, to, risks }) => {
    return say`Without the releases that go, the update from ${joinReleases(from)} to ${joinReleases(to)} is recommended ${describeAudience(risks)}. Keep those releases, or update these clusters first.`;
  });
  const arrivals = tellEach(findConditionalArrivals(plan), ({ from, to, risks }) => {
    return say`For clusters at ${joinReleases(from)}, the update to ${joinReleases(to)} is recommended ${describeAudience(risks)}.`;
  });
  return [...weakened, ...arrivals];
}
