import { formatYamlPath, type ImageSet, type YamlPath } from './config.ts';
import { entryAt, formatEntry } from './entries.ts';
import type { Cause } from './placement.ts';

/** Gives the key below which a file says what it wants: `mirror`, or `delete`. */
export function rootKey(imageSet: ImageSet): 'mirror' | 'delete' {
  return imageSet.kind === 'DeleteImageSetConfiguration' ? 'delete' : 'mirror';
}

/** Gives the entry of a configuration as the cause of what it asks for; `path` starts below the root key. */
export function causeAt(imageSet: ImageSet, ...path: YamlPath): Cause {
  const full = [rootKey(imageSet), ...path];
  const formatted = formatYamlPath(full);
  const entry = formatEntry(entryAt(imageSet, formatted));
  return {
    imageSet: imageSet.identity,
    path: formatted,
    ...(entry !== undefined && { entry }),
    at: imageSet.locate(full),
  };
}
