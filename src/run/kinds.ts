import type { ContentKind, ImageKind } from '../imageset/index.ts';

const kinds: Readonly<Record<ImageKind, ContentKind>> = {
  ocpRelease: 'release',
  ocpReleaseContent: 'release',
  cincinnatiGraph: 'release',
  operatorCatalog: 'operator',
  operatorBundle: 'operator',
  operatorRelatedImage: 'operator',
  generic: 'additional',
  helmImage: 'helm',
};

/** Gives the kind of content that an image belongs to. */
export function contentKindOf(kind: ImageKind): ContentKind {
  return kinds[kind];
}
