import { messageOf } from '../errors.ts';
import {
  asksForCatalog,
  type Cause,
  type ConfigFile,
  limitNesting,
  loadImageSet,
  type OperatorCatalog,
  type TargetArea,
  type TargetPlace,
  withPrefix,
} from '../imageset/index.ts';
import { readCatalogSourceTemplate } from './catalogs.ts';
import type { KubernetesObject } from './types.ts';

/** An image whose template is looked for. */
interface Templated extends TargetPlace {
  readonly causes?: readonly Cause[];
}

/** How templates are read, and who hears of one that cannot be used. */
export interface TemplateFiles {
  read(path: string): string;
  warn(message: string): void;
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
  { prefix, maxNestedPaths = 0 }: TargetArea,
): Entry | undefined {
  const keys = (image.causes ?? []).map((cause) => `${cause.imageSet} ${cause.path}`);
  const asked = entries.find(({ key }) => keys.includes(key));
  if (asked || keys.length > 0) return asked;
  const pathOf = (repository: string) =>
    limitNesting(withPrefix(prefix, repository), maxNestedPaths);
  return entries.find(({ entry }) => asksForCatalog(entry, image, pathOf));
}

/**
 * Gives what finds the template of a catalog's CatalogSource: that of the entry that asks for the catalog; of a catalog that
 * only the state knows, the entry that would put it there.
 *
 * `read` gives the text of a file. A template that cannot be used is left out and told to `warn`, as with oc-mirror.
 */
export function createTemplates(
  files: readonly ConfigFile[],
  area: TargetArea,
  { read, warn }: TemplateFiles,
): (image: Templated) => KubernetesObject | undefined {
  const entries = entriesOf(files);
  return (image) => {
    const found = templateOf(image, entries, area);
    if (found === undefined) return undefined;
    const result = readTemplate(found.path, read);
    if ('template' in result) return result.template;
    warn(`The template ${found.path} of a CatalogSource is not used: ${result.fault}.`);
    return undefined;
  };
}

function readTemplate(
  path: string,
  read: TemplateFiles['read'],
): ReturnType<typeof readCatalogSourceTemplate> {
  try {
    return readCatalogSourceTemplate(read(path));
  } catch (cause) {
    return { fault: messageOf(cause) };
  }
}
