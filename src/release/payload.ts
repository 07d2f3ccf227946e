import { type ContentSource, openBlob, readLayerFiles, requireManifest } from '../content/index.ts';
import { ContentError } from '../errors.ts';
import type { Descriptor, Digest, Manifest } from '../oci/index.ts';
import { type ComponentList, parseComponents } from './component.ts';
import { releaseLimits } from './limits.ts';

const componentsFile = 'release-manifests/image-references';
const metadataFile = 'release-manifests/release-metadata';
const bootImagesFile = 'release-manifests/0000_50_installer_coreos-bootimages.yaml';
const keyAnnotation = 'release.openshift.io/verification-config-map';

/** Key ConfigMaps are small; larger YAML files are not looked at. Bytes. */
const maxKeyFileBytes = 1024 * 1024;

/** The content of one release. */
export interface Payload extends ComponentList {
  readonly digest: Digest;
  /** Whether the payload is an index, with one image for each architecture. */
  readonly isIndex: boolean;
  /** ConfigMap of boot images, where the payload has one. */
  readonly bootImages: string | undefined;
  /** ConfigMaps that carry release keys. */
  readonly keyFiles: readonly string[];
  /** ClusterImagePolicies that the release brings to its cluster, as YAML. */
  readonly clusterPolicies: readonly string[];
  /** The files that oc-mirror's own delete looks for, by their path inside the payload. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

function firstImage(index: Manifest & { kind: 'index' }): Descriptor {
  // Component lists are the same for all architectures of an index; oc-mirror reads the host's.
  const [first] = index.manifests;
  const amd64 = index.manifests.find(({ platform }) => platform?.architecture === 'amd64');
  const child = amd64 ?? first;
  if (child) return child;
  throw new ContentError('PAYLOAD_INVALID', 'The release payload is an index without images.');
}

async function readFiles(
  layer: Descriptor,
  source: ContentSource,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const bytes = await openBlob(layer, source, releaseLimits.cachedLayer);
  const stream = { name: `Layer ${layer.digest}`, bytes, code: 'PAYLOAD_INVALID' } as const;
  const limits = { file: releaseLimits.payloadFile, files: releaseLimits.payloadFiles };
  return await readLayerFiles(stream, { isWanted, what: 'payload', limits });
}

function isWanted(name: string, size: number): boolean {
  if (name === componentsFile || name === metadataFile || name === bootImagesFile) return true;
  return /^release-manifests\/[^/]+\.ya?ml$/.test(name) && size <= maxKeyFileBytes;
}

function toPayload(
  digest: Digest,
  isIndex: boolean,
  found: ReadonlyMap<string, Uint8Array>,
): Payload {
  const text = (name: string): string | undefined => {
    const bytes = found.get(name);
    return bytes && new TextDecoder().decode(bytes);
  };
  const kept = [componentsFile, metadataFile, bootImagesFile];
  const manifests = [...found.keys()]
    .filter((name) => !kept.includes(name))
    .map((name) => text(name) ?? '');
  return {
    ...parseComponents(text(componentsFile) ?? ''),
    digest,
    isIndex,
    bootImages: text(bootImagesFile),
    keyFiles: manifests.filter((file) => file.includes(keyAnnotation)),
    clusterPolicies: manifests.filter((file) => /^kind: *ClusterImagePolicy\s*$/m.test(file)),
    files: new Map([...found].filter(([name]) => kept.includes(name))),
  };
}

/**
 * Reads the content of a release with few downloads: the manifest, and the last layer with `release-manifests/`, which is the
 * very last layer in published releases.
 *
 * Effects: manifests and the layer are kept in the cache by digest; a second call needs no network.
 * Limits: files of at most 32 MiB, an index at most five deep. Every byte is verified against `digest`.
 * @throws ContentError `PAYLOAD_INVALID`, `DIGEST_MISMATCH`; RegistryError.
 */
export async function readPayload(digest: Digest, source: ContentSource): Promise<Payload> {
  let manifest = await requireManifest(digest, source, 'release');
  const isIndex = manifest.kind === 'index';
  for (let depth = 0; manifest.kind === 'index' && depth < 5; depth += 1) {
    manifest = await requireManifest(firstImage(manifest).digest, source, 'release');
  }
  if (manifest.kind === 'index') {
    throw new ContentError('PAYLOAD_INVALID', 'The release payload is an index of indexes.');
  }
  for (const layer of manifest.layers.toReversed()) {
    const files = await readFiles(layer, source);
    if (files.has(componentsFile)) return toPayload(digest, isIndex, files);
  }
  throw new ContentError(
    'PAYLOAD_INVALID',
    `${source.repository.name}@${digest} has no ${componentsFile}: it is no release image.`,
    {
      hint: `A release image lists its components there (at most ${releaseLimits.payloadFile.most} bytes).`,
    },
  );
}
