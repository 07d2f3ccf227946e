import { oneChunk } from '../base/index.ts';
import type { Manifest } from '../oci/index.ts';
import type { Repository } from '../registry/index.ts';
import type { FakeContent } from './content.ts';
import { baseRepository, makeGraphData } from './graph-data.ts';
import type { FakeImage } from './image.ts';
import { type FakeRelease, makeRelease, type ReleaseShape } from './release.ts';
import {
  cosignTag,
  makeCosignSignature,
  makeSigningKey,
  type SigningKey,
  signaturePath,
  signedStatement,
} from './signing.ts';

/** The content of a fake upstream. */
export interface UpstreamOptions extends ReleaseShape {
  /** `host:port` of the registry that will hold the images; payloads and signatures name it. */
  readonly registry: string;
  /** Versions of each channel, oldest first; each can be updated to the next. */
  readonly channels: Readonly<Record<string, readonly string[]>>;
  /** Groups of conditional edges in the words of the service; what one of them joins is no plain edge. Absent: none. */
  readonly conditionalEdges?: readonly FakeConditionalEdges[];
  /** Absent: `amd64`. `multi` gives indexes of amd64 and arm64. */
  readonly architectures?: readonly string[];
  /** Files of the graph data by path, and with them the base of the graph image; absent: neither is there. */
  readonly graphData?: Readonly<Record<string, string>>;
  /** Whether images have signatures of cosign; `most`: all but the last component of each release. Absent: none. */
  readonly cosign?: 'most';
  /** Absent: a new key. */
  readonly key?: SigningKey;
}

/** Updates between versions that are recommended only where no risk applies. */
export interface FakeConditionalEdges {
  readonly edges: readonly { readonly from: string; readonly to: string }[];
  readonly risks: readonly {
    readonly name: string;
    readonly message: string;
    readonly url: string;
    readonly matchingRules: readonly { readonly type: string }[];
  }[];
}

/** An answer of the update service or the signature server. */
export interface UpstreamAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Uint8Array;
}

/** Receives images: a registry in this process, or a handle on a real one. */
export interface ImageSink {
  putBlob(repository: string, blob: FakeContent): Promise<void> | void;
  /** Without a tag the manifest is reachable by digest alone. */
  putManifest(repository: string, manifest: Manifest, tag?: string): Promise<void> | void;
}

/** Puts images into a registry over its handles; `repository` gives the handle of a path. */
export function pushInto(repository: (name: string) => Repository): ImageSink {
  return {
    async putBlob(name, { descriptor, bytes }) {
      await repository(name).blobs.push(descriptor, async () => oneChunk(bytes()));
    },
    async putManifest(name, manifest, tag) {
      await repository(name).manifests.push(manifest, tag);
    },
  };
}

/** A fake upstream. */
export interface Upstream {
  readonly releases: readonly FakeRelease[];
  readonly key: SigningKey;
  /** Puts every image into a registry, blobs first, indexes after their images. */
  fill(sink: ImageSink): Promise<void>;
  /** Answers `/graph` by channel and architecture, `/graph-data`, and `/signatures/<algorithm>=<hex>/signature-1`. */
  answer(url: URL): UpstreamAnswer;
}

/** Repository of the release images, below the registry's host. */
export const releaseRepository = 'openshift-release-dev/ocp-release';
/** Repository of the components. */
export const componentRepository = 'openshift-release-dev/ocp-v4.0-art-dev';

const tagWords: Readonly<Record<string, string>> = { amd64: 'x86_64', arm64: 'aarch64' };

/** Gives the tag of a release image: `4.16.5-x86_64`. */
export function tagOf({ version, architecture }: Pick<FakeRelease, 'version' | 'architecture'>) {
  return `${version}-${tagWords[architecture] ?? architecture}`;
}

async function putImage(
  sink: ImageSink,
  repository: string,
  { image, tag }: { readonly image: FakeImage; readonly tag?: string },
): Promise<void> {
  for (const blob of image.blobs) await sink.putBlob(repository, blob);
  for (const child of image.children) await putImage(sink, repository, { image: child });
  await sink.putManifest(repository, image.manifest, tag);
}

function json(value: unknown): UpstreamAnswer {
  const body = new TextEncoder().encode(JSON.stringify(value));
  return { status: 200, contentType: 'application/json', body };
}

function binary(body: Uint8Array): UpstreamAnswer {
  return { status: 200, contentType: 'application/octet-stream', body };
}

const missing: UpstreamAnswer = {
  status: 404,
  contentType: 'text/plain',
  body: new TextEncoder().encode('not found'),
};

/** Writes the graph of one channel; each node names all its channels, as in real graphs. */
function graphOf(
  channel: string,
  releases: readonly FakeRelease[],
  options: Pick<UpstreamOptions, 'channels' | 'registry' | 'conditionalEdges'>,
): UpstreamAnswer {
  const { channels, registry } = options;
  const nodes = (channels[channel] ?? []).flatMap((version) => {
    const release = releases.find((one) => one.version === version);
    const digest = release?.image.manifest.descriptor.digest;
    const having = Object.keys(channels).filter((name) => channels[name]?.includes(version));
    const metadata = { 'io.openshift.upgrades.graph.release.channels': having.join(',') };
    return digest
      ? [{ version, payload: `${registry}/${releaseRepository}@${digest}`, metadata }]
      : [];
  });
  const versions = new Set(nodes.map(({ version }) => version));
  const conditionalEdges = (options.conditionalEdges ?? []).map(({ edges, risks }) => {
    return { edges: edges.filter(({ from, to }) => versions.has(from) && versions.has(to)), risks };
  });
  const depending = new Set(
    conditionalEdges.flatMap((group) => group.edges.map(({ from, to }) => `${from} ${to}`)),
  );
  const edges = nodes
    .slice(1)
    .flatMap(({ version }, index) =>
      depending.has(`${nodes[index]?.version} ${version}`) ? [] : [[index, index + 1]],
    );
  return json({ version: 1, nodes, edges, conditionalEdges });
}

async function signAll(
  releases: readonly FakeRelease[],
  key: SigningKey,
  registry: string,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const signatures = new Map<string, Uint8Array>();
  for (const release of releases) {
    const { digest } = release.image.manifest.descriptor;
    const reference = `${registry}/${releaseRepository}:${tagOf(release)}`;
    signatures.set(signaturePath(digest), await key.sign(signedStatement(digest, reference)));
  }
  return signatures;
}

/** Puts signatures beside the images of a release. */
async function putSignatures(
  sink: ImageSink,
  { components, image }: FakeRelease,
  registry: string,
): Promise<void> {
  const signed = components.slice(0, -1).map((one) => [componentRepository, one.image] as const);
  for (const [repository, { manifest }] of [...signed, [releaseRepository, image] as const]) {
    const { digest } = manifest.descriptor;
    const signature = makeCosignSignature(digest, `${registry}/${repository}`);
    await putImage(sink, repository, { image: signature, tag: cosignTag(digest) });
  }
}

/**
 * Makes a fake upstream.
 *
 * Every version of every channel exists for every architecture. As in the real service, an unknown channel has an empty graph
 * and an unsigned release has no signature.
 */
export async function makeUpstream(options: UpstreamOptions): Promise<Upstream> {
  const { registry, channels } = options;
  const key = options.key ?? (await makeSigningKey());
  const versions = [...new Set(Object.values(channels).flat())];
  const architectures = options.architectures ?? ['amd64'];
  const wanted = architectures.flatMap((architecture) =>
    versions.map((version) => ({ version, architecture })),
  );
  const components = `${registry}/${componentRepository}`;
  const releases: FakeRelease[] = [];
  for (const one of wanted) releases.push(await makeRelease(one, options, components));
  const signatures = await signAll(releases, key, registry);
  const graph = options.graphData && (await makeGraphData(options.graphData));
  return {
    releases,
    key,
    async fill(sink) {
      for (const release of releases) {
        for (const { image } of release.components) {
          await putImage(sink, componentRepository, { image });
        }
        await putImage(sink, releaseRepository, { image: release.image, tag: tagOf(release) });
        if (options.cosign) await putSignatures(sink, release, registry);
      }
      if (graph) await putImage(sink, baseRepository, { image: graph.base, tag: 'latest' });
    },
    answer(url) {
      if (url.pathname === '/graph-data') return graph ? binary(graph.archive) : missing;
      if (url.pathname === '/graph') {
        const architecture = url.searchParams.get('arch') ?? 'amd64';
        const built = releases.filter((release) => release.architecture === architecture);
        return graphOf(url.searchParams.get('channel') ?? '', built, options);
      }
      const body = signatures.get(url.pathname.replace('/signatures/', ''));
      return body ? binary(body) : missing;
    },
  };
}
