import { posix } from 'node:path';
import { ConfigError } from '../../errors.ts';
import type { Digest } from '../../oci/index.ts';
import type { OperatorCatalog } from '../config.ts';
import {
  dockerTransport,
  type ImageSpec,
  layoutTransport,
  parseImageSpec,
  pullSource,
} from '../image-spec.ts';
import type { TargetPlace } from '../placement.ts';
import { digestTag, isTargetPath } from '../target-name.ts';

/** The place of the catalog of an operator entry, and the name of its mirror. */
export interface CatalogReference {
  readonly spec: ImageSpec;
  /** It lies in a directory of this machine and not in a registry. */
  readonly isLayout: boolean;
  /** Without transport, tag and digest. */
  readonly name: string;
  /** Path of the mirror below the target's prefix. */
  readonly repository: string;
  /** Tag of the mirror, where the entry says it; absent for a catalog by digest alone. */
  readonly tag?: string;
}

/**
 * Reads the reference of an operator entry.
 *
 * One with a tag and a digest is pulled by its digest and keeps its tag.
 * @throws ConfigError `REFERENCE_INVALID`
 * @see oc-mirror v2, catalog names
 */
export function parseCatalogReference(entry: OperatorCatalog): CatalogReference {
  const spec = parseImageSpec(entry.catalog);
  const isLayout = spec.transport === layoutTransport;
  if (!isLayout && spec.transport !== dockerTransport) {
    throw new ConfigError('REFERENCE_INVALID', `unknown transport ${spec.transport}`, {
      hint: 'A catalog is an image of a registry, or oci:// and the directory of an image layout.',
    });
  }
  if (entry.targetCatalog && !isTargetPath(entry.targetCatalog)) {
    throw new ConfigError('REFERENCE_INVALID', `invalid targetCatalog ${entry.targetCatalog}`, {
      hint: 'targetCatalog is a path of lower-case names; the tag goes to targetTag.',
    });
  }
  const own = isLayout ? posix.basename(spec.path) : spec.path;
  const tag = entry.targetTag || (isLayout ? 'latest' : spec.tag);
  return {
    spec,
    isLayout,
    name: spec.domain === '' ? spec.path : `${spec.domain}/${spec.path}`,
    repository: entry.targetCatalog || own,
    ...(tag !== '' && { tag }),
  };
}

/** Reads the reference of an operator entry, or gives the error that it has. */
export function readCatalogReference(entry: OperatorCatalog): CatalogReference | ConfigError {
  try {
    return parseCatalogReference(entry);
  } catch (thrown) {
    if (thrown instanceof ConfigError) return thrown;
    throw thrown;
  }
}

/**
 * Tells whether an entry asks for the catalog at a path below the target's prefix, by the text of the entry alone. A catalog
 * by digest gets a tag that is made of content, so every tag fits such an entry.
 */
export function asksForCatalog(
  entry: OperatorCatalog,
  place: TargetPlace,
  pathOf: (repository: string) => string = (repository) => repository,
): boolean {
  const reference = readCatalogReference(entry);
  if (reference instanceof ConfigError) return false;
  const { repository, tag } = reference;
  return pathOf(repository) === place.repository && (tag === undefined || tag === place.tag);
}

/** Writes the reference as oc-mirror does once it has fixed the catalog: by digest, except for directories. */
export function originOf({ spec, isLayout, name }: CatalogReference, digest: Digest): string {
  return isLayout ? spec.transport + spec.reference.replace(/\/+$/, '') : `${name}@${digest}`;
}

/** Gives the place of the catalog as it is upstream in oc-mirror's local cache. */
export function stagingPlace({ repository, tag }: CatalogReference, digest: Digest): TargetPlace {
  return { repository, tag: tag ?? digestTag(digest) };
}

/** Names the place from which a catalog is pulled by its tag: different spellings of one place give one name. */
export function pulledName({ spec }: CatalogReference): string {
  const { registry, repository, tag = '' } = pullSource(spec);
  return `${registry}/${repository}:${tag}`;
}
