import { createSign, generateKeyPairSync } from 'node:crypto';
import { type Descriptor, type Digest, mediaTypes, parseManifest } from '../../src/oci/index.ts';
import { makeBlob, type TestImage } from './images.ts';

/** A pair of keys as cosign makes them. */
export interface SigstoreKey {
  readonly publicKey: string;
  /** Makes what cosign puts at `sha256-<hex>.sig`: a signature of a digest under a name. */
  sign(digest: Digest, name: string): TestImage;
}

const encode = (text: string) => new TextEncoder().encode(text);

/** Makes a pair of keys. @see cosign, "Signature Specification" */
export function makeSigstoreKey(): SigstoreKey {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const sign = (digest: Digest, name: string): TestImage => {
    const payload = JSON.stringify({
      critical: {
        identity: { 'docker-reference': name },
        image: { 'docker-manifest-digest': digest },
        type: 'cosign container image signature',
      },
      optional: null,
    });
    const signature = createSign('sha256').update(payload).sign(privateKey, 'base64');
    const layer = makeBlob(encode(payload), 'application/vnd.dev.cosign.simplesigning.v1+json');
    const diff: Descriptor['digest'] = layer.descriptor.digest;
    const settings = {
      architecture: '',
      os: '',
      config: {},
      rootfs: { type: 'layers', diff_ids: [diff] },
    };
    const config = makeBlob(encode(JSON.stringify(settings)), mediaTypes.ociConfig);
    const annotations = { 'dev.cosignproject.cosign/signature': signature };
    const manifest = {
      schemaVersion: 2,
      mediaType: mediaTypes.ociManifest,
      config: config.descriptor,
      layers: [{ ...layer.descriptor, annotations }],
    };
    return {
      manifest: parseManifest(encode(JSON.stringify(manifest))),
      blobs: [config, layer],
      children: [],
    };
  };
  return { publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(), sign };
}
