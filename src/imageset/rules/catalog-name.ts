import { messageOf } from '../../errors.ts';
import type { OperatorCatalog } from '../config.ts';
import { type ImageSpec, parseImageSpec } from '../image-spec.ts';
import { isTargetPath } from '../target-name.ts';

/** A value, or oc-mirror's message. */
export type Checked<T> = { readonly value: T } | { readonly error: string };

/** Splits a reference where oc-mirror splits it. */
export function splitReference(text: string): Checked<ImageSpec> {
  try {
    return { value: parseImageSpec(text) };
  } catch (thrown) {
    return { error: messageOf(thrown) };
  }
}

/**
 * Gives the name by which oc-mirror tells catalogs apart: the reference with its target's tag and path.
 * @see oc-mirror v2, §1.5
 */
export function catalogName(catalog: OperatorCatalog): Checked<string> {
  const split = splitReference(catalog.catalog);
  if ('error' in split) return split;
  const { reference, domain, path } = split.value;
  const name = domain === '' ? path : `${domain}/${path}`;
  const tagged = catalog.targetTag ? `${name}:${catalog.targetTag}` : reference;
  if (!catalog.targetCatalog) return { value: tagged };
  if (!isTargetPath(catalog.targetCatalog)) {
    return {
      error: `invalid target path component ${JSON.stringify(catalog.targetCatalog)}: should not contain a tag or digest. Expected format is 1 or more path components separated by /, where each path component is a set of alpha-numeric and regexp (?:[._]|__|[-]*). For more, see https://github.com/containers/image/blob/main/docker/reference/regexp.go`,
    };
  }
  const target = catalog.targetCatalog;
  return { value: tagged.replace(path, () => target) };
}
