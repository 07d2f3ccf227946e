import type { ReleaseSignature } from '../imageset/index.ts';
import { createAnnotations, formatObject } from './objects.ts';
import type { ClusterResourceOptions } from './types.ts';

/** Numbers the signatures of each digest from 1: `sha256-<hex>-1`. */
function createBinaryData(signatures: readonly ReleaseSignature[]): Record<string, string> {
  const counts = new Map<string, number>();
  const data: Record<string, string> = {};
  for (const { digest, bytes } of signatures) {
    const count = (counts.get(digest) ?? 0) + 1;
    counts.set(digest, count);
    data[`${digest.replace(':', '-')}-${count}`] = Buffer.from(bytes).toString('base64');
  }
  return data;
}

/**
 * Gives the ConfigMap by which a disconnected cluster verifies mirrored releases.
 *
 * Shape: the same object as `signature-configmap.json` and `signature-configmap.yaml`; nothing without signatures.
 * Order: by digest, then as given.
 * @see oc-mirror v2, signature ConfigMap
 */
export function createSignatureConfigMap(
  signatures: readonly ReleaseSignature[],
  options: ClusterResourceOptions,
): Map<string, string> {
  if (signatures.length === 0) return new Map();
  const sorted = signatures.toSorted((a, b) =>
    a.digest < b.digest ? -1 : Number(a.digest > b.digest),
  );
  const object = {
    apiVersion: 'v1',
    binaryData: createBinaryData(sorted),
    kind: 'ConfigMap',
    metadata: {
      annotations: createAnnotations(options),
      labels: { 'release.openshift.io/verification-signatures': '' },
      name: 'mirrored-release-signatures',
      namespace: 'openshift-config-managed',
    },
  };
  return new Map([
    ['signature-configmap.json', `${JSON.stringify(object, null, 2)}\n`],
    ['signature-configmap.yaml', formatObject(object)],
  ]);
}
