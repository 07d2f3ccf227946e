import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  content,
  type FakeImage,
  type ImageSink,
  makeImage,
  makeIndex,
  pushInto,
} from '../../src/fake-upstream/index.ts';
import { algorithmOf, type Digest, hexOf, mediaTypes } from '../../src/oci/index.ts';
import type { ConfigFile } from '../../src/run/index.ts';
import { makeCatalogImage } from './catalog.ts';
import { seededBytes } from './images.ts';
import type { Lab } from './lab.ts';

/** A package: unless it says otherwise its only channel is `stable`, in which each version replaces the one before. */
export interface TestPackage {
  readonly name: string;
  readonly versions: readonly string[];
  /** Versions of each channel, each of which replaces the one before. */
  readonly channels?: Readonly<Record<string, readonly string[]>>;
  /** Absent: the first of its channels. */
  readonly defaultChannel?: string;
  /** Properties that all bundles have. */
  readonly properties?: readonly { readonly type: string; readonly value: unknown }[];
  /** Further documents. */
  readonly documents?: readonly unknown[];
  /** Names of the operands that all bundles need, beside one of their own; equal names are equal images. */
  readonly shares?: readonly string[];
  /** Added to each bundle's list of related images. */
  readonly extra?: readonly string[];
}

const platform = { os: 'linux', architecture: 'amd64' };

function smallImage(seed: string): FakeImage {
  return makeImage([content(mediaTypes.ociLayerGzip, () => seededBytes(seed, 64))], platform);
}

async function put(sink: ImageSink, repository: string, image: FakeImage, tag?: string) {
  for (const blob of image.blobs) await sink.putBlob(repository, blob);
  for (const child of image.children) await put(sink, repository, child);
  await sink.putManifest(repository, image.manifest, tag);
}

function sinkOf(lab: Lab): ImageSink {
  return pushInto((name) => lab.wire.repository(lab.source.host, name));
}

async function publishSmall(lab: Lab, repository: string, seed: string): Promise<string> {
  const image = smallImage(seed);
  await put(sinkOf(lab), repository, image);
  return `${lab.source.host}/${repository}@${image.manifest.descriptor.digest}`;
}

/** Gives `repository@digest` of everything that one version of a package needs. */
export function imagesOf({ name, shares = [] }: TestPackage, version: string): readonly string[] {
  const at = (repository: string, seed: string) =>
    `${repository}@${smallImage(seed).manifest.descriptor.digest}`;
  return [
    at(`acme/${name}-bundle`, `bundle ${name} ${version}`),
    at('acme/operand', `${name} ${version}`),
    ...shares.map((shared) => at('acme/operand', shared)),
  ];
}

async function documentsOf(lab: Lab, one: TestPackage): Promise<readonly unknown[]> {
  const { name, versions, shares = [], extra = [], properties = [] } = one;
  const { channels = { stable: versions } } = one;
  const nameOf = (version: string) => `${name}.v${version}`;
  const entriesOf = (steps: readonly string[]) =>
    steps.map((version, index) => ({
      name: nameOf(version),
      ...(index > 0 && { replaces: nameOf(steps[index - 1] ?? '') }),
    }));
  const bundles: unknown[] = [];
  for (const version of versions) {
    const image = await publishSmall(lab, `acme/${name}-bundle`, `bundle ${name} ${version}`);
    const related = [image, await publishSmall(lab, 'acme/operand', `${name} ${version}`)];
    for (const shared of shares) related.push(await publishSmall(lab, 'acme/operand', shared));
    bundles.push({
      schema: 'olm.bundle',
      name: nameOf(version),
      package: name,
      image,
      properties: [{ type: 'olm.package', value: { packageName: name, version } }, ...properties],
      relatedImages: [...related, ...extra].map((one) => ({ name: '', image: one })),
    });
  }
  return [
    { schema: 'olm.package', name, defaultChannel: one.defaultChannel ?? Object.keys(channels)[0] },
    ...Object.entries(channels).map(([channel, steps]) => ({
      ...{ schema: 'olm.channel', package: name, name: channel },
      entries: entriesOf(steps),
    })),
    ...bundles,
    ...(one.documents ?? []),
  ];
}

/**
 * Makes a catalog of packages and publishes everything that its bundles need; with architectures it is an index of images
 * that hold the same packages.
 */
export async function makeOperatorCatalog(
  lab: Lab,
  packages: readonly TestPackage[],
  architectures: readonly string[] = [],
): Promise<FakeImage> {
  const files: (readonly [string, string])[] = [];
  for (const one of packages) {
    const documents = await documentsOf(lab, one);
    files.push([
      `configs/${one.name}/catalog.json`,
      documents.map((d) => JSON.stringify(d)).join('\n'),
    ]);
  }
  if (architectures.length === 0) return await makeCatalogImage({ layers: [files] });
  const platforms = architectures.map((architecture) => ({ os: 'linux', architecture }));
  const children = platforms.map(async (one) => ({
    platform: one,
    image: await makeCatalogImage({ layers: [files], platform: one }),
  }));
  return makeIndex(await Promise.all(children));
}

/** Publishes an image upstream under `repository:tag`. */
export async function publishImage(lab: Lab, reference: string, image: FakeImage): Promise<void> {
  const [repository = '', tag] = reference.split(':');
  await put(sinkOf(lab), repository, image, tag);
}

/** Publishes a catalog upstream under a tag; gives its digest. */
export async function publishCatalog(
  lab: Lab,
  reference: string,
  packages: readonly TestPackage[],
  architectures: readonly string[] = [],
): Promise<Digest> {
  const image = await makeOperatorCatalog(lab, packages, architectures);
  await publishImage(lab, reference, image);
  return image.manifest.descriptor.digest;
}

/** Writes a catalog as an image layout. */
export async function writeLayout(directory: string, image: FakeImage): Promise<void> {
  const path = (digest: Digest) => join(directory, 'blobs', algorithmOf(digest), hexOf(digest));
  await mkdir(join(directory, 'blobs', 'sha256'), { recursive: true });
  for (const { descriptor, bytes } of image.blobs)
    await writeFile(path(descriptor.digest), bytes());
  const { descriptor, raw } = image.manifest;
  await writeFile(path(descriptor.digest), raw);
  const index = { schemaVersion: 2, manifests: [descriptor] };
  await writeFile(join(directory, 'index.json'), JSON.stringify(index));
}

/** Writes an image set of operator entries, each as a flow of YAML. */
export function operatorsConfig(
  entries: readonly string[],
  name = 'imageset-config.yaml',
): ConfigFile {
  const head = ['apiVersion: mirror.openshift.io/v2alpha1', 'kind: ImageSetConfiguration'];
  const lines = entries.map((entry) => `    - ${entry}`);
  return { name, text: [...head, 'mirror:', '  operators:', ...lines, ''].join('\n') };
}
