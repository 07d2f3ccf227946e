import { readdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Digest, isDigest } from '../oci/index.ts';
import { readSmall, writeSmall } from './disk-files.ts';
import {
  layerLink,
  placeIn,
  repositoryPath,
  revisionLink,
  tagIndexLink,
  tagLink,
  tagPath,
} from './layout.ts';
import { archiveLimits } from './limits.ts';

/** The links of one repository of a cache: what it has, and what its tags name. */
export interface RepositoryLinks {
  hasLayer(digest: Digest): Promise<boolean>;
  layers(): Promise<readonly Digest[]>;
  removeLayer(digest: Digest): Promise<boolean>;
  addLayer(digest: Digest): Promise<void>;
  hasRevision(digest: Digest): Promise<boolean>;
  addRevision(digest: Digest): Promise<void>;
  removeRevision(digest: Digest): Promise<boolean>;
  revisions(): Promise<readonly Digest[]>;
  tag(tag: string): Promise<Digest | undefined>;
  setTag(tag: string, digest: Digest): Promise<void>;
  removeTag(tag: string): Promise<boolean>;
  /** `undefined` for a repository that has never had any. */
  tags(): Promise<readonly string[] | undefined>;
}

async function namesIn(directory: string): Promise<readonly string[] | undefined> {
  const names = await readdir(directory).catch(() => undefined);
  return names?.sort();
}

/** Gives the digests of directories `<algorithm>/<hex>`. */
async function digestsIn(directory: string): Promise<readonly Digest[]> {
  const algorithms = (await namesIn(directory)) ?? [];
  const all = await Promise.all(
    algorithms.map(async (algorithm) => {
      const names = (await namesIn(placeIn(directory, algorithm))) ?? [];
      return names.map((hex) => `${algorithm}:${hex}`).filter(isDigest);
    }),
  );
  return all.flat();
}

async function readLink(path: string): Promise<Digest | undefined> {
  const bytes = await readSmall(path, archiveLimits.link.most);
  const text = bytes && new TextDecoder().decode(bytes).trim();
  return text !== undefined && isDigest(text) ? text : undefined;
}

/** Writes a link whole. @throws StorageError */
export async function writeLink(path: string, digest: Digest): Promise<void> {
  await writeSmall(path, digest, { durability: 'cached', mode: 0o644 });
}

async function remove(directory: string): Promise<boolean> {
  const isThere = (await namesIn(directory)) !== undefined;
  await rm(directory, { recursive: true, force: true });
  return isThere;
}

/** Opens the links of a repository. @throws ConfigError `REFERENCE_INVALID` when it is no name of one. */
export function openLinks(directory: string, name: string): RepositoryLinks {
  const at = (path: string): string => placeIn(directory, path);
  const manifests = `${repositoryPath(name)}/_manifests`;
  const isLinked = async (path: string) => (await readLink(at(path))) !== undefined;
  return {
    hasLayer: (digest) => isLinked(layerLink(name, digest)),
    layers: () => digestsIn(at(`${repositoryPath(name)}/_layers`)),
    removeLayer: (digest) => remove(dirname(at(layerLink(name, digest)))),
    addLayer: (digest) => writeLink(at(layerLink(name, digest)), digest),
    hasRevision: (digest) => isLinked(revisionLink(name, digest)),
    addRevision: (digest) => writeLink(at(revisionLink(name, digest)), digest),
    removeRevision: (digest) => remove(dirname(at(revisionLink(name, digest)))),
    revisions: () => digestsIn(at(`${manifests}/revisions`)),
    tag: (tag) => readLink(at(tagLink(name, tag))),
    async setTag(tag, digest) {
      await writeLink(at(tagIndexLink(name, tag, digest)), digest);
      await writeLink(at(tagLink(name, tag)), digest);
    },
    removeTag: (tag) => remove(at(tagPath(name, tag))),
    tags: () => namesIn(at(`${manifests}/tags`)),
  };
}
