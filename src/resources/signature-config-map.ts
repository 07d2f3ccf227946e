import { sortBy } from '../base/index.ts';
import type { ReleaseSignature } from '../imageset/index.ts';
import { createAnnotations, formatObject } from './objects.ts';
import type { ClusterResource } from './types.ts';

/** Numbers the signatures of each digest from 1: `sha256-<hex>-1`. */
function createBinaryData(signatures: readonly ReleaseSignature[]): Record<string, string> {
  const groups = sortBy(
    Map.groupBy(signatures, ({ digest }) => digest),
    ([digest]) => digest,
  );
  const entries = groups.flatMap(([digest, same]) =>
    same.map(({ bytes }, index) => [
      `${digest.replace(':', '-')}-${index + 1}`,
      Buffer.from(bytes).toString('base64'),
    ]),
  );
  return Object.fromEntries(entries);
}

/**
 * The ConfigMap by which a disconnected cluster verifies mirrored releases.
 *
 * Shape: the same object as `signature-configmap.json` and `signature-configmap.yaml`; nothing without signatures.
 * Order: by digest, then as given.
 * @see oc-mirror v2, signature ConfigMap
 */
export const signatureConfigMap: ClusterResource = {
  kind: 'ConfigMap',
  title: 'signature configmap',
  holds: 'one entry',
  files: /^signature-configmap\.(?:json|yaml)$/,
  write({ signatures }, options) {
    if (signatures.length === 0) return new Map();
    const object = {
      apiVersion: 'v1',
      binaryData: createBinaryData(signatures),
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
  },
};
