import type { Digest } from '../oci/index.ts';
import { content } from './content.ts';
import { type FakeImage, makeImage } from './image.ts';

/** Gives the tag under which cosign puts a signature. */
export function cosignTag(digest: Digest): string {
  return `${digest.replace(':', '-')}.sig`;
}

/** Makes what cosign puts there. It has the form of a signature; no key made it. */
export function makeCosignSignature(digest: Digest, reference: string): FakeImage {
  const payload = JSON.stringify({
    critical: {
      identity: { 'docker-reference': reference },
      image: { 'docker-manifest-digest': digest },
      type: 'cosign container image signature',
    },
    optional: null,
  });
  const type = 'application/vnd.dev.cosign.simplesigning.v1+json';
  const layer = content(type, () => new TextEncoder().encode(payload));
  return makeImage([layer], { os: '', architecture: '' });
}
