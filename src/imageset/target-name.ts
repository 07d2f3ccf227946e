import { algorithmOf, type Digest, hexOf } from '../oci/index.ts';
import type { AdditionalImage } from './config.ts';
import { dockerTransport, type ImageSpec } from './image-spec.ts';
import type { TargetPlace } from './placement.ts';

/** The grammar of `targetRepo` and `targetCatalog`: a path without tag or digest. */
const targetPathPattern =
  /^[a-z0-9]+(?:(?:[._]|__|-*)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-*)[a-z0-9]+)*)*$/;

/** The longest tag that registries take. */
const maxTagLength = 128;

/** Tells whether a text can be a `targetRepo`. */
export function isTargetPath(text: string): boolean {
  return targetPathPattern.test(text);
}

/** Puts a repository below the target's path prefix. */
export function withPrefix(prefix: string, repository: string): string {
  return prefix === '' ? repository : `${prefix}/${repository}`;
}

/** The part of a registry that belongs to a mirror. */
export interface TargetArea {
  /** Path prefix of the target, without slashes at its ends; empty: the whole registry. */
  readonly prefix: string;
  /** Components that a repository may have, the prefix counted; 0 or absent: any number. */
  readonly maxNestedPaths?: number | undefined;
}

/**
 * Tells whether a repository is the mirror's: below the target's prefix, and not among the tool's own repositories.
 *
 * Shortening can join the prefix with the next component: `a/b/c/d`, shortened to two components, is `a/b-c-d`. Such a name
 * belongs to the mirror only in a run that shortens to that length.
 */
export function isInside(area: TargetArea, repository: string): boolean {
  const { prefix } = area;
  const own = withPrefix(prefix, 'imageset-mirror');
  const isBelow =
    prefix === '' || repository.startsWith(`${prefix}/`) || isJoined(area, repository);
  return isBelow && repository !== own && !repository.startsWith(`${own}/`);
}

/** Tells whether a repository is what shortening makes of a path below a prefix that is itself that long. */
function isJoined({ prefix, maxNestedPaths = 0 }: TargetArea, repository: string): boolean {
  if (prefix === '' || maxNestedPaths <= 0 || prefix.split('/').length < maxNestedPaths)
    return false;
  const joined = `${limitNesting(prefix, maxNestedPaths)}-`;
  const rest = repository.slice(joined.length);
  return repository.startsWith(joined) && rest !== '' && !rest.includes('/');
}

/** Gives the tag that stands for a digest: `sha256-<hex>`. */
export function digestTag(digest: Digest): string {
  const tag = `${algorithmOf(digest)}-${hexOf(digest)}`;
  return tag.length > maxTagLength ? tag.slice(0, maxTagLength - 1) : tag;
}

/**
 * Gives the place of a release image, or of one of its components.
 * Shape: `openshift/release-images:<tag>`, `openshift/release:<tag>-<component>`.
 */
export function releasePlace(prefix: string, tag: string, component?: string): TargetPlace {
  return component === undefined
    ? { repository: withPrefix(prefix, 'openshift/release-images'), tag }
    : { repository: withPrefix(prefix, 'openshift/release'), tag: `${tag}-${component}` };
}

/** Gives the place of the graph image. */
export function graphPlace(prefix: string): TargetPlace {
  return { repository: withPrefix(prefix, 'openshift/graph-image'), tag: 'latest' };
}

/**
 * Gives the place of an additional image.
 *
 * The path is `targetRepo`, else the source's without its registry; the tag is `targetTag`, else the source's, else
 * one made of the digest. Images of other transports are `latest`, and their file path is their name.
 * @see oc-mirror v2, destination naming
 */
export function additionalPlace(
  prefix: string,
  image: AdditionalImage,
  spec: ImageSpec,
): TargetPlace {
  const path = image.targetRepo || spec.path;
  const isDocker = spec.transport === dockerTransport;
  const own = spec.digest !== undefined && spec.tag === '' ? digestTag(spec.digest) : spec.tag;
  return {
    repository: withPrefix(prefix, isDocker ? path : path.replace(/^\//, '')),
    tag: image.targetTag || (isDocker ? own : 'latest'),
  };
}

/** Gives the place of an image that an operator or a chart needs: its own path, and its tag or one made of its digest. */
export function imagePlace(prefix: string, { path, tag, digest }: ImageSpec): TargetPlace {
  const own = tag === '' && digest !== undefined ? digestTag(digest) : tag;
  return { repository: withPrefix(prefix, path), tag: own };
}

/**
 * Shortens a repository to `max` components by joining the last ones with `-`; 0 leaves it as it is.
 *
 * The target's own prefix counts: `ns/a/b/c` of 3 is `ns/a/b-c`.
 * @see oc-mirror v2, `--max-nested-paths`
 */
export function limitNesting(repository: string, max: number): string {
  const parts = repository.split('/');
  if (max <= 0 || parts.length <= max) return repository;
  return [...parts.slice(0, max - 1), parts.slice(max - 1).join('-')].join('/');
}
