import { mediaTypes, type Platform } from '../oci/index.ts';
import { content, noise, packLayer } from './content.ts';
import { type FakeImage, makeImage, makeIndex } from './image.ts';

/** The size of releases and their shared images. */
export interface ReleaseShape {
  /** Components of each release, without the release image itself. */
  readonly components: number;
  /** Components with the same image in every version. Absent: none. */
  readonly shared?: number;
  /** Other multi-arch components that share their arm64 image between versions. Absent: none. */
  readonly sharedChildren?: number;
  /** Bytes of one layer. Absent: 512. */
  readonly layerBytes?: number;
  /** Layers of one component. Absent: 1. */
  readonly layers?: number;
  /** Whether the payload lists boot images with KubeVirt containers. */
  readonly kubeVirt?: boolean;
  /** Whether payloads lack their version, as one that a user built may. */
  readonly nameless?: boolean;
  /** Armored key in a ConfigMap of the payload. */
  readonly payloadKey?: string;
  /** A ClusterImagePolicy that it brings along, as YAML. */
  readonly clusterPolicy?: string;
}

/** One component of a fake release. */
export interface FakeComponent {
  readonly name: string;
  readonly image: FakeImage;
}

/** One fake release. */
export interface FakeRelease {
  readonly version: string;
  readonly architecture: string;
  readonly image: FakeImage;
  readonly components: readonly FakeComponent[];
}

const realNames = ['cli', 'etcd', 'installer', 'oauth-server', 'console', 'coredns', 'pod'];

/** Gives the name of a component: real names first, then numbered ones. */
function componentName(index: number): string {
  return realNames[index] ?? `component-${String(index).padStart(3, '0')}`;
}

function platformOf(architecture: string): Platform {
  return { os: 'linux', architecture };
}

function componentImage(seed: string, architecture: string, shape: ReleaseShape): FakeImage {
  const size = shape.layerBytes ?? 512;
  const layers = Array.from({ length: shape.layers ?? 1 }, (_, index) =>
    content(mediaTypes.ociLayerGzip, () => noise(`${seed} ${architecture} ${index}`, size)),
  );
  return makeImage(layers, platformOf(architecture));
}

function assemble(architecture: string, build: (architecture: string) => FakeImage): FakeImage {
  const names = architecture === 'multi' ? ['amd64', 'arm64'] : [architecture];
  const built = names.map((name) => ({ image: build(name), platform: platformOf(name) }));
  const [only] = built;
  return architecture !== 'multi' && only ? only.image : makeIndex(built);
}

function makeComponent(
  index: number,
  release: { readonly version: string; readonly architecture: string },
  shape: ReleaseShape,
): FakeComponent {
  const name = componentName(index);
  const { version, architecture } = release;
  const shared = shape.shared ?? 0;
  const isSharedChild = (built: string): boolean =>
    built === 'arm64' && index >= shared && index < shared + (shape.sharedChildren ?? 0);
  const image = assemble(architecture, (built) => {
    const seed = index < shared || isSharedChild(built) ? name : `${name} ${version}`;
    return componentImage(seed, built, shape);
  });
  return { name, image };
}

function imageReferences(
  version: string | undefined,
  components: readonly FakeComponent[],
  repository: string,
) {
  const tags = components.map(({ name, image }) => ({
    name,
    from: { kind: 'DockerImage', name: `${repository}@${image.manifest.descriptor.digest}` },
  }));
  return JSON.stringify({
    kind: 'ImageStream',
    apiVersion: 'image.openshift.io/v1',
    metadata: { name: version },
    spec: { lookupPolicy: { local: false }, tags },
  });
}

function bootImages(reference: string): string {
  const kubevirt = { kubevirt: { 'digest-ref': reference } };
  const architectures = { x86_64: { images: kubevirt }, s390x: { images: kubevirt } };
  return `kind: ConfigMap\ndata:\n  stream: '${JSON.stringify({ architectures })}'\n`;
}

function keyConfigMap(key: string): string {
  const annotations = { 'release.openshift.io/verification-config-map': '' };
  return JSON.stringify({
    kind: 'ConfigMap',
    metadata: { name: 'release-verification', annotations },
    data: { 'verifier-public-key-fake': key },
  });
}

/**
 * Makes one release: its components, and the payload image whose last layer lists them.
 *
 * `repository` is the place of the components, `host/path`; the payload names them by digest.
 */
export async function makeRelease(
  release: { readonly version: string; readonly architecture: string },
  shape: ReleaseShape,
  repository: string,
): Promise<FakeRelease> {
  const { version, architecture } = release;
  const components = Array.from({ length: shape.components }, (_, index) =>
    makeComponent(index, release, shape),
  );
  const [first] = components;
  const reference = `${repository}@${first?.image.manifest.descriptor.digest}`;
  const manifests = await packLayer({
    'release-manifests/image-references': imageReferences(
      shape.nameless ? undefined : version,
      components,
      repository,
    ),
    'release-manifests/release-metadata': JSON.stringify({
      kind: 'cincinnati-metadata-v0',
      version,
    }),
    ...(shape.kubeVirt && {
      'release-manifests/0000_50_installer_coreos-bootimages.yaml': bootImages(reference),
    }),
    ...(shape.clusterPolicy && {
      'release-manifests/0000_90_openshift-cluster-image-policy.yaml': shape.clusterPolicy,
    }),
    ...(shape.payloadKey && {
      'release-manifests/0000_90_cluster-update-keys_configmap.yaml': keyConfigMap(
        shape.payloadKey,
      ),
    }),
  });
  const operator = await packLayer({ 'usr/bin/cluster-version-operator': 'operator' });
  const image = assemble(architecture, (built) =>
    makeImage(
      [
        content(mediaTypes.ociLayerGzip, () => operator),
        content(mediaTypes.ociLayerGzip, () => manifests),
      ],
      platformOf(built),
    ),
  );
  return { version, architecture, image, components };
}
