import type { Diagnostic } from '../../diagnostic.ts';
import { MirrorError, type SourcePosition } from '../../errors.ts';
import { openLayout } from '../../image/index.ts';
import {
  type CollectedPart,
  type CollectionFailure,
  type Collector,
  collectionFailure,
  emptyPart,
} from '../collector.ts';
import { type AdditionalImage, type ImageSet, invalidPlatform, platformFault } from '../config.ts';
import { causeAt } from '../entries.ts';
import {
  dockerTransport,
  grammarFault,
  type ImageSpec,
  layoutTransport,
  pullSource,
  readImageSpec,
} from '../image-spec.ts';
import type { Placement, Source } from '../placement.ts';
import { additionalPlace, isTargetPath, withPrefix } from '../target-name.ts';
import { archiveRegistry, type WorkspaceImages } from './workspace-images.ts';

type Entry =
  | { readonly placement: Placement; readonly failure?: CollectionFailure }
  | { readonly placement?: undefined; readonly failure: CollectionFailure };

function failure(message: string, finding: Omit<Diagnostic, 'severity'>): CollectionFailure {
  return collectionFailure({ kind: 'additional', message }, { detail: message, ...finding });
}

function sourceOf(spec: ImageSpec): Source {
  // A directory has no registry; its source is found when it is opened.
  return spec.transport === dockerTransport
    ? pullSource(spec)
    : { registry: '', repository: spec.path };
}

interface AdditionalEntry {
  readonly imageSet: ImageSet;
  readonly index: number;
  readonly image: AdditionalImage;
}

function positionOf({ imageSet, index }: AdditionalEntry, field: string): SourcePosition {
  return causeAt(imageSet, 'additionalImages', index, field).at;
}

function readSpec(entry: AdditionalEntry): ImageSpec | CollectionFailure {
  const { name } = entry.image;
  const { spec, error } = readImageSpec(name);
  if (spec) return spec;
  return failure(`parse image "${name}": ${error.message}`, {
    code: 'invalid-reference',
    summary: 'This is not an image that can be mirrored.',
    detail: `${error.message}. ${error.hint ?? ''}`.trim(),
    text: name,
    at: positionOf(entry, 'name'),
  });
}

function targetFault(entry: AdditionalEntry): CollectionFailure | undefined {
  const { name, targetRepo } = entry.image;
  if (!targetRepo || isTargetPath(targetRepo)) return undefined;
  return failure(`invalid targetRepo ${targetRepo} for image ${name}`, {
    code: 'invalid-target-repo',
    summary: 'targetRepo is a path of lower-case names without host, tag or digest.',
    text: targetRepo,
    at: positionOf(entry, 'targetRepo'),
  });
}

function platformFailure(entry: AdditionalEntry): CollectionFailure | undefined {
  const { name, platforms } = entry.image;
  const fault = platformFault(platforms);
  if (fault === undefined) return undefined;
  const finding = { ...invalidPlatform, text: name, at: positionOf(entry, 'platforms') };
  return failure(`invalid platform for image "${name}": ${fault}`, finding);
}

/** The means to collect additional images. */
export interface AdditionalCollectorOptions {
  /** Images of directories become known here. */
  readonly images: WorkspaceImages;
  /** `archive`: it has the images of directories too, under the path of their mirror. */
  readonly sources?: 'archive' | undefined;
}

/**
 * Gives the source of an image in a directory: the directory itself, or where an archive keeps it.
 * @throws ContentError when the directory is no image layout
 */
async function sourceOfLayout(
  placement: Placement,
  prefix: string,
  { images, sources }: AdditionalCollectorOptions,
): Promise<Source> {
  const { source, target } = placement;
  if (sources === 'archive') {
    const { length } = withPrefix(prefix, '');
    return { ...target, registry: archiveRegistry, repository: target.repository.slice(length) };
  }
  const { root, repository } = await openLayout(source.repository);
  return images.add(root.descriptor.digest, repository);
}

/** Finds the source of an entry that names a directory; every other entry has it. */
async function withLayout(
  entry: AdditionalEntry,
  prefix: string,
  options: AdditionalCollectorOptions,
): Promise<Entry> {
  const collected = collectOne(entry, prefix);
  const { placement } = collected;
  if (!placement || !entry.image.name.startsWith(layoutTransport)) return collected;
  try {
    const source = await sourceOfLayout(placement, prefix, options);
    return { ...collected, placement: { ...placement, source } };
  } catch (thrown) {
    // A dry run lists it all the same, as oc-mirror does; pinning refuses it.
    if (!(thrown instanceof MirrorError)) throw thrown;
    return collected;
  }
}

function collectOne(entry: AdditionalEntry, prefix: string): Entry {
  const { image, imageSet, index } = entry;
  const spec = readSpec(entry);
  if ('diagnostic' in spec) return { failure: spec };
  const misplaced = targetFault(entry);
  if (misplaced) return { failure: misplaced };
  const placement: Placement = {
    source: sourceOf(spec),
    target: additionalPlace(prefix, image, spec),
    kind: 'generic',
    origin: spec.transport === dockerTransport ? spec.reference : image.name,
    causes: [causeAt(imageSet, 'additionalImages', index)],
    ...(image.platforms && image.platforms.length > 0 && { platforms: image.platforms }),
  };
  const unfit = platformFailure(entry);
  return unfit ? { placement, failure: unfit } : { placement };
}

/** Names that oc-mirror lists in a dry run although no registry takes them. */
function impossibleName(placement: Placement): Diagnostic[] {
  const { source, target, causes, origin } = placement;
  const fault = (source.registry === '' ? undefined : grammarFault(source)) ?? grammarFault(target);
  if (fault === undefined) return [];
  const at = causes[0]?.at;
  const detail = `${fault}.`;
  const summary = 'No registry takes this name.';
  return [{ severity: 'error', code: 'invalid-name', summary, detail, text: origin, at }];
}

/**
 * Collects `additionalImages`: of registries, and of directories (`oci://`).
 *
 * No registry is asked: an image by tag stays by tag until it is pinned. A wrong entry fails alone; the others are collected.
 * @see oc-mirror v2, additional images
 */
export function createAdditionalCollector(options: AdditionalCollectorOptions): Collector {
  return {
    kind: 'additional',
    collect: (imageSet, prefix) => collectImages(imageSet, prefix, options),
  };
}

async function collectImages(
  imageSet: ImageSet,
  prefix: string,
  options: AdditionalCollectorOptions,
): Promise<CollectedPart> {
  const images = imageSet.mirror.additionalImages ?? [];
  const entries = await Promise.all(
    images.map((image, index) => withLayout({ imageSet, index, image }, prefix, options)),
  );
  const placements = entries.flatMap(({ placement }) => (placement ? [placement] : []));
  return {
    ...emptyPart,
    placements,
    diagnostics: placements.flatMap(impossibleName),
    failures: entries.flatMap(({ failure: found }) => (found ? [found] : [])),
    gaps: entries.flatMap((entry, index) =>
      entry.failure ? [causeAt(imageSet, 'additionalImages', index)] : [],
    ),
  };
}
