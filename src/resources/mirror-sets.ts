import { sortBy, sortedUnique } from '../base/index.ts';
import { type ImageKind, layoutTransport } from '../imageset/index.ts';
import { splitName } from '../oci/index.ts';
import { createAnnotations, formatObject, formatObjects } from './objects.ts';
import type { ClusterResource, ResourceImage, RuleOptions } from './types.ts';

/** A source, and the mirror to which its pulls are led. */
interface MirrorRule {
  readonly source: string;
  readonly mirror: string;
}

function endsWith(path: readonly string[], tail: readonly string[]): boolean {
  return tail.every((component, index) => path[path.length - tail.length + index] === component);
}

/**
 * Gives the rule that leads pulls of one image to the target.
 *
 * Shape: where the target's path ends with the source's path, both without their last component (`quay.io/a` to
 * `mirror/prefix/a`, `quay.io` to `mirror/prefix`), so that one rule serves a namespace; else the full names.
 */
function createRule(image: ResourceImage, options: RuleOptions): MirrorRule {
  const { name } = splitName(image.origin);
  const [, ...sourcePath] = name.split('/');
  const targetPath = image.repository.split('/');
  const wide =
    options.scope === 'namespace' && sourcePath.length > 0 && endsWith(targetPath, sourcePath);
  return wide
    ? {
        source: name.slice(0, name.lastIndexOf('/')),
        mirror: [options.registry, ...targetPath.slice(0, -1)].join('/'),
      }
    : { source: name, mirror: [options.registry, ...targetPath].join('/') };
}

const categories = ['release', 'operator', 'generic'] as const;

type Category = (typeof categories)[number];

/** Catalogs and graph images are pulled by their mirrored name, so no rule is written for them. */
const categoryOf: Readonly<Record<ImageKind, Category | undefined>> = {
  ocpRelease: 'release',
  ocpReleaseContent: 'release',
  operatorBundle: 'operator',
  operatorRelatedImage: 'operator',
  generic: 'generic',
  helmImage: 'generic',
  operatorCatalog: undefined,
  cincinnatiGraph: undefined,
  signature: undefined,
};

/** One rule: the mirrors to which pulls of a source are led. */
interface MirrorRules {
  readonly source: string;
  readonly mirrors: readonly string[];
}

interface MirrorSetForm<Kind extends string> {
  readonly kind: Kind;
  readonly field: 'imageDigestMirrors' | 'imageTagMirrors';
  readonly prefix: 'idms' | 'itms';
  readonly serves: (image: ResourceImage) => boolean;
}

function groupBySource(
  images: readonly ResourceImage[],
  options: RuleOptions,
): readonly MirrorRules[] {
  const rules = images.map((image) => createRule(image, options));
  const groups = sortBy(
    Map.groupBy(rules, ({ source }) => source),
    ([source]) => source,
  );
  return groups.map(([source, same]) => ({
    source,
    mirrors: sortedUnique(same.map(({ mirror }) => mirror)),
  }));
}

/** Gives the sets of one kind: release, operator, generic; sources and mirrors sorted. */
function setsOf(
  { prefix, serves }: MirrorSetForm<string>,
  images: readonly ResourceImage[],
  options: RuleOptions,
) {
  return categories.flatMap((category) => {
    const served = images.filter((image) => categoryOf[image.kind] === category && serves(image));
    if (served.length === 0) return [];
    return [{ name: `${prefix}-${category}-0`, rules: groupBySource(served, options) }];
  });
}

/** A file that would hold nothing is absent. */
function mirrorSet<Kind extends string>(form: MirrorSetForm<Kind>): ClusterResource<Kind> {
  const { kind, prefix, field } = form;
  return {
    kind,
    title: prefix.toUpperCase(),
    holds: 'rules',
    files: new RegExp(`^${prefix}-.+\\.yaml$`),
    write({ images }, options) {
      const objects = setsOf(form, images, options).map(({ name, rules }) => ({
        apiVersion: 'config.openshift.io/v1',
        kind,
        metadata: { name, annotations: createAnnotations(options) },
        spec: { [field]: rules },
      }));
      if (objects.length === 0) return new Map();
      return new Map([[`${prefix}-oc-mirror.yaml`, formatObjects(objects)]]);
    },
    list: (images, options) =>
      setsOf(form, images, options).flatMap(({ name, rules }) =>
        rules.map(({ source, mirrors }) => ({ name, source, leadsTo: mirrors })),
      ),
  };
}

/**
 * ImageDigestMirrorSets: mirrors of pulls by digest, in `idms-oc-mirror.yaml`.
 * @see oc-mirror v2, IDMS and ITMS
 */
export const imageDigestMirrorSet = mirrorSet({
  kind: 'ImageDigestMirrorSet',
  field: 'imageDigestMirrors',
  prefix: 'idms',
  // A cluster pulls the release image by digest although the image set names it by tag.
  serves: (image) => image.kind === 'ocpRelease' || splitName(image.origin).digest !== undefined,
});

/**
 * The `imageDigestSources` of an install-config: an installer pulls the release from the mirror before any cluster has an
 * ImageDigestMirrorSet.
 *
 * Shape: `install-config-image-digest-sources.txt`; it is no object of a cluster, so it has no name that `oc apply -f DIR`
 * takes. Nothing without a release.
 */
export const imageDigestSources: ClusterResource<'InstallConfig'> = {
  kind: 'InstallConfig',
  title: 'imageDigestSources',
  holds: 'rules',
  files: /^install-config-image-digest-sources\.txt$/,
  write({ images }, options) {
    const releases = images.filter(({ kind }) => categoryOf[kind] === 'release');
    if (releases.length === 0) return new Map();
    const rules = formatObject({ imageDigestSources: groupBySource(releases, options) });
    const text = `# Put this into install-config.yaml to install from the mirror.\n${rules}`;
    return new Map([['install-config-image-digest-sources.txt', text]]);
  },
};

/** ImageTagMirrorSets: mirrors of pulls by tag, in `itms-oc-mirror.yaml`. */
export const imageTagMirrorSet = mirrorSet({
  kind: 'ImageTagMirrorSet',
  field: 'imageTagMirrors',
  prefix: 'itms',
  serves: (image) => {
    // No cluster pulls from a directory, and it would refuse a path as a source.
    if (image.origin.startsWith(layoutTransport)) return false;
    const { tag, digest } = splitName(image.origin);
    return tag !== undefined || digest === undefined;
  },
});
