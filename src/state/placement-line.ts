import { sortedUnique } from '../base/index.ts';
import {
  type ImageKind,
  isImageKind,
  type MirroredPlacement,
  type ReleaseId,
} from '../imageset/index.ts';
import { repositoryPattern, tagPattern } from '../oci/index.ts';
import type { Fields } from './fields.ts';
import { unreadableState } from './fields.ts';

/** Gives a placement's fields in their one order, names of image sets sorted and each once. */
export function writePlacement(placement: MirroredPlacement): MirroredPlacement {
  const { release } = placement;
  return {
    repository: placement.repository,
    tag: placement.tag,
    digest: placement.digest,
    mediaType: placement.mediaType,
    kind: placement.kind,
    origin: placement.origin,
    size: placement.size,
    imageSets: sortedUnique(placement.imageSets),
    ...(release && { release: writeRelease(release) }),
    ...(placement.component !== undefined && { component: placement.component }),
    ...(placement.platforms && { platforms: [...placement.platforms].sort() }),
    ...(placement.replaced && { replaced: [...placement.replaced].sort() }),
    ...(placement.entries && { entries: sortedUnique(placement.entries) }),
  };
}

function writeRelease({ version, architecture, channel, digest }: ReleaseId): ReleaseId {
  return { version, architecture, ...(channel !== undefined && { channel }), digest };
}

/**
 * Reads a placement; a hostile state must not send a delete to a place that no registry could have.
 * @throws PlanError `STATE_FORMAT`.
 */
export function readPlacement(fields: Fields): MirroredPlacement {
  const release = fields.optionalObject('release');
  const component = fields.optionalText('component');
  const platforms = fields.optionalTexts('platforms');
  const replaced = fields.optionalDigests('replaced');
  const entries = fields.optionalTexts('entries');
  const placement: MirroredPlacement = {
    repository: fields.text('repository', repositoryPattern),
    tag: fields.text('tag', tagPattern),
    digest: fields.digest('digest'),
    mediaType: fields.text('mediaType'),
    kind: readKind(fields.text('kind')),
    origin: fields.text('origin'),
    size: fields.count('size'),
    imageSets: fields.texts('imageSets'),
    ...(release && { release: readRelease(release) }),
    ...(component !== undefined && { component }),
    ...(platforms && { platforms }),
    ...(replaced && { replaced }),
    ...(entries && { entries }),
  };
  fields.end();
  return placement;
}

function readKind(text: string): ImageKind {
  if (!isImageKind(text)) throw unreadableState('a placement is of an unknown kind');
  return text;
}

function readRelease(fields: Fields): ReleaseId {
  const channel = fields.optionalText('channel');
  const release: ReleaseId = {
    version: fields.text('version'),
    architecture: fields.text('architecture'),
    ...(channel !== undefined && { channel }),
    digest: fields.digest('digest'),
  };
  fields.end();
  return release;
}
