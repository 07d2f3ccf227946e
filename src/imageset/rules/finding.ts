import type { Diagnostic, Severity } from '../../diagnostic.ts';
import type { ImageSet, YamlPath } from '../config.ts';

/** One finding at a path of an image set; see `Diagnostic` for the words. */
export interface Finding {
  readonly severity: Severity;
  readonly code: string;
  readonly summary: string;
  readonly detail: string;
  readonly fix?: string;
  readonly text?: string;
  readonly path: YamlPath;
}

/** What stands in the file of an image set; all that the rules need to know of it. */
export type Located = Pick<ImageSet, 'kind' | 'mirror' | 'locate'>;

/** Puts a finding at its place. */
export function diagnose(found: Finding, imageSet: Pick<ImageSet, 'locate'>): Diagnostic {
  const { path, ...diagnostic } = found;
  return { ...diagnostic, at: imageSet.locate(path) };
}

/** Gives the path of an entry below `mirror` or `delete`. */
export function below(imageSet: Pick<ImageSet, 'kind'>, ...path: YamlPath): YamlPath {
  return [imageSet.kind === 'ImageSetConfiguration' ? 'mirror' : 'delete', ...path];
}

/** Gives the second and later members of a list that have the same key as an earlier one. */
export function duplicates<T>(
  items: readonly T[] | undefined,
  key: (item: T) => string,
): { readonly item: T; readonly index: number; readonly first: number }[] {
  const seen = new Map<string, number>();
  return (items ?? []).flatMap((item, index) => {
    const first = seen.get(key(item));
    if (first === undefined) seen.set(key(item), index);
    return first === undefined ? [] : [{ item, index, first }];
  });
}
