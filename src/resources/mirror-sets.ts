import type { ImageKind } from '../imageset/index.ts';
import { createAnnotations, formatObjects } from './objects.ts';
import { createRule, parseOrigin } from './scope.ts';
import type { ClusterResourceOptions, ResourceImage } from './types.ts';

type Category = 'release' | 'operator' | 'generic';

const categories: readonly Category[] = ['release', 'operator', 'generic'];

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
};

/** One rule of a mirror set: to which mirrors pulls of a source are led. */
export interface MirrorRules {
  readonly source: string;
  readonly mirrors: readonly string[];
}

/** An ImageDigestMirrorSet or ImageTagMirrorSet, before it is text. */
export interface MirrorSet {
  readonly kind: 'ImageDigestMirrorSet' | 'ImageTagMirrorSet';
  readonly name: string;
  /** Sources and mirrors sorted. */
  readonly rules: readonly MirrorRules[];
}

/** What rules depend on. */
export type RuleOptions = Pick<ClusterResourceOptions, 'registry' | 'scope'>;

interface MirrorSetForm {
  readonly file: string;
  readonly kind: MirrorSet['kind'];
  readonly field: 'imageDigestMirrors' | 'imageTagMirrors';
  readonly prefix: 'idms' | 'itms';
  readonly serves: (image: ResourceImage) => boolean;
}

const forms: readonly MirrorSetForm[] = [
  {
    file: 'idms-oc-mirror.yaml',
    kind: 'ImageDigestMirrorSet',
    field: 'imageDigestMirrors',
    prefix: 'idms',
    // A cluster pulls the release image by digest although the image set names it by tag.
    serves: (image) => image.kind === 'ocpRelease' || parseOrigin(image.origin).hasDigest,
  },
  {
    file: 'itms-oc-mirror.yaml',
    kind: 'ImageTagMirrorSet',
    field: 'imageTagMirrors',
    prefix: 'itms',
    serves: (image) => {
      const origin = parseOrigin(image.origin);
      return origin.hasTag || !origin.hasDigest;
    },
  },
];

function groupBySource(
  images: readonly ResourceImage[],
  options: RuleOptions,
): readonly MirrorRules[] {
  const mirrors = new Map<string, Set<string>>();
  for (const image of images) {
    const rule = createRule(image, options);
    mirrors.set(rule.source, (mirrors.get(rule.source) ?? new Set()).add(rule.mirror));
  }
  return [...mirrors.keys()]
    .sort()
    .map((source) => ({ source, mirrors: [...(mirrors.get(source) ?? [])].sort() }));
}

function setsOf(
  form: MirrorSetForm,
  images: readonly ResourceImage[],
  options: RuleOptions,
): readonly MirrorSet[] {
  return categories.flatMap((category) => {
    const served = images.filter(
      (image) => categoryOf[image.kind] === category && form.serves(image),
    );
    if (served.length === 0) return [];
    const rules = groupBySource(served, options);
    return [{ kind: form.kind, name: `${form.prefix}-${category}-0`, rules }];
  });
}

/** Lists the mirror sets of what was mirrored, in the order of their files and documents. */
export function listMirrorSets(
  images: readonly ResourceImage[],
  options: RuleOptions,
): readonly MirrorSet[] {
  return forms.flatMap((form) => setsOf(form, images, options));
}

/**
 * Gives the ImageDigestMirrorSets and ImageTagMirrorSets of what was mirrored.
 *
 * Shape: text by file name, `idms-oc-mirror.yaml` and `itms-oc-mirror.yaml`; a file that would hold nothing is absent.
 * Order: documents release, operator, generic; sources and mirrors sorted, so that equal input gives equal bytes.
 * @see oc-mirror v2, IDMS and ITMS
 */
export function createMirrorSets(
  images: readonly ResourceImage[],
  options: ClusterResourceOptions,
): Map<string, string> {
  const files = new Map<string, string>();
  for (const form of forms) {
    const objects = setsOf(form, images, options).map(({ kind, name, rules }) => ({
      apiVersion: 'config.openshift.io/v1',
      kind,
      metadata: { name, annotations: createAnnotations(options) },
      spec: { [form.field]: rules },
    }));
    if (objects.length > 0) files.set(form.file, formatObjects(objects));
  }
  return files;
}
