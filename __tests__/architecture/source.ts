import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** The directory of the project, with a slash at the end. */
export const root = fileURLToPath(new URL('../../', import.meta.url));

/** One file of the project. */
export interface SourceText {
  /** From the root of the project, `src/oci/digest.ts`. */
  readonly path: string;
  readonly text: string;
}

/** One file of the project, parsed. */
export interface Source extends SourceText {
  readonly tree: ts.SourceFile;
}

/** A law about the code: gives its violations, each with the place. */
export type Rule = (sources: readonly Source[]) => readonly string[];

/** Parses a text as the file that it would be. */
export function source(path: string, text: string): Source {
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  return { path, text, tree };
}

const read = new Map<string, Source>();

/** Reads a file once for all tests of a process. */
function sourceAt(path: string): Source {
  const known = read.get(path) ?? source(path, readFileSync(`${root}${path}`, 'utf8'));
  read.set(path, known);
  return known;
}

function pathsBelow(folder: string, ending: RegExp): readonly string[] {
  return readdirSync(`${root}${folder}`, { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter((path) => ending.test(path) && !path.includes('/node_modules/'))
    .sort();
}

/** Reads all files below a folder of the project whose names end so. */
export function readSources(folder: string, ending: RegExp): readonly Source[] {
  return pathsBelow(folder, ending).map(sourceAt);
}

/** Reads the texts of such files, for rules that need no tree: to parse them takes much longer. */
export function readTexts(folder: string, ending: RegExp): readonly SourceText[] {
  return pathsBelow(folder, ending).map((path) => ({
    path,
    text: readFileSync(`${root}${path}`, 'utf8'),
  }));
}

/** Gives a node and everything below it. */
export function descend(node: ts.Node): readonly ts.Node[] {
  const found: ts.Node[] = [];
  const visit = (one: ts.Node): void => {
    found.push(one);
    ts.forEachChild(one, visit);
  };
  visit(node);
  return found;
}

/** Formats a violation with its place: `src/oci/digest.ts:12 says something`. */
export function at({ path, tree }: Source, node: ts.Node, what: string): string {
  const { line } = tree.getLineAndCharacterOfPosition(node.getStart(tree));
  return `${path}:${line + 1} ${what}`;
}

/** Tells whether a declaration carries some modifier. */
export function has(node: ts.Node, kind: ts.ModifierSyntaxKind): boolean {
  const modifiers = ts.canHaveModifiers(node) ? ts.getModifiers(node) : undefined;
  return modifiers?.some((modifier) => modifier.kind === kind) ?? false;
}
