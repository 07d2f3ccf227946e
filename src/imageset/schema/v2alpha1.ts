import type { ImageSetKind } from '../config.ts';
import type { Field, FieldType, StructType } from './types.ts';

const string: FieldType = { kind: 'string' };
const bool: FieldType = { kind: 'bool' };
const list = (of: FieldType): FieldType => ({ kind: 'list', of });
const struct = (goName: string, fields: readonly Field[]): StructType => ({
  kind: 'struct',
  goName,
  fields,
});
const field = (name: string, type: FieldType, description: string): Field => ({
  name,
  type,
  description,
});
const always = (name: string, type: FieldType, description: string): Field => ({
  name,
  type,
  description,
  always: true,
});
const writtenAsNull = (name: string, type: FieldType, description: string): Field => ({
  name,
  type,
  description,
  writtenAsNull: true,
});
const embedded = (goName: string, fields: readonly Field[]): Field[] =>
  fields.map((inner) => ({ ...inner, embedded: goName }));

const platforms = field(
  'platforms',
  list(
    struct('InstancePlatformFilter', [
      always('os', string, 'Operating system: linux.'),
      always('architecture', string, 'Architecture: amd64, arm64, ppc64le, s390x.'),
    ]),
  ),
  'Only these platforms of a multi-architecture image are mirrored.',
);

const versions = embedded('IncludeBundle', [
  field('minVersion', string, 'First version.'),
  field('maxVersion', string, 'Last version.'),
]);

const releaseChannel = struct('ReleaseChannel', [
  always('name', string, 'Channel of the update graph: stable-4.16.'),
  always('type', { kind: 'platform-type' }, 'ocp (the default) or okd.'),
  field('minVersion', string, 'First release.'),
  field('maxVersion', string, 'Last release.'),
  field('shortestPath', bool, 'Only the releases on the shortest update path.'),
  field('full', bool, 'From the first release of the channel on.'),
]);

const platform = struct('Platform', [
  field('graph', bool, 'Mirror the data of the update graph.'),
  field('channels', list(releaseChannel), 'Channels whose releases are mirrored.'),
  field('architectures', list(string), 'Architectures of the releases; deprecated.'),
  platforms,
  field('release', string, 'One release image, by tag or digest; channels are then ignored.'),
  field('kubeVirtContainer', bool, 'Mirror the KubeVirt container of each release too.'),
]);

const operatorChannel = struct('IncludeChannel', [
  always('name', string, 'Channel of the package.'),
  ...versions,
]);

const operatorPackage = struct('IncludePackage', [
  always('name', string, 'Package of the catalog.'),
  field('channels', list(operatorChannel), 'Channels of the package; absent: all.'),
  field('defaultChannel', string, 'Replaces the default channel of the package.'),
  ...versions,
]);

const operator = struct('Operator', [
  ...embedded('IncludeConfig', [
    writtenAsNull('packages', list(operatorPackage), 'Packages to mirror; absent: all.'),
  ]),
  always('catalog', string, 'Catalog image, with tag or digest.'),
  field('targetCatalog', string, 'Repository path of the catalog in the target.'),
  field('targetTag', string, 'Tag of the catalog in the target.'),
  field('full', bool, 'All bundles instead of the channel heads.'),
  field('skipDependencies', bool, 'Accepted and unused.'),
  field('targetCatalogSourceTemplate', string, 'Path of a template for the CatalogSource.'),
  platforms,
]);

const additionalImage = struct('AdditionalImage', [
  always('name', string, 'Image reference, with tag or digest.'),
  field('targetRepo', string, 'Repository path in the target.'),
  field('targetTag', string, 'Tag in the target.'),
  platforms,
]);

const chart = struct('Chart', [
  always('name', string, 'Name of the chart.'),
  field('version', string, 'Version of the chart, or a constraint; absent: the highest.'),
  field(
    'path',
    string,
    'Path of a local chart, a directory or an archive; or oci://host/path/chart.',
  ),
  field('imagePaths', list(string), 'JSONPath of images in the rendered templates, in braces.'),
  platforms,
]);

const helm = struct('Helm', [
  field(
    'repositories',
    list(
      struct('Repository', [
        always('url', string, 'URL of the repository: https, http or oci.'),
        always('name', string, 'Name of the repository.'),
        writtenAsNull('charts', list(chart), 'Charts to mirror; absent: all.'),
      ]),
    ),
    'Chart repositories.',
  ),
  field('local', list(chart), 'Charts on disk.'),
]);

const blockedImages = field(
  'blockedImages',
  list(struct('BlockedImage', [always('name', string, 'Regular expression (RE2, unanchored).')])),
  'Images that are never mirrored.',
);

const content = [
  field('platform', platform, 'OpenShift and OKD releases.'),
  field('operators', list(operator), 'Operator catalogs.'),
  field('additionalImages', list(additionalImage), 'Single images.'),
  field('helm', helm, 'Helm charts and their images.'),
  field(
    'samples',
    list(struct('SampleImage', [always('name', string, 'Name of a sample.')])),
    'Accepted and ignored.',
  ),
];

const typeMeta = embedded('TypeMeta', [
  field('kind', string, 'Kind of this file.'),
  field('apiVersion', string, 'mirror.openshift.io/v2alpha1'),
]);

/**
 * The closed schema of both kinds of file: the single source of the decoder, the advice and the JSON Schema.
 * @see oc-mirror v2, §1.2 and §1.3
 */
export const schemas: Readonly<Record<ImageSetKind, StructType>> = {
  ImageSetConfiguration: struct('ImageSetConfiguration', [
    ...typeMeta,
    ...embedded('ImageSetConfigurationSpec', [
      field('mirror', struct('Mirror', [...content, blockedImages]), 'What to mirror.'),
      field('archiveSize', { kind: 'int64' }, 'GiB of one archive segment.'),
    ]),
  ]),
  DeleteImageSetConfiguration: struct('DeleteImageSetConfiguration', [
    ...typeMeta,
    ...embedded('DeleteImageSetConfigurationSpec', [
      field('delete', struct('Delete', content), 'What to delete.'),
    ]),
  ]),
};
