import { readFileSync } from 'node:fs';
import { messageOf } from '../errors.ts';
import {
  asksForCatalog,
  type Cause,
  limitNesting,
  loadImageSet,
  type OperatorCatalog,
  type TargetPlace,
  withPrefix,
} from '../imageset/index.ts';
import { type CatalogSourceTemplate, readCatalogSourceTemplate } from '../resources/index.ts';
import type { ConfigFile, Settings } from './types.ts';

/** An image as far as its template can be found. */
interface Templated extends TargetPlace {
  readonly causes?: readonly Cause[];
}

/** An operator entry that names a template. */
interface Entry {
  /** File and path, as causes have them. */
  readonly key: string;
  readonly entry: OperatorCatalog;
  readonly path: string;
}

function entriesOf(files: readonly ConfigFile[]): readonly Entry[] {
  return files.flatMap((file) => {
    const { imageSet } = loadImageSet(file, 'ImageSetConfiguration');
    return (imageSet?.mirror.operators ?? []).flatMap((entry, index): Entry[] => {
      const { targetCatalogSourceTemplate: path } = entry;
      return path
        ? [{ key: `${file.identity ?? file.name} mirror.operators[${index}]`, entry, path }]
        : [];
    });
  });
}

function templateOf(
  image: Templated,
  entries: readonly Entry[],
  { target, maxNestedPaths = 0 }: Pick<Settings, 'target' | 'maxNestedPaths'>,
): Entry | undefined {
  const keys = (image.causes ?? []).map((cause) => `${cause.imageSet} ${cause.path}`);
  const asked = entries.find(({ key }) => keys.includes(key));
  if (asked || keys.length > 0) return asked;
  const prefix = target.split('/').slice(1).join('/');
  const pathOf = (repository: string) =>
    limitNesting(withPrefix(prefix, repository), maxNestedPaths);
  return entries.find(({ entry }) => asksForCatalog(entry, image, pathOf));
}

/**
 * Gives what finds the template of a catalog's CatalogSource: that of the entry that asks for the catalog; of a catalog that
 * only the state knows, the entry that would put it there.
 *
 * A template that cannot be used is told and left out, as with oc-mirror.
 */
export function createTemplates(
  files: readonly ConfigFile[],
  settings: Pick<Settings, 'target' | 'maxNestedPaths' | 'log'>,
): (image: Templated) => CatalogSourceTemplate | undefined {
  const entries = entriesOf(files);
  return (image) => {
    const found = templateOf(image, entries, settings);
    if (found === undefined) return undefined;
    const read = readTemplate(found.path);
    if ('template' in read) return read.template;
    settings.log.log(
      'warn',
      `The template ${found.path} of a CatalogSource is not used: ${read.fault}.`,
    );
    return undefined;
  };
}

function readTemplate(path: string): ReturnType<typeof readCatalogSourceTemplate> {
  try {
    return readCatalogSourceTemplate(readFileSync(path, 'utf8'));
  } catch (cause) {
    return { fault: messageOf(cause) };
  }
}
