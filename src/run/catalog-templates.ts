import { readFileSync } from 'node:fs';
import { messageOf } from '../errors.ts';
import { type Cause, loadImageSet } from '../imageset/index.ts';
import type { Logger } from '../log.ts';
import { type CatalogSourceTemplate, readCatalogSourceTemplate } from '../resources/index.ts';
import type { ConfigFile } from './types.ts';

/** An image as far as its template can be found. */
interface Templated {
  readonly causes?: readonly Cause[];
}

function pathsOf(files: readonly ConfigFile[]): ReadonlyMap<string, string> {
  const paths = new Map<string, string>();
  for (const file of files) {
    const { imageSet } = loadImageSet(file, 'ImageSetConfiguration');
    for (const [index, entry] of (imageSet?.mirror.operators ?? []).entries()) {
      const { targetCatalogSourceTemplate: path } = entry;
      if (path) paths.set(`${file.name} mirror.operators[${index}]`, path);
    }
  }
  return paths;
}

/**
 * Gives what finds the template of a catalog's CatalogSource: that of the entry that asks for the catalog.
 *
 * A template that cannot be used is told and left out, as with oc-mirror.
 */
export function createTemplates(
  files: readonly ConfigFile[],
  log: Logger,
): (image: Templated) => CatalogSourceTemplate | undefined {
  const paths = pathsOf(files);
  return ({ causes = [] }) => {
    const [path] = causes.flatMap((cause) => paths.get(`${cause.imageSet} ${cause.path}`) ?? []);
    if (path === undefined) return undefined;
    const read = readTemplate(path);
    if ('template' in read) return read.template;
    log.log('warn', `The template ${path} of a CatalogSource is not used: ${read.fault}.`);
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
