import type { ImageKind } from './placement.ts';

// A record, so that the compiler finds a kind that is missing here.
const kinds: Readonly<Record<ImageKind, true>> = {
  ocpRelease: true,
  ocpReleaseContent: true,
  cincinnatiGraph: true,
  operatorCatalog: true,
  operatorBundle: true,
  operatorRelatedImage: true,
  generic: true,
  helmImage: true,
};

/** Every kind of image, in the words of oc-mirror's DeleteImageList. */
export const imageKinds: readonly string[] = Object.keys(kinds);

/** Tells whether a text is a kind of image. */
export function isImageKind(text: string): text is ImageKind {
  return Object.hasOwn(kinds, text);
}
