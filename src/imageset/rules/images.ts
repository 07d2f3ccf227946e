import { tagPattern } from '../../oci/index.ts';
import type { AdditionalImage, YamlPath } from '../config.ts';
import { grammarError, readImageSpec, refusalReason } from '../image-spec.ts';
import { isTargetPath } from '../target-name.ts';
import { below, duplicates, type Finding, type Located, type Rule } from './finding.ts';

function suggestReference(name: string, isUntagged: boolean): string | undefined {
  const bare = name.replace(/^https?:\/\//, '');
  if (bare !== name) return `name: ${bare}`;
  if (!isUntagged || name === '' || name.includes('@') || /\s/.test(name)) return undefined;
  return `name: ${name}:<tag>`;
}

function checkName(image: AdditionalImage, path: YamlPath): Finding[] {
  const { error: refused } = readImageSpec(image.name);
  const error = refused?.message ?? grammarError(image.name);
  if (error === undefined) return [];
  const untagged = error.endsWith('tag and digest are empty');
  const fix = suggestReference(image.name, untagged);
  return [
    {
      severity: 'error',
      code: refused ? 'invalid-reference' : 'invalid-name',
      summary: 'The reference of an additional image is malformed.',
      detail: untagged
        ? `"${image.name}" has neither tag nor digest, and "latest" is never assumed. Add one.`
        : `${refused ? `"${image.name}" cannot be read: ${refusalReason(error)}.` : error} Write host/path:tag or host/path@sha256:….`,
      ...(fix && { fix }),
      text: image.name,
      path: [...path, 'name'],
    },
  ];
}

function checkTarget(image: AdditionalImage, path: YamlPath): Finding[] {
  const found: Finding[] = [];
  if (image.targetRepo !== undefined && !isTargetPath(image.targetRepo)) {
    found.push({
      severity: 'error',
      code: 'invalid-target-repo',
      summary: 'The target path of an additional image is malformed.',
      detail: `"${image.targetRepo}" has to be a path of lower-case names, without host, tag or digest; the tag goes to targetTag.`,
      text: image.targetRepo,
      path: [...path, 'targetRepo'],
    });
  }
  if (image.targetTag !== undefined && !tagPattern.test(image.targetTag)) {
    found.push({
      severity: 'error',
      code: 'invalid-name',
      summary: 'The target tag of an additional image is malformed.',
      detail: `"${image.targetTag}" is no tag: letters, digits, ".", "_" and "-", at most 128, not beginning with "." or "-".`,
      text: image.targetTag,
      path: [...path, 'targetTag'],
    });
  }
  return found;
}

/** Tells once of all images to mirror that are named by the tag latest, at the first of them. */
function adviseFloating(images: readonly AdditionalImage[], imageSet: Located): Finding[] {
  const floating = images.flatMap(({ name }, index) =>
    name.endsWith(':latest') ? { name, index } : [],
  );
  const [first] = floating;
  if (!first || imageSet.kind === 'DeleteImageSetConfiguration') return [];
  const more = floating.length - 1;
  const others = more > 0 ? ` and ${more} other ${more > 1 ? 'images' : 'image'}` : '';
  return [
    {
      severity: 'notice',
      code: 'floating-tag',
      summary: 'Additional images are named by the tag latest.',
      detail: `"${first.name}"${others} can mean another image tomorrow without a change of this file. The plan pins the ${more > 0 ? 'images' : 'image'} of today; name a version or a digest here.`,
      text: first.name,
      path: below(imageSet, 'additionalImages', first.index, 'name'),
    },
  ];
}

/**
 * Finds what makes additional images impossible or surprising; oc-mirror fails on it while collecting.
 * @see oc-mirror v2, §3.1, §3.3 and §6.1
 */
export const checkImages: Rule = (imageSet) => {
  const images = imageSet.mirror.additionalImages;
  const at = (index: number) => below(imageSet, 'additionalImages', index);
  const single = (images ?? []).flatMap((image, index) => [
    ...checkName(image, at(index)),
    ...checkTarget(image, at(index)),
  ]);
  const key = (image: AdditionalImage) =>
    JSON.stringify([image.name, image.targetRepo, image.targetTag]);
  const repeated = duplicates(images, key).map(
    ({ item, index, first }): Finding => ({
      severity: 'warning',
      code: 'duplicate-image',
      summary: 'An additional image is listed twice.',
      detail: `"${item.name}" is already entry ${first + 1} of the list. Delete one of the two.`,
      text: item.name,
      path: [...at(index), 'name'],
    }),
  );
  return [...single, ...adviseFloating(images ?? [], imageSet), ...repeated];
};

/** Finds samples, which oc-mirror accepts and ignores. */
export const checkSamples: Rule = (imageSet) =>
  (imageSet.mirror.samples ?? []).length === 0
    ? []
    : [
        {
          severity: 'warning',
          code: 'unused-field',
          summary: 'The field has no effect.',
          detail:
            'oc-mirror accepts samples and mirrors none. List their images below additionalImages.',
          text: 'samples',
          path: below(imageSet, 'samples'),
        },
      ];
