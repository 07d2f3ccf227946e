import { createAnnotations, formatObject } from './objects.ts';
import type { ClusterResource } from './types.ts';

/**
 * The UpdateService, with which the update service operator serves the mirrored graphs and releases inside.
 *
 * Shape: `updateService.yaml`; nothing without a graph image, and nothing without a release, which its object has to name.
 * @see oc-mirror v2, UpdateService
 */
export const updateService: ClusterResource = {
  kind: 'UpdateService',
  title: 'UpdateService',
  holds: 'one entry',
  files: /^updateService\.yaml$/,
  write({ images, graphImage }, options) {
    const release = images.find(({ kind }) => kind === 'ocpRelease');
    if (!graphImage || !release) return new Map();
    const object = {
      apiVersion: 'updateservice.operator.openshift.io/v1',
      kind: 'UpdateService',
      metadata: {
        annotations: createAnnotations(options),
        name: 'update-service-oc-mirror',
        namespace: 'openshift-update-service',
      },
      spec: {
        graphDataImage: `${options.registry}/${graphImage.repository}:${graphImage.tag}`,
        releases: `${options.registry}/${release.repository}`,
        replicas: 2,
      },
    };
    return new Map([['updateService.yaml', formatObject(object)]]);
  },
};
