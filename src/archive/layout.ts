import { join } from 'node:path';
import { ConfigError } from '../errors.ts';
import {
  algorithmOf,
  type Digest,
  hexOf,
  isDigest,
  repositoryPattern,
  tagPattern,
} from '../oci/index.ts';

/** The directory of a cache and the beginning of the names of its files in an archive. @see Distribution, filesystem driver */
export const storeRoot = 'docker/registry/v2';

function pair(digest: Digest): string {
  return `${algorithmOf(digest)}/${hexOf(digest)}`;
}

/** Gives the path of a blob below the cache's directory. */
export function blobPath(digest: Digest): string {
  const hex = hexOf(digest);
  return `${storeRoot}/blobs/${algorithmOf(digest)}/${hex.slice(0, 2)}/${hex}/data`;
}

/** Gives the directory of a repository. @throws ConfigError `REFERENCE_INVALID` when it is no name of one. */
export function repositoryPath(name: string): string {
  if (!repositoryPattern.test(name)) {
    throw new ConfigError('REFERENCE_INVALID', `"${name}" is no repository.`);
  }
  return `${storeRoot}/repositories/${name}`;
}

/** Gives the path of the link that says that a repository has a blob. */
export function layerLink(name: string, digest: Digest): string {
  return `${repositoryPath(name)}/_layers/${pair(digest)}/link`;
}

/** Gives the path of the link that says that a repository has a manifest. */
export function revisionLink(name: string, digest: Digest): string {
  return `${repositoryPath(name)}/_manifests/revisions/${pair(digest)}/link`;
}

/** Gives the directory of a tag. @throws ConfigError `REFERENCE_INVALID` when it is no tag. */
export function tagPath(name: string, tag: string): string {
  if (!tagPattern.test(tag)) throw new ConfigError('REFERENCE_INVALID', `"${tag}" is no tag.`);
  return `${repositoryPath(name)}/_manifests/tags/${tag}`;
}

/** Gives the path of the link that says what a tag names. */
export function tagLink(name: string, tag: string): string {
  return `${tagPath(name, tag)}/current/link`;
}

/** Gives the path of the link that says what a tag named once. */
export function tagIndexLink(name: string, tag: string, digest: Digest): string {
  return `${tagPath(name, tag)}/index/${pair(digest)}/link`;
}

/** A file of a store by its path: a blob, or a link of a repository. */
export type StoreFile =
  | { readonly kind: 'blob'; readonly digest: Digest }
  | { readonly kind: 'link'; readonly repository: string };

const blobFile = new RegExp(
  `^${storeRoot}/blobs/(sha256|sha512)/([0-9a-f]{2})/([0-9a-f]{64,128})/data$`,
);
const linkFile = new RegExp(
  `^${storeRoot}/repositories/(.+?)/(?:_layers/sha(?:256|512)/[0-9a-f]{64,128}/link` +
    '|_manifests/revisions/sha(?:256|512)/[0-9a-f]{64,128}/link' +
    '|_manifests/tags/([^/]+)/(?:current|index/sha(?:256|512)/[0-9a-f]{64,128})/link)$',
);

/** Says which file of a store a path names; `undefined` for any other path. */
export function storeFileOf(path: string): StoreFile | undefined {
  const [, algorithm, start, hex = ''] = blobFile.exec(path) ?? [];
  if (algorithm !== undefined && start !== undefined) {
    const digest = `${algorithm}:${hex}`;
    return hex.startsWith(start) && isDigest(digest) ? { kind: 'blob', digest } : undefined;
  }
  const [, repository = '', tag = 'none'] = linkFile.exec(path) ?? [];
  const isNamed = repositoryPattern.test(repository) && tagPattern.test(tag);
  return isNamed ? { kind: 'link', repository } : undefined;
}

/** Gives the place of a path below a directory of this machine. */
export function placeIn(directory: string, path: string): string {
  return join(directory, ...path.split('/'));
}
