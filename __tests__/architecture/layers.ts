import { posix } from 'node:path';
import { importsOf } from './imports.ts';
import { at, type Rule, type Source } from './source.ts';

/** The stack: a folder imports only from folders with a lower number. */
export const levels: Readonly<Record<string, number>> = {
  base: -1,
  oci: 0,
  yaml: 0,
  registry: 1,
  content: 1.5,
  image: 1.7,
  trust: 1.7,
  'fake-registry': 1,
  mirror: 2,
  signature: 2,
  release: 2.5,
  helm: 2,
  catalog: 2,
  'fake-upstream': 2,
  imageset: 3,
  resources: 3.5,
  plan: 4,
  state: 4,
  operators: 5,
  apply: 5,
  archive: 5,
  views: 5.5,
  run: 6,
  door: 7,
  github: 8,
  cli: 8,
  demo: 8,
};

const entries = new Set(['src/index.ts', 'src/cli.ts']);
const compositionRoot = 'src/main.ts';
const foundations = new Set(['src/errors.ts', 'src/diagnostic.ts', 'src/log.ts']);

/** Where a file stands: below everything, in a folder, or above all of them. */
function levelOf(path: string): number {
  if (foundations.has(path)) return -2;
  if (path === compositionRoot) return 9;
  if (entries.has(path)) return 10;
  return levels[path.split('/')[1] ?? ''] ?? Number.NaN;
}

function folderOf(path: string): string {
  const [, folder = '', ...rest] = path.split('/');
  return rest.length > 0 ? folder : path;
}

/** Every file of `src/` has its place in the picture. */
export const everyFileHasALevel: Rule = (sources) =>
  sources
    .filter(({ path }) => Number.isNaN(levelOf(path)))
    .map(({ path }) => `${path} is in no layer`);

/** A layer imports from lower ones; the three foundations may import each other. */
export const importsGoDown: Rule = (sources) =>
  sources.flatMap((file) =>
    importsOf(file).flatMap(({ node, path }) => {
      if (path === undefined || folderOf(path) === folderOf(file.path)) return [];
      const isDown = levelOf(path) < levelOf(file.path);
      if (isDown || (foundations.has(path) && foundations.has(file.path))) return [];
      return [at(file, node, `imports ${path}, which is not below it`)];
    }),
  );

/** Gives the outermost folder that has the path but not the importer, if there is one with an index. */
function doorOf(path: string, importer: string, files: ReadonlySet<string>): string | undefined {
  const parts = path.split('/');
  for (let depth = 2; depth < parts.length; depth += 1) {
    const folder = parts.slice(0, depth).join('/');
    const door = `${folder}/index.ts`;
    if (!importer.startsWith(`${folder}/`) && files.has(door)) return door;
  }
  return undefined;
}

/** A folder is imported through its index from everywhere else. */
export const foldersAreEnteredByTheirIndex: Rule = (sources) => {
  const files = new Set(sources.map(({ path }) => path));
  return sources.flatMap((file) =>
    importsOf(file).flatMap(({ node, path }) => {
      if (path === undefined) return [];
      const door = doorOf(path, file.path, files);
      return door === undefined || door === path
        ? []
        : [at(file, node, `imports ${path} past ${door}`)];
    }),
  );
};

/** Files that stand on the way from a file back to itself, without those that were proved to be on none. */
function findCycle(
  start: string,
  edges: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  const paths: (readonly string[])[] = [[start]];
  const seen = new Set<string>();
  for (const path of paths) {
    for (const next of edges.get(path.at(-1) ?? '') ?? []) {
      if (next === start) return [...path, next];
      if (seen.has(next)) continue;
      seen.add(next);
      paths.push([...path, next]);
    }
  }
  return [];
}

function importEdges(sources: readonly Source[]): ReadonlyMap<string, readonly string[]> {
  return new Map(
    sources.map((file) => [file.path, importsOf(file).flatMap(({ path }) => path ?? [])]),
  );
}

/** No file imports itself, not by way of others either, not even for types. */
export const importsHaveNoCycle: Rule = (sources) => {
  const edges = importEdges(sources);
  const cycles = sources.map(({ path }) => findCycle(path, edges));
  const names = cycles.filter((cycle) => cycle.length > 0 && cycle[0] === [...cycle].sort()[0]);
  return names.map((cycle) => cycle.map((path) => posix.relative('src', path)).join(' > '));
};
