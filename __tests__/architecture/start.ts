import ts from 'typescript';
import { type Import, importsOf, packageOf } from './imports.ts';
import type { Rule, Source } from './source.ts';

/** The files that a process starts with. */
const entries = ['src/index.ts', 'src/cli.ts'];

/** Packages and folders that take long to load, or that few runs need: they are loaded at their first use. */
const late = /^(?:@actions\/\w+|openpgp|undici)$|^src\/(?:demo|fake-\w+)\//;

/** Tells whether an import is there at run time and is loaded together with its file. */
function isLoadedAtStart({ node }: Import): boolean {
  if (ts.isImportDeclaration(node)) return !node.importClause?.isTypeOnly;
  return ts.isExportDeclaration(node) && !node.isTypeOnly;
}

/** Gives every file and package that is loaded with an entry, each with the way that leads to it. */
function loadedWith(entry: string, files: ReadonlyMap<string, Source>) {
  const ways = new Map<string, readonly string[]>([[entry, [entry]]]);
  for (const [name, way] of ways) {
    const file = files.get(name);
    for (const one of file ? importsOf(file).filter(isLoadedAtStart) : []) {
      const next = one.path ?? packageOf(one.specifier);
      if (next !== undefined && !ways.has(next)) ways.set(next, [...way, next]);
    }
  }
  return ways;
}

/** A process starts without the parts that are loaded at their first use. */
export const theStartIsSmall: Rule = (sources) => {
  const files = new Map(sources.map((file) => [file.path, file]));
  return entries
    .filter((entry) => files.has(entry))
    .flatMap((entry) => [...loadedWith(entry, files)])
    .filter(([name]) => late.test(name))
    .map(([, way]) => way.join(' > '));
};
