import { compareChanges, compareText } from '../base/index.ts';
import { sortDiagnostics } from '../diagnostic.ts';
import { isAttached, placeKey, type TargetPlace } from '../imageset/index.ts';
import { splitName } from '../oci/index.ts';
import { type Candidate, findCandidates, otherImageSets } from './candidates.ts';
import { type Change, countActions, isOfPlace } from './change.ts';
import { observedTag } from './content.ts';
import { countMirrored, diagnoseDeleteExcess, findDeleteExcess } from './delete-bound.ts';
import { decideWanted } from './desired.ts';
import { planDigest } from './digest.ts';
import { measure } from './measure.ts';
import { narrowGraphs, summarizeReleases } from './releases.ts';
import { decideRemovals } from './removals.ts';
import { markSucceeded } from './successors.ts';
import type { OperatorChannel, Plan, PlanInput, PlanTarget, StaleImages } from './types.ts';
import { joinBefore, joinWanted, stateByPlace } from './wanted.ts';

/** Says why images are not removed although they look unwanted. Attachments are not counted, because they go with their image. */
function withheld(
  candidates: readonly Candidate[],
  why: { readonly summary: string; readonly detail: string },
) {
  const count = candidates.filter(({ mirrored }) => !mirrored || !isAttached(mirrored)).length;
  if (count === 0) return [];
  const images =
    count === 1 ? '1 image looks unwanted and stays' : `${count} images look unwanted and stay`;
  const { summary, detail } = why;
  return [
    {
      severity: 'warning',
      code: 'incomplete-collection',
      summary,
      detail: `${images}. ${detail}`,
    } as const,
  ];
}

const nothingWanted = {
  summary: 'The image sets ask for nothing at all, so nothing is deleted.',
  detail:
    'An empty collection is more often a mistake than a wish; to empty the target, remove all but one image first.',
};

const notCollected = {
  summary: 'Not everything could be collected; what it may have wanted stays.',
  detail: 'Mend the errors and plan again.',
};

function decide(input: PlanInput) {
  const after = joinWanted(input.after);
  const before = joinBefore(input.before);
  const known = {
    observation: input.observation,
    state: stateByPlace(input.state),
    before: new Map(before.map((asked) => [placeKey(asked.target), asked])),
  };
  const wanted = after.map((placement) => decideWanted(placement, known));
  const found = findCandidates(input, before, new Set(wanted.map(placeKey)));
  const isEmpty = after.length === 0 && !input.explicit;
  if (isEmpty) return { changes: wanted, diagnostics: withheld(found, nothingWanted) };
  const isKept = ({ key }: Candidate) => input.withheld?.has(key) === true;
  const candidates = found.filter((one) => !isKept(one));
  const patternFor = protector(input.options.protect, input.target);
  const removals = decideRemovals(candidates, wanted, {
    ...input,
    protectedBy: ({ place, mirrored, asked }) =>
      patternFor(place, asked?.origin ?? mirrored?.origin ?? ''),
  });
  const kept = withheld(found.filter(isKept), notCollected);
  return {
    changes: [...wanted, ...removals.changes],
    diagnostics: [...removals.diagnostics, ...kept],
  };
}

function compareChannels(a: OperatorChannel, b: OperatorChannel): number {
  return (
    compareText(a.catalog, b.catalog) ||
    compareText(a.package, b.package) ||
    compareText(a.channel, b.channel)
  );
}

/**
 * Decides what will be done with a target: pure, the same for the same facts in whatever order they come.
 *
 * Wanted images are mirrored, retagged or kept; others are deleted, untagged or held. Nothing is removed when nothing is
 * wanted at all, and nothing that an entry which could not be collected may have wanted. A plan over `max-delete` has a
 * finding of its own.
 * @see DESIGN, laws 2, 7 to 10
 */
export function createPlan(input: PlanInput): Plan {
  const decided = decide(input);
  const marked = markSucceeded(decided.changes, input);
  const { changes, bytes } = measure(marked.toSorted(compareChanges), input);
  const { tool, target, base, head, options, edits, operators = [], notReceived = [] } = input;
  const excess = findDeleteExcess({ changes, options }, countMirrored({ changes }, input.state));
  const bound = excess ? [diagnoseDeleteExcess(excess)] : [];
  const stale = findStale(changes, input);
  const releases = summarizeReleases(changes, input);
  const plan = { formatVersion: '1.1', tool, target, base, head, options, edits, changes } as const;
  return {
    ...plan,
    digest: planDigest(plan),
    imageSets: input.imageSets.toSorted((a, b) => compareText(a.name, b.name)),
    speaksFor: [...input.ownImageSets].sort(compareText),
    releases,
    graphs: narrowGraphs(input.graphs, releases, input.running?.releases).toSorted(
      (a, b) => compareText(a.channel, b.channel) || compareText(a.architecture, b.architecture),
    ),
    ...(input.repository !== undefined && { repository: input.repository }),
    ...(notReceived.length > 0 && {
      notReceived: notReceived.toSorted((a, b) => compareText(a.name, b.name)),
    }),
    ...(input.running && { running: input.running }),
    ...(input.lacks && { lacks: input.lacks }),
    ...(input.explicit && { explicit: true as const }),
    ...(input.incomplete && { incomplete: true as const }),
    ...(stale && { stale }),
    ...(operators.length > 0 && { operators: operators.toSorted(compareChannels) }),
    diagnostics: sortDiagnostics([...input.diagnostics, ...decided.diagnostics, ...bound]),
    totals: { ...countActions(changes), ...bytes },
  };
}

type StaleFacts = Pick<
  PlanInput,
  'state' | 'ownImageSets' | 'observation' | 'withheld' | 'after' | 'explicit'
>;

/** Releases come before what belongs to none. */
function keyOf({ release, kind }: StaleImages['groups'][number]): string {
  return release === undefined ? `~${kind}` : release;
}

/**
 * Finds what is mirrored, what no image set wants any more, and what no change speaks of; `undefined` for nothing.
 *
 * An image that an image set of the run once wanted counts as soon as the image set does not ask for it any more, whether
 * or not a change removes it. An image does not count while an entry that may want it could not be collected.
 * Signatures do not count.
 */
function findStale(
  changes: readonly Change[],
  { state, ownImageSets, observation, withheld, after, explicit }: StaleFacts,
): StaleImages | undefined {
  if (after.length === 0 || explicit) return undefined;
  const spoken = new Set(changes.filter(isOfPlace).map(placeKey));
  const stale = state.filter((place) => {
    const key = placeKey(place);
    const isOpen = spoken.has(key) || withheld?.has(key) === true;
    const isFree = otherImageSets(place, ownImageSets).length === 0;
    return (
      !isAttached(place) && !isOpen && isFree && observedTag(observation, place).is !== 'absent'
    );
  });
  if (stale.length === 0) return undefined;
  const kept = new Set(changes.map(({ digest }) => digest));
  const sizes = new Map(stale.map(({ digest, size }) => [digest, kept.has(digest) ? 0 : size]));
  const groups = Map.groupBy(stale, ({ release, kind }) => release?.version ?? kind);
  return {
    count: stale.length,
    bytes: [...sizes.values()].reduce((sum, size) => sum + size, 0),
    groups: [...groups]
      .flatMap(([, [first, ...more]]) => {
        if (!first) return [];
        const { release, kind } = first;
        const count = more.length + 1;
        return [release ? { release: release.version, count } : { kind, count }];
      })
      .sort((a, b) => compareText(keyOf(a), keyOf(b))),
  };
}

function matcher(glob: string): RegExp {
  const parts = glob.split(/(\*+)/).map((part) => {
    if (part === '*') return '[^/]*';
    return part.startsWith('*') ? '.*' : part.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('')}$`, 's');
}

/**
 * Makes the test for `protect`: gives the first pattern that names an image.
 *
 * Shape: `*` stands for anything within a path segment (the tag belongs to the last one), `**` for anything. A pattern is
 * tried against `repository:tag`, the same with the target's registry in front, and the origin. A pattern without a tag
 * names all tags.
 */
export function protector(
  patterns: readonly string[],
  target: PlanTarget,
): (place: TargetPlace, origin: string) => string | undefined {
  const matchers = patterns.map((pattern) => ({ pattern, expression: matcher(pattern) }));
  return ({ repository, tag }, origin) => {
    const local = [`${repository}:${tag}`, repository];
    const names = [...local, ...local.map((name) => `${target.registry}/${name}`)];
    names.push(origin, splitName(origin).name);
    return matchers.find(({ expression }) => names.some((name) => expression.test(name)))?.pattern;
  };
}
