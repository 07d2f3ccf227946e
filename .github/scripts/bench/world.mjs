// What is mirrored: two signed releases on the source registry, their update graph, and the image sets that ask for them.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  componentRepository,
  makeUpstream,
  releaseRepository,
  serveUpstream,
  tagOf,
} from '../../../src/fake-upstream/index.ts';
import { plainSink } from './plain-sink.mjs';

const channel = 'stable-4.16';
const versions = ['4.16.5', '4.16.6'];

/** What one release has to lie as in the target: where each image comes from, by digest, and its tag. */
function placementsOf(release, source) {
  const tag = tagOf(release);
  const images = release.components.map(({ name, image }) => ({
    source: `${source}/${componentRepository}@${image.manifest.descriptor.digest}`,
    repository: 'openshift/release',
    tag: `${tag}-${name}`,
  }));
  const payload = `${source}/${releaseRepository}@${release.image.manifest.descriptor.digest}`;
  return [...images, { source: payload, repository: 'openshift/release-images', tag }];
}

/** Writes an image set. */
export function imageSet(mirror) {
  // JSON is YAML.
  const set = { kind: 'ImageSetConfiguration', apiVersion: 'mirror.openshift.io/v2alpha1', mirror };
  return `${JSON.stringify(set, null, 2)}\n`;
}

function releases(minVersion) {
  return { platform: { channels: [{ name: channel, minVersion, maxVersion: versions[1] }] } };
}

/** Makes the releases, puts them on the source (which has to run) and serves their graph and signatures. */
export async function createWorld(directory, source, { components, shared, layers, layerBytes }) {
  mkdirSync(directory, { recursive: true });
  const path = (name) => join(directory, name);
  const shape = { components, shared, layers, layerBytes };
  const upstream = await makeUpstream({
    registry: source,
    channels: { [channel]: versions },
    ...shape,
  });
  await upstream.fill(plainSink(source));
  const served = await serveUpstream(upstream);
  writeFileSync(path('key.asc'), upstream.key.publicKey);
  writeFileSync(path('both.yaml'), imageSet(releases(versions[0])));
  writeFileSync(path('newer.yaml'), imageSet(releases(versions[1])));
  writeFileSync(
    path('large.yaml'),
    imageSet({ additionalImages: [{ name: `${source}/large/image:1` }] }),
  );
  const [going, staying] = upstream.releases.map((release) => placementsOf(release, source));
  return {
    placements: [...going, ...staying],
    going,
    staying,
    large: [{ source: `${source}/large/image:1`, repository: 'large/image', tag: '1' }],
    both: path('both.yaml'),
    newer: path('newer.yaml'),
    largeSet: path('large.yaml'),
    env: { ...served.env, OCP_SIGNATURE_VERIFICATION_PK: path('key.asc') },
    close: () => served.close(),
  };
}
