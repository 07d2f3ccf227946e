import type { VersionBounds } from '../../catalog/index.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import { type ImageSet, rootKey, type YamlPath } from '../config.ts';
import { typographicFault } from '../image-spec.ts';

/** One finding at a path of an image set; see `Diagnostic` for the words. */
export interface Finding extends Omit<Diagnostic, 'at'> {
  readonly path: YamlPath;
  /** oc-mirror's message, where oc-mirror refuses the file for it. */
  readonly message?: string | undefined;
}

/** The parts of an image set that rules look at. */
export type Located = Pick<ImageSet, 'kind' | 'mirror' | 'locate'>;

/** Finds everything that breaks one rule. */
export type Rule = (imageSet: Located) => readonly Finding[];

/** Puts a finding at its place. */
export function diagnose(found: Finding, imageSet: Pick<ImageSet, 'locate'>): Diagnostic {
  const { path, message: _, ...diagnostic } = found;
  return { ...diagnostic, at: imageSet.locate(path) };
}

/** Gives the path of an entry below `mirror` or `delete`. */
export function below({ kind }: Pick<ImageSet, 'kind'>, ...path: YamlPath): YamlPath {
  return [rootKey(kind), ...path];
}

/** Finds a name with typographic quotes and the like. */
export function checkCharacters(name: string, path: YamlPath): Finding[] {
  const detail = typographicFault(name);
  if (detail === undefined) return [];
  const summary = 'A name holds a character that no name has.';
  return [{ severity: 'error', code: 'odd-character', summary, detail, text: name, path }];
}

/** Gives the finding of a range whose bounds stand the wrong way round; `none` names what it cannot have: `release of channel "x"`. */
export function emptyRange(
  { minVersion = '', maxVersion }: VersionBounds,
  said: Pick<Finding, 'summary'> & { readonly none: string },
  path: YamlPath,
): Finding {
  return {
    severity: 'error',
    code: 'impossible-range',
    summary: said.summary,
    detail: `minVersion ${minVersion} is newer than maxVersion ${maxVersion}, so no ${said.none} can match. Swap the two.`,
    fix: `minVersion: ${maxVersion}\nmaxVersion: ${minVersion}`,
    text: minVersion,
    path: [...path, 'minVersion'],
  };
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
