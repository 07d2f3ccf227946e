import { formatObject } from './objects.ts';
import type { ClusterResource } from './types.ts';

const file = 'registries-d-sigstore.txt';

const head = `# Put this into /etc/containers/registries.d/mirror.yaml on hosts that verify the signatures of the mirror: a bastion, skopeo, podman.
# Nodes need nothing: the Machine Config Operator writes it for the scopes of every ClusterImagePolicy and for their mirrors.
`;

/**
 * A file of `registries.d` by which containers look for the signatures that lie beside the images of the mirror.
 *
 * Shape: `registries-d-sigstore.txt`; it is no object of a cluster, so it has no name that `oc apply -f DIR` takes. Nothing
 * without signatures.
 * @see containers-registries.d(5)
 */
export const sigstoreAttachments: ClusterResource<'RegistriesD'> = {
  kind: 'RegistriesD',
  title: 'registries.d',
  holds: 'one entry',
  files: /^registries-d-sigstore\.txt$/,
  write({ images }, { registry }) {
    if (!images.some(({ kind }) => kind === 'signature')) return new Map();
    const docker = { [registry]: { 'use-sigstore-attachments': true } };
    return new Map([[file, `${head}${formatObject({ docker })}`]]);
  },
};
