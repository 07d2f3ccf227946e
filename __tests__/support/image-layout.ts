import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FakeImage } from '../../src/fake-upstream/index.ts';
import { tempDirectory } from './temp-directory.ts';

/** Writes images as an OCI layout; absent `directory`: one that goes with the test. */
export function writeLayout(
  images: readonly FakeImage[],
  directory: string = tempDirectory(),
): string {
  const blobs = join(directory, 'blobs', 'sha256');
  mkdirSync(blobs, { recursive: true });
  for (const { manifest, blobs: contents } of images) {
    writeFileSync(join(blobs, manifest.descriptor.digest.slice(7)), manifest.raw);
    for (const { descriptor, bytes } of contents) {
      writeFileSync(join(blobs, descriptor.digest.slice(7)), bytes());
    }
  }
  const manifests = images.map(({ manifest }) => manifest.descriptor);
  writeFileSync(join(directory, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }));
  return directory;
}
