import { RE2JS } from 're2js';
import { compareText } from '../base/index.ts';
import type { Diagnostic } from '../diagnostic.ts';
import type { Descriptor } from '../oci/index.ts';
import {
  type CollectedPart,
  type Collection,
  type Collector,
  type ContentKind,
  collectionFailure,
  contentKinds,
} from './collector.ts';
import type { ImageSet } from './config.ts';
import { sourceText } from './mapping.ts';
import { type Placement, placeKey, type TargetPlace } from './placement.ts';
import { isInside, limitNesting, type TargetArea } from './target-name.ts';

/** A placement whose content may already be fixed. */
export type MaybePinned = Placement & { readonly content?: Descriptor };

function contentOf(placement: MaybePinned): string | undefined {
  return placement.content?.digest ?? placement.source.digest;
}

function differ(a: MaybePinned, b: MaybePinned): boolean {
  const [left, right] = [contentOf(a), contentOf(b)];
  if (left !== undefined && right !== undefined) return left !== right;
  return sourceText(a) !== sourceText(b);
}

function conflict(first: MaybePinned, later: MaybePinned): Diagnostic {
  const [owner, cause] = [first.causes[0], later.causes[0]];
  const where = owner ? ` (${owner.at.file}:${owner.at.line})` : '';
  return {
    severity: 'error',
    code: 'placement-conflict',
    summary: 'Two different images want the same tag of the target; one would be lost.',
    detail: `${placeKey(later.target)} is wanted by ${first.origin}${where} and by ${later.origin}. Give one of them another targetRepo or targetTag.`,
    text: later.origin,
    ...(cause && { at: cause.at }),
  };
}

/**
 * Finds places of the target that two placements claim with different content, at the later one's line.
 *
 * Digests are compared where both are known, else sources. The placements may belong to several image sets. oc-mirror lets
 * the last one win in silence.
 */
export function findConflicts(placements: readonly MaybePinned[]): Diagnostic[] {
  const owners = new Map<string, MaybePinned>();
  return placements.flatMap((placement) => {
    const key = placeKey(placement.target);
    const owner = owners.get(key);
    if (!owner) owners.set(key, placement);
    return owner && differ(owner, placement) ? [conflict(owner, placement)] : [];
  });
}

function withoutTransport(text: string): string {
  return text.includes('://') ? (text.split('://')[1] ?? '') : text;
}

function compile(pattern: string): RE2JS | undefined {
  try {
    return RE2JS.compile(pattern);
  } catch {
    // A pattern that does not compile is refused where the file is read.
    return undefined;
  }
}

/**
 * Gives the test for images that a configuration blocks.
 *
 * Shape: each pattern is an RE2 expression, unanchored, tried against the origin and against the destination
 * (`host/prefix/path:tag`), both without transport. `registry` is the target's host.
 * @see oc-mirror v2, `blockedImages`
 */
export function blockedImages(
  patterns: readonly { readonly name: string }[],
  registry: string,
): (placement: Placement) => boolean {
  const compiled = patterns.map(({ name }) => compile(name)).filter((found) => found !== undefined);
  return ({ origin, target }) => {
    const destination = `${registry}/${target.repository}:${target.tag}`;
    return compiled.some((pattern) =>
      [withoutTransport(origin), destination].some((text) => pattern.matcher(text).find()),
    );
  };
}

/** The target of a collection. */
export interface CollectOptions extends TargetArea {
  /** Host of the target; blocked-image patterns are tried against it too. */
  readonly registry: string;
}

/** oc-mirror sorts the images of releases by origin, source and destination, and no other images. */
function sortReleases(placements: readonly Placement[]): readonly Placement[] {
  return placements.toSorted(
    (a, b) =>
      compareText(a.origin, b.origin) ||
      compareText(sourceText(a), sourceText(b)) ||
      compareText(placeKey(a.target), placeKey(b.target)),
  );
}

/** Joins neighbours that are the same image at the same place; the causes of both stay. */
function joinNeighbours(placements: readonly Placement[]): Placement[] {
  const joined: Placement[] = [];
  for (const placement of placements) {
    const last = joined.at(-1);
    const same =
      last !== undefined &&
      last.origin === placement.origin &&
      placeKey(last.target) === placeKey(placement.target);
    if (same) {
      const known = new Set(last.causes.map(({ path }) => path));
      const more = placement.causes.filter(({ path }) => !known.has(path));
      joined[joined.length - 1] = { ...last, causes: [...last.causes, ...more] };
    } else {
      joined.push(placement);
    }
  }
  return joined;
}

function shortenedPlace({ repository, tag }: TargetPlace, max: number): TargetPlace {
  return { repository: limitNesting(repository, max), tag };
}

function shortened(placement: Placement, max: number): Placement {
  const { target, staging } = placement;
  return {
    ...placement,
    target: shortenedPlace(target, max),
    ...(staging && { staging: { ...staging, place: shortenedPlace(staging.place, max) } }),
  };
}

/** Refuses images that would lie in the repositories of this tool: they could overwrite its state. */
function withoutReserved(part: CollectedPart, kind: ContentKind, area: TargetArea): CollectedPart {
  const { placements, failures, gaps = [] } = part;
  const reserved = placements.filter(({ target }) => !isInside(area, target.repository));
  if (reserved.length === 0) return part;
  const refused = reserved.map(({ target, origin, causes }) => {
    const summary = `An image would be written to ${target.repository}, which belongs to this tool.`;
    return collectionFailure(
      { kind, message: `${origin}: ${summary}` },
      {
        code: 'placement-reserved',
        summary,
        detail: 'Give it another name in the target; nothing else may lie below imageset-mirror/.',
        text: origin,
        at: causes[0]?.at,
      },
    );
  });
  return {
    ...part,
    placements: placements.filter((one) => !reserved.includes(one)),
    failures: [...failures, ...refused],
    diagnostics: [...part.diagnostics, ...refused.map(({ diagnostic }) => diagnostic)],
    gaps: [...gaps, ...reserved.flatMap(({ causes }) => causes)],
  };
}

/**
 * Collects everything that one image set asks for.
 *
 * Order: releases, operators, additional images, helm; within each kind the order of oc-mirror. Blocked images and
 * repeated neighbours are left out. Two images that claim one tag are a diagnostic, and both stay in the list. A kind
 * is collected even if another one fails: one run tells everything that is wrong.
 * @see oc-mirror v2, collection
 */
export async function collectImageSet(
  imageSet: ImageSet,
  collectors: readonly Collector[],
  options: CollectOptions,
): Promise<Collection> {
  // Deletion has no blocked images: what was once mirrored may go.
  const isDelete = imageSet.kind === 'DeleteImageSetConfiguration';
  const patterns = isDelete ? [] : (imageSet.mirror.blockedImages ?? []);
  const isBlocked = blockedImages(patterns, options.registry);
  const ordered = contentKinds.flatMap((kind) => collectors.filter((found) => found.kind === kind));
  const max = options.maxNestedPaths ?? 0;
  const parts = await Promise.all(
    ordered.map(async (collector) => {
      const { kind } = collector;
      const part = await collector.collect(imageSet, options.prefix);
      const sorted = kind === 'release' ? sortReleases(part.placements) : part.placements;
      const allowed = joinNeighbours(sorted.filter((placement) => !isBlocked(placement)));
      const placements = allowed.map((one) => shortened(one, max));
      return withoutReserved({ ...part, placements }, kind, options);
    }),
  );
  const placements = parts.flatMap((part) => part.placements);
  return {
    imageSet,
    placements,
    releases: parts.flatMap((part) => part.releases),
    signatures: parts.flatMap((part) => part.signatures),
    graphs: parts.flatMap((part) => part.graphs),
    clusterPolicies: parts.flatMap((part) => part.clusterPolicies ?? []),
    charts: parts.flatMap((part) => part.charts ?? []),
    catalogs: parts.flatMap((part) => part.catalogs ?? []),
    diagnostics: [...parts.flatMap((part) => part.diagnostics), ...findConflicts(placements)],
    failures: parts.flatMap((part) => part.failures),
    gaps: parts.flatMap((part) => part.gaps ?? []),
  };
}
